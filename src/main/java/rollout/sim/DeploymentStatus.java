package rollout.sim;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** What the Deployment controller says about a Deployment. */
final class DeploymentStatus {
  private final Store store;
  private final VirtualTime time;

  DeploymentStatus(Store store, VirtualTime time) {
    this.store = store;
    this.time = time;
  }

  /** Whether the newest template has all pods, and no other has any. */
  static boolean complete(Doc deployment) {
    long wanted = deployment.number(1, "spec", "replicas");
    return deployment.number(0, "status", "updatedReplicas") == wanted
        && deployment.number(0, "status", "replicas") == wanted
        && deployment.number(0, "status", "availableReplicas") == wanted
        && deployment.number(0, "status", "observedGeneration")
            >= deployment.number(0, "metadata", "generation");
  }

  void update(Doc deployment, List<Doc> sets, @Nullable Doc current) {
    long wanted = deployment.number(1, "spec", "replicas");
    long available = sum(sets, set -> set.number(0, "status", "availableReplicas"));
    Doc status = Doc.EMPTY;
    status = status.with(deployment.number(0, "metadata", "generation"), "observedGeneration");
    status = counted(status, "replicas", sum(sets, set -> set.number(0, "status", "replicas")));
    status =
        counted(
            status,
            "updatedReplicas",
            current == null ? 0 : current.number(0, "status", "replicas"));
    status =
        counted(
            status, "readyReplicas", sum(sets, set -> set.number(0, "status", "readyReplicas")));
    status = counted(status, "availableReplicas", available);
    status = counted(status, "unavailableReplicas", Math.max(0, wanted - available));
    if (deployment.has("status", "conditions")) {
      status = status.with(deployment.value("status", "conditions"), "conditions");
    }
    Doc judged = progressing(deployment, status, availability(deployment, status, available));
    store.edit(Ref.to(Kind.DEPLOYMENT, deployment), object -> object.with(judged, "status"));
  }

  private Doc availability(Doc deployment, Doc status, long available) {
    long least = deployment.number(1, "spec", "replicas") - Scaling.maxUnavailable(deployment);
    boolean enough = available >= least;
    return Conditions.with(
        status,
        "Available",
        enough ? "True" : "False",
        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        "",
        time.now());
  }

  private Doc progressing(Doc deployment, Doc bare, Doc status) {
    if (deployment.isTrue("spec", "paused")) {
      return Conditions.with(
          status, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", time.now());
    }
    boolean done = complete(deployment.with(bare, "status"));
    return Conditions.with(
        status,
        "Progressing",
        "True",
        done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
        "",
        time.now());
  }

  /** The API server leaves zeros out. */
  static Doc counted(Doc status, String field, long count) {
    return count == 0 ? status : status.with((int) count, field);
  }

  private static long sum(List<Doc> sets, ToLongFunction<Doc> count) {
    return sets.stream().mapToLong(count).sum();
  }
}
