package rollout.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rollout.model.MetricNames;

/**
 * Everything that a run needs from outside.
 *
 * @param namespace where to work when the user names none
 * @param identity who this process is, for people: {@code user@host (pid 4711)}
 * @param nonce a random word, new in each process: tells an own stamp from a foreign one of the
 *     same number
 * @param job uid of the Job that this process is a pod of; empty: none
 * @param credentialEnds until when the cluster knows this process; empty: not known, or renewed
 * @param metricNames all known exporters
 */
public record Ports(
    Cluster cluster,
    Metrics metrics,
    Time time,
    Progress progress,
    String namespace,
    String identity,
    String nonce,
    String job,
    Supplier<Optional<Instant>> credentialEnds,
    List<MetricNames> metricNames) {
  /** Copies the list. */
  public Ports {
    metricNames = List.copyOf(metricNames);
  }

  /**
   * The namespace that is meant.
   *
   * @param named by the user; empty: the usual one
   */
  public String namespace(String named) {
    return named.isEmpty() ? namespace : named;
  }

  /** The same, telling somebody else. */
  public Ports telling(Progress other) {
    return new Ports(
        cluster,
        metrics,
        time,
        other,
        namespace,
        identity,
        nonce,
        job,
        credentialEnds,
        metricNames);
  }
}
