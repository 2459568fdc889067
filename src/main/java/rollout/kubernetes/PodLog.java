package rollout.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Signal;

/**
 * One container's log, from its start to its end. One request: when the container has not begun, or
 * the stream breaks, the log has ended, and whoever wants more asks again.
 */
final class PodLog implements Cluster.Log {
  /** A container may say nothing for long; no stream is kept open for ever. */
  private static final Duration LONGEST_SILENCE = Duration.ofHours(6);

  /** Lines that nobody has taken: when there are so many, no more are read until some are. */
  private static final int MOST_WAITING = 10_000;

  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean ended;

  PodLog(Connection connection, Call call, Signal signal) {
    thread = Thread.ofVirtual().name("log").start(() -> read(connection, call, signal));
  }

  private void read(Connection connection, Call call, Signal signal) {
    try (LineStream lines = connection.open(call)) {
      for (Optional<String> line = first(lines);
          line.isPresent();
          line = lines.next(LONGEST_SILENCE)) {
        waiting.put(line.get());
        signal.raise();
      }
    } catch (ClusterException | IOException e) {
      // no log, or no more of it: ended says so
    } catch (InterruptedException e) {
      // closed
    } finally {
      ended = true;
      signal.raise();
    }
  }

  private static Optional<String> first(LineStream lines) throws InterruptedException, IOException {
    return lines.status() == 200 ? lines.next(LONGEST_SILENCE) : Optional.empty();
  }

  @Override
  public List<String> take() {
    List<String> lines = new ArrayList<>();
    waiting.drainTo(lines);
    return List.copyOf(lines);
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
