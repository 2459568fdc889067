package rollout.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import javax.net.ssl.SSLHandshakeException;
import rollout.model.Durations;
import rollout.strategy.Subscriber;

/** Sends one message once. */
final class Post implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MOST_DIGITS = 9;
  private final Duration timeout;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          // A redirect could lead the headers, which are secrets, to another server.
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param timeout until an answer begins
   * @param clock for servers that say until when they want to be left alone
   */
  Post(Duration timeout, InstantSource clock) {
    this.timeout = timeout;
    this.clock = clock;
  }

  Answer send(Recipient to, Subscriber.Form form, Notice notice) throws InterruptedException {
    try {
      HttpResponse<InputStream> response =
          client.send(request(to, form, notice), HttpResponse.BodyHandlers.ofInputStream());
      // Nothing in it is of use, and one that never ends must not hold us.
      response.body().close();
      return answer(response);
    } catch (HttpTimeoutException e) {
      return away("no answer in " + Durations.text(timeout));
    } catch (ConnectException e) {
      return away("no connection");
    } catch (SSLHandshakeException e) {
      return new Answer.Refused("its certificate is not trusted, or it speaks no TLS");
    } catch (IOException e) {
      return away("the connection broke");
    }
  }

  private HttpRequest request(Recipient to, Subscriber.Form form, Notice notice) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to.url()).timeout(timeout).header("User-Agent", "rollout");
    to.headers().forEach(header -> request.setHeader(header.name(), header.value()));
    return switch (form) {
      case CLOUD_EVENT -> with(request, CloudEvent.CONTENT_TYPE, CloudEvent.json(notice));
      case SLACK -> with(request, SlackMessage.CONTENT_TYPE, SlackMessage.json(notice));
    };
  }

  private static HttpRequest with(HttpRequest.Builder request, String type, String body) {
    return request
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private Answer answer(HttpResponse<?> response) {
    int status = response.statusCode();
    String why = "HTTP " + status;
    if (status / 100 == 2) {
      return new Answer.Taken();
    }
    boolean passes = status / 100 == 5 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    return passes
        ? new Answer.Away(
            why, response.headers().firstValue("Retry-After").map(this::wait).orElse(Duration.ZERO))
        : new Answer.Refused(why);
  }

  /** Seconds, or a date. */
  private Duration wait(String retryAfter) {
    String text = retryAfter.strip();
    if (text.matches("[0-9]{1," + MOST_DIGITS + "}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static Answer away(String why) {
    return new Answer.Away(why, Duration.ZERO);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
