package rollout.port;

import java.util.List;
import rollout.model.MetricNames;

/**
 * Everything that a run needs from outside.
 *
 * @param namespace where to work when the user names none
 * @param identity who this process is, for people: {@code user@host (pid 4711)}
 * @param nonce a random word, new in each process: tells an own stamp from a foreign one of the
 *     same number
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
    List<MetricNames> metricNames) {
  /** Copies the list. */
  public Ports {
    metricNames = List.copyOf(metricNames);
  }
}
