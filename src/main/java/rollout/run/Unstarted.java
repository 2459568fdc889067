package rollout.run;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.port.Cluster;

/** Why nothing of a Job has begun yet. */
final class Unstarted {
  private static final Set<String> CANNOT_START =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  private static final Set<String> CANNOT_MOUNT = Set.of("FailedMount", "FailedAttachVolume");

  private Unstarted() {}

  /** Whether an Event says that a pod does not get its volumes. */
  static boolean cannotMount(Doc event) {
    return CANNOT_MOUNT.contains(event.textOrEmpty("reason"));
  }

  /** Why a pod does not get its volumes; only an Event tells. */
  static Optional<String> withoutVolume(Cluster cluster, Pod pod) {
    return cluster.list(Query.all(Kind.EVENT, pod.ref().namespace())).stream()
        .filter(event -> event.textOrEmpty("involvedObject", "uid").equals(pod.uid()))
        .filter(Unstarted::cannotMount)
        .map(event -> event.textOrEmpty("reason") + " (" + event.textOrEmpty("message") + ")")
        .findFirst();
  }

  /** Reason and message of the first container that cannot be made; empty: none is stuck. */
  static Optional<String> waiting(Stream<Doc> containers) {
    return containers
        .map(container -> container.doc("state", "waiting"))
        .filter(waiting -> CANNOT_START.contains(waiting.textOrEmpty("reason")))
        .map(waiting -> waiting.textOrEmpty("reason") + " (" + waiting.textOrEmpty("message") + ")")
        .findFirst();
  }

  /**
   * Why it got no pod: no quota, no such service account, no policy that allows it. Only an Event
   * tells.
   */
  static Optional<String> withoutPod(Cluster cluster, Job job) {
    return cluster.list(Query.all(Kind.EVENT, job.ref().namespace())).stream()
        .filter(event -> event.textOrEmpty("involvedObject", "uid").equals(job.uid()))
        .filter(event -> event.textOrEmpty("reason").equals("FailedCreate"))
        .map(event -> event.textOrEmpty("message"))
        .findFirst();
  }
}
