package rollout.strategy;

import java.time.Duration;

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
}
