package rollout.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;

/**
 * The objects that a release makes, whole. Only the process that began the release has them;
 * whoever takes over finds them in the cluster.
 *
 * @param deployment the copy, or the first Deployment of an install; with {@code replicas: 0}
 * @param jobs suspended
 * @param service of a first release; the last thing to be made
 * @param preview when the program makes it
 * @param others of a first release: everything else in the manifests, made first
 */
public record Materials(
    Optional<Doc> deployment,
    Map<JobRole, Doc> jobs,
    Optional<Doc> service,
    Optional<Doc> preview,
    List<Doc> others) {
  /** Copies both collections. */
  public Materials {
    jobs = Map.copyOf(jobs);
    others = List.copyOf(others);
  }

  /** Nothing at hand. */
  public static final Materials NONE =
      new Materials(Optional.empty(), Map.of(), Optional.empty(), Optional.empty(), List.of());
}
