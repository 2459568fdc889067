package rollout.port;

import java.util.Optional;

/** Builds the ports of one command. */
@FunctionalInterface
public interface Connect {
  /** The ports for a cluster, telling {@code progress}. */
  Ports to(Where where, Progress progress);

  /**
   * Which cluster, and which metrics.
   *
   * @param prometheusUrl {@code http(s)://…} or {@code svc:NAMESPACE/NAME:PORT}; empty: no metrics
   * @param prometheusTimeoutMillis of one query
   */
  record Where(
      Optional<String> kubeconfig,
      Optional<String> context,
      Optional<String> namespace,
      Optional<String> prometheusUrl,
      long prometheusTimeoutMillis) {}
}
