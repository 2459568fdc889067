package rollout.prometheus;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import rollout.model.Durations;

/** Prometheus at a URL. */
final class DirectTransport implements Transport {
  /** An answer larger than this, unzipped, is refused. */
  static final int BODY_LIMIT_BYTES = 16 * 1024 * 1024;

  private final URI query;
  private final Duration timeout;
  private final Credentials credentials;
  private final HttpClient client;

  DirectTransport(Address.Direct address, Duration timeout, Map<String, String> environment) {
    this.query = URI.create(address.base() + "/api/v1/query");
    this.timeout = timeout;
    this.credentials = new Credentials(environment, address.login());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER);
    Tls.context(environment).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  @Override
  public Round begin() {
    return new HeadersRound(credentials.headers());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private final class HeadersRound implements Round {
    private final Credentials.Headers headers;

    HeadersRound(Credentials.Headers headers) {
      this.headers = headers;
    }

    @Override
    public Reply send(String promql, Instant at) throws IOException, InterruptedException {
      try {
        HttpResponse<InputStream> response =
            client.send(request(promql, at), HttpResponse.BodyHandlers.ofInputStream());
        return new Reply(response.statusCode(), body(response));
      } catch (HttpConnectTimeoutException e) {
        throw new IOException("no connection to " + query.getAuthority() + " in time", e);
      } catch (HttpTimeoutException e) {
        throw new IOException("no answer in " + Durations.text(timeout), e);
      } catch (ConnectException e) {
        throw new IOException("cannot connect to " + query.getAuthority(), e);
      } catch (SSLException e) {
        throw new IOException("TLS with " + query.getAuthority() + ": " + e.getMessage(), e);
      }
    }

    private HttpRequest request(String promql, Instant at) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(query)
              .timeout(timeout)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Accept", "application/json")
              .header("Accept-Encoding", "gzip")
              .POST(HttpRequest.BodyPublishers.ofString(form(promql, at, timeout)));
      headers.headers().forEach(header -> request.setHeader(header.name(), header.value()));
      return request.build();
    }

    @Override
    public String hide(String text) {
      return headers.hide(text);
    }
  }

  /** The parameters of an instant query, encoded. */
  static String form(String promql, Instant at, Duration timeout) {
    return "query=%s&time=%d.%03d&timeout=%s"
        .formatted(
            URLEncoder.encode(promql, StandardCharsets.UTF_8),
            at.getEpochSecond(),
            at.getNano() / 1_000_000,
            Durations.text(timeout));
  }

  private static String body(HttpResponse<InputStream> response) throws IOException {
    boolean zipped =
        response.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    try (InputStream raw = response.body();
        InputStream plain = zipped ? new GZIPInputStream(raw) : raw) {
      byte[] bytes = plain.readNBytes(BODY_LIMIT_BYTES + 1);
      if (bytes.length > BODY_LIMIT_BYTES) {
        throw new IOException("the answer is larger than 16 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
