package rollout.exporter;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.port.Progress;

/**
 * Pushes the metrics when a phase begins and when all is over, in a thread of its own: whoever
 * tells does not wait for a gateway. What is due while a push lasts is pushed once, after it.
 */
final class Pushing implements Progress, AutoCloseable {
  private final Pushgateway gateway;
  private final Supplier<String> text;
  private final Consumer<String> warn;
  private final Duration mostTimeAtEnd;
  private final Semaphore due = new Semaphore(0);
  private final Thread pusher;
  private @Nullable Phase phase;
  private volatile boolean over;
  private boolean warned;

  /**
   * Starts the thread, and the first push; it never holds up the process.
   *
   * @param warn told of the first push that failed, from whatever thread
   * @param mostTimeAtEnd how long closing waits for the last push
   */
  Pushing(
      Pushgateway gateway, Supplier<String> text, Consumer<String> warn, Duration mostTimeAtEnd) {
    this.gateway = gateway;
    this.text = text;
    this.warn = warn;
    this.mostTimeAtEnd = mostTimeAtEnd;
    this.pusher = Thread.ofPlatform().daemon().name("pushgateway").unstarted(this::push);
    pusher.start();
  }

  @Override
  public synchronized void tell(Event event) {
    if (event.type().equals(Event.RESULT)) {
      over = true;
      due.release();
    } else if (event.type().equals(Event.STEP_STARTED) && event.phase() != phase) {
      phase = event.phase();
      due.release();
    }
  }

  private void push() {
    try {
      boolean last;
      do {
        due.acquire();
        due.drainPermits();
        last = over;
        gateway.put(text.get()).ifPresent(this::warnOnce);
      } while (!last);
    } catch (InterruptedException e) {
      warnOnce("the metrics of the end were not pushed in " + mostTimeAtEnd.toMillis() + " ms");
    }
  }

  // One is enough: a gateway that is away would be told with every phase.
  private void warnOnce(String why) {
    if (!warned) {
      warned = true;
      warn.accept(why);
    }
  }

  /** Waits until the last push is over, for a short time at most. */
  @Override
  public void close() {
    if (!over) {
      over = true;
      due.release();
    }
    try {
      if (!pusher.join(mostTimeAtEnd)) {
        pusher.interrupt();
        boolean unused = pusher.join(mostTimeAtEnd);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    gateway.close();
  }
}
