package rollout.strategy;

import java.time.Duration;
import java.util.Optional;

/**
 * Where Prometheus is.
 *
 * @param url {@code http://…}, {@code https://…}, or {@code svc:NAMESPACE/NAME:PORT} through the
 *     API server's proxy
 * @param timeout of one query
 */
public record PrometheusSource(String url, Duration timeout) {
  /** The timeout of one query, unless the user says otherwise. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final String THROUGH_THE_API = "svc:";

  /** The namespace of one that is asked through the API server; empty: it is asked directly. */
  public static Optional<String> proxied(String url) {
    return url.startsWith(THROUGH_THE_API) && url.contains("/")
        ? Optional.of(url.substring(THROUGH_THE_API.length(), url.indexOf('/')))
        : Optional.empty();
  }
}
