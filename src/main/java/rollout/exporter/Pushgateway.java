package rollout.exporter;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One group of metrics on a Pushgateway, replaced whole with each put.
 *
 * <p>Not by the library's own exporter: that has no limit for the whole of an answer, so that a
 * gateway which hangs would hold a thread for as long as it likes, and what it throws has the URL
 * in its message, login and all.
 */
final class Pushgateway implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final URI group;
  private final Optional<String> login;
  private final String shown;
  private final Duration timeout;

  /**
   * A group of a gateway.
   *
   * @param base the gateway's own URL; a user and a password in it become a header
   * @param timeout of a put, until its answer is there
   */
  Pushgateway(URI base, About about, Duration timeout) {
    String port = base.getPort() < 0 ? "" : ":" + base.getPort();
    String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    this.shown = base.getScheme() + "://" + base.getHost() + port + path;
    this.group =
        URI.create(
            shown
                + "/metrics/job/rollout/namespace/"
                + encoded(about.namespace())
                + "/target/"
                + encoded(about.target()));
    this.login = Optional.ofNullable(base.getUserInfo()).map(Pushgateway::basic);
    this.timeout = timeout;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String basic(String user) {
    String pair = user.contains(":") ? user : user + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Puts the group there.
   *
   * @param text in Prometheus' text format
   * @return what went wrong, for people and without any login; empty: nothing
   */
  Optional<String> put(String text) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(group)
            .timeout(timeout)
            .header("Content-Type", Instruments.CONTENT_TYPE)
            .PUT(HttpRequest.BodyPublishers.ofString(text));
    login.ifPresent(value -> request.header("Authorization", value));
    // The request's own limit ends with the head of the answer; the body may still hang.
    CompletableFuture<HttpResponse<Void>> coming =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      int status = coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      return status >= 200 && status < 300 ? Optional.empty() : failed("HTTP " + status);
    } catch (TimeoutException e) {
      return failed("no answer in " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      // Only its kind: nobody knows what is in a library's message.
      return failed(
          e.getCause() instanceof HttpTimeoutException
              ? "no answer in " + timeout.toMillis() + " ms"
              : "no connection");
    } finally {
      coming.cancel(true);
    }
  }

  private Optional<String> failed(String why) {
    return Optional.of("the Pushgateway at " + shown + " did not take the metrics: " + why);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
