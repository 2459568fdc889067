package rollout.core;

import java.time.Instant;
import java.util.List;

/**
 * Whom a check is about. The versions are told apart by their pods and, while a router divides the
 * requests, by their Services.
 *
 * @param candidate name of the candidate's Deployment
 * @param stable name of the stable Deployment; empty in a first release
 * @param candidatePods names of the candidate's ready pods, as the API server lists them
 * @param stablePods names of the stable version's ready pods
 * @param candidateService the Service that the candidate's requests come to; the same as stable's:
 *     both versions are behind one, or the one that is judged is stable
 * @param stableService the Service that stable's requests come to
 * @param since when the candidate began to get traffic; what it did before is not judged
 */
public record Subject(
    String namespace,
    String candidate,
    String stable,
    List<String> candidatePods,
    List<String> stablePods,
    String candidateService,
    String stableService,
    Instant since) {
  /** Copies the lists. */
  public Subject {
    candidatePods = List.copyOf(candidatePods);
    stablePods = List.copyOf(stablePods);
  }

  /** Of versions whose requests are counted by their pods, whatever Service they come to. */
  public Subject(
      String namespace,
      String candidate,
      String stable,
      List<String> candidatePods,
      List<String> stablePods,
      Instant since) {
    this(namespace, candidate, stable, candidatePods, stablePods, "", "", since);
  }

  /** The same, where nobody expects that each pod is heard of. */
  Subject withoutPods() {
    return new Subject(
        namespace, candidate, stable, List.of(), List.of(), candidateService, stableService, since);
  }
}
