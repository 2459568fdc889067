package rollout.sim;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.model.Kind;
import rollout.model.Ref;

/** What can happen to a pod. A name that no pod has is an {@link IllegalArgumentException}. */
public final class Mishaps {
  private final Kubelet kubelet;

  Mishaps(Kubelet kubelet) {
    this.kubelet = kubelet;
  }

  private PodRun pod(String name) {
    @Nullable PodRun pod = kubelet.pod(new Ref(Kind.POD, World.NAMESPACE, name));
    return Optional.ofNullable(pod)
        .orElseThrow(() -> new IllegalArgumentException("no pod " + name));
  }

  /** Its first container ends with this code and reason, and is started again. */
  public void crash(String pod, int exitCode, String reason) {
    PodRun run = pod(pod);
    kubelet.crash(run, run.containers.getFirst(), exitCode, reason);
  }

  /** Its node takes it away: the pod fails with reason Evicted. */
  public void evict(String pod) {
    kubelet.evict(pod(pod));
  }

  /** Its readiness probe fails. */
  public void unready(String pod) {
    kubelet.probe(pod(pod), false);
  }

  /** Its readiness probe passes again. */
  public void readyAgain(String pod) {
    kubelet.probe(pod(pod), true);
  }
}
