package rollout.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import rollout.port.ClusterException;

/**
 * Requests to one API server, by a client of fabric8 that never sends anything twice: trying a read
 * again is done here, where Retry-After is kept.
 */
final class Connection implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int READ_TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final int LARGEST_ANSWER_BYTES = 128 << 20;

  private final HttpClient http;
  private final String address;
  private final Duration timeout;
  private final Requests requests;

  /**
   * A connection.
   *
   * @param http must not retry
   * @param address without a slash at its end
   * @param timeout of a request, until its answer is whole
   * @param requests told of each
   */
  Connection(HttpClient http, String address, Duration timeout, Requests requests) {
    this.http = http;
    this.address = address;
    this.timeout = timeout;
    this.requests = requests;
  }

  /** Sends once within the usual time, and gives whatever answer comes. */
  Answer once(Call call) {
    return once(call, timeout);
  }

  /** Sends once, and gives whatever answer comes; none: {@link ClusterException.Unknown}. */
  Answer once(Call call, Duration timeout) {
    AtomicReference<@Nullable AsyncBody> open = new AtomicReference<>();
    Collected collected = new Collected();
    try {
      HttpRequest request =
          request(call).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS).build();
      // join, not get: an interrupted thread still has to learn what became of its write
      Answer answer =
          http.consumeBytes(request, collected)
              .thenCompose(response -> answer(response, open, collected))
              .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .join();
      answered(call, answer.status());
      return answer;
    } catch (CompletionException e) {
      Optional.ofNullable(open.get()).ifPresent(AsyncBody::cancel);
      throw unanswered(call, timeout, e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      throw unanswered(call, timeout, e);
    }
  }

  private static CompletableFuture<Answer> answer(
      HttpResponse<AsyncBody> response,
      AtomicReference<@Nullable AsyncBody> open,
      Collected collected) {
    AsyncBody body = response.body();
    open.set(body);
    body.consume();
    return body.done()
        .thenApply(
            done -> new Answer(response.code(), header(response, "Retry-After"), collected.text()));
  }

  /** A read, tried again a few times when the server is busy or the connection breaks. */
  Answer read(Call call) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < READ_TRIES; i++) {
      try {
        Answer answer = once(call);
        if (!answer.isBusy()) {
          return answer;
        }
        pause(
            answer.refusal(call) instanceof ClusterException.Busy busy
                ? longer(pause, busy)
                : pause);
      } catch (ClusterException.Unknown e) {
        // a server that hangs is not asked again: whoever waits for the answer has waited enough
        if (!(e.getCause() instanceof IOException)) {
          throw e;
        }
        pause(pause);
      }
      pause = pause.multipliedBy(2);
    }
    return once(call);
  }

  private static Duration longer(Duration pause, ClusterException.Busy busy) {
    Duration asked = busy.retryAfter();
    Duration wanted = asked.compareTo(pause) > 0 ? asked : pause;
    return wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException.Unknown("interrupted", e);
    }
  }

  /** Opens an answer, whatever its status, that is read line by line as it comes. */
  LineStream open(Call call) {
    LineStream lines = new LineStream();
    CompletableFuture<HttpResponse<AsyncBody>> coming =
        http.consumeBytes(request(call).forStreaming().build(), lines);
    try {
      HttpResponse<AsyncBody> response =
          coming.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).join();
      answered(call, response.code());
      lines.reads(response);
      return lines;
    } catch (CompletionException e) {
      coming.cancel(false);
      throw unanswered(call, timeout, e.getCause() == null ? e : e.getCause());
    }
  }

  private void answered(Call call, int status) {
    requests.ended(call.roleVerb(), Integer.toString(status));
  }

  private HttpRequest.Builder request(Call call) {
    HttpRequest.Builder request = http.newHttpRequestBuilder().uri(address + call.path());
    request.header("Accept", call.accept()).header("User-Agent", "rollout");
    return call.body() == null
        ? request
        : request.method(call.verb(), call.contentType(), call.body());
  }

  static String header(HttpResponse<?> response, String name) {
    List<String> values = response.headers(name);
    return values.isEmpty() ? "" : values.getFirst();
  }

  // Only the kind of failure is said: what an exception of a library has in its message is not
  // known, and no secret may be in ours.
  private ClusterException unanswered(Call call, Duration timeout, Throwable cause) {
    requests.ended(call.roleVerb(), Requests.NO_ANSWER);
    if (cause instanceof ClusterException said) {
      return said;
    }
    boolean isLate =
        cause instanceof TimeoutException || cause.getClass().getSimpleName().contains("Timeout");
    String why = isLate ? "no answer in " + timeout.toMillis() + " ms" : Failures.say(cause);
    return new ClusterException.Unknown(
        call + " at " + address + ": " + why, isLate ? null : cause);
  }

  @Override
  public void close() {
    http.close();
  }

  /** The bytes of an answer. */
  private static final class Collected implements AsyncBody.Consumer<List<ByteBuffer>> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody body) throws IOException {
      for (ByteBuffer buffer : buffers) {
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        bytes.writeBytes(chunk);
      }
      if (bytes.size() > LARGEST_ANSWER_BYTES) {
        throw new IOException("the answer is larger than " + LARGEST_ANSWER_BYTES + " bytes");
      }
      body.consume();
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
