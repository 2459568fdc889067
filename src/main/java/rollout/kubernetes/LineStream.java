package rollout.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The lines of an answer that goes on and on. One thread reads. */
final class LineStream implements AsyncBody.Consumer<List<ByteBuffer>>, AutoCloseable {
  private static final int LONGEST_LINE_BYTES = 32 << 20;

  private final BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private final Deque<String> lines = new ArrayDeque<>();
  private volatile @Nullable AsyncBody body;
  private int status;
  private String retryAfter = "";
  private boolean ended;

  /** Some bytes; null: the end. */
  private record Chunk(byte @Nullable [] bytes) {}

  void reads(HttpResponse<AsyncBody> response) {
    AsyncBody opened = response.body();
    status = response.code();
    retryAfter = Connection.header(response, "Retry-After");
    body = opened;
    var unused = opened.done().whenComplete((done, failure) -> chunks.add(new Chunk(null)));
    opened.consume();
  }

  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody from) {
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      chunks.add(new Chunk(bytes));
    }
  }

  /**
   * The next line; empty when the stream has ended, whether in order or not, or when nothing at all
   * came for so long.
   */
  Optional<String> next(Duration silence) throws InterruptedException, IOException {
    while (lines.isEmpty() && !ended) {
      Chunk chunk = chunks.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      byte @Nullable [] bytes = chunk == null ? null : chunk.bytes();
      if (bytes == null) {
        ended = true;
        lastLine();
      } else {
        split(bytes);
        AsyncBody from = body;
        if (from != null && chunks.isEmpty()) {
          from.consume();
        }
      }
    }
    return Optional.ofNullable(lines.poll());
  }

  private void split(byte[] bytes) throws IOException {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        begun.write(bytes, start, i - start);
        lines.add(begun.toString(StandardCharsets.UTF_8));
        begun.reset();
        start = i + 1;
      }
    }
    begun.write(bytes, start, bytes.length - start);
    if (begun.size() > LONGEST_LINE_BYTES) {
      throw new IOException("a line is longer than " + LONGEST_LINE_BYTES + " bytes");
    }
  }

  private void lastLine() {
    if (begun.size() > 0) {
      lines.add(begun.toString(StandardCharsets.UTF_8));
      begun.reset();
    }
  }

  /** The status with which the answer began. */
  int status() {
    return status;
  }

  /** The answer as a whole, for one that ends. */
  Answer answer() {
    return new Answer(status, retryAfter, rest(Connection.TIMEOUT));
  }

  private String rest(Duration silence) {
    StringBuilder text = new StringBuilder();
    try {
      for (Optional<String> line = next(silence); line.isPresent(); line = next(silence)) {
        text.append(line.get()).append('\n');
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      return "";
    }
    return text.toString();
  }

  @Override
  public void close() {
    AsyncBody from = body;
    if (from != null) {
      from.cancel();
    }
  }
}
