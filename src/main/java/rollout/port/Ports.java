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

  /** The same program as a pod of a Job. */
  public Ports ofJob(String uid) {
    return new Ports(
        cluster,
        metrics,
        time,
        progress,
        namespace,
        identity,
        nonce,
        uid,
        credentialEnds,
        metricNames);
  }

  /** The same program, known to the cluster until then only. */
  public Ports knownUntil(Instant end) {
    return new Ports(
        cluster,
        metrics,
        time,
        progress,
        namespace,
        identity,
        nonce,
        job,
        () -> Optional.of(end),
        metricNames);
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
