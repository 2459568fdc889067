package rollout.core;

import java.time.Instant;
import java.util.List;

/**
 * Whom a check is about.
 *
 * @param candidate name of the candidate's Deployment
 * @param stable name of the stable Deployment; empty in a first release
 * @param candidatePods names of the candidate's ready pods, as the API server lists them
 * @param stablePods names of the stable version's ready pods
 * @param since when the candidate began to get traffic; what it did before is not judged
 */
public record Subject(
    String namespace,
    String candidate,
    String stable,
    List<String> candidatePods,
    List<String> stablePods,
    Instant since) {
  /** Copies the lists. */
  public Subject {
    candidatePods = List.copyOf(candidatePods);
    stablePods = List.copyOf(stablePods);
  }
}
