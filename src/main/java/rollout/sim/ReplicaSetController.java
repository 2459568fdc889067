package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Makes and ends the pods of ReplicaSets. */
final class ReplicaSetController {
  private static final long QUOTA_RETRY_MILLIS = 5_000;

  private final Store store;
  private final VirtualTime time;
  private final Garbage garbage;
  private final PodMaker pods;
  private final Work work;

  ReplicaSetController(Store store, VirtualTime time, Dice dice, Garbage garbage, PodMaker pods) {
    this.store = store;
    this.time = time;
    this.garbage = garbage;
    this.pods = pods;
    this.work = new Work(time, dice, 3, 25, this::look);
  }

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
  }

  private void changed(Store.Change change) {
    if (change.ref().kind().equals(Kind.REPLICA_SET)) {
      work.soon(change.ref());
    } else if (change.ref().kind().equals(Kind.POD)) {
      String uid = Meta.controllerUid(change.object());
      @Nullable Ref owner = store.byUid(uid);
      if (owner != null && owner.kind().equals(Kind.REPLICA_SET)) {
        work.soon(owner);
      } else if (uid.isEmpty() && change.after() != null && !Meta.deleting(change.after())) {
        adopt(change.ref(), change.after());
      }
    }
  }

  /** A pod without a controller belongs to whoever selects it. */
  private void adopt(Ref pod, Doc there) {
    for (Doc set : store.list(Kind.REPLICA_SET, pod.namespace())) {
      if (!Meta.deleting(set)
          && Meta.selects(set.texts("spec", "selector", "matchLabels"), there)) {
        Doc owner = Meta.ownerReference(Kind.REPLICA_SET, set);
        time.after(
            5,
            () ->
                store.edit(
                    pod, object -> object.with(List.of(owner), "metadata", "ownerReferences")));
        return;
      }
    }
  }

  private void look(Ref ref) {
    @Nullable Doc set = store.get(ref);
    if (set == null) {
      return;
    }
    List<Doc> active = active(set);
    String refused = "";
    if (!Meta.deleting(set)) {
      long missing = set.number(1, "spec", "replicas") - active.size();
      if (missing > 0) {
        refused = create(set, missing);
      } else if (missing < 0) {
        end(active, -missing);
      }
    }
    status(ref, set, refused);
    if (!refused.isEmpty()) {
      work.later(ref, QUOTA_RETRY_MILLIS);
    }
  }

  private List<Doc> active(Doc set) {
    List<Doc> active = new ArrayList<>();
    for (Doc pod : store.owned(Meta.uid(set), Kind.POD)) {
      String phase = pod.textOrEmpty("status", "phase");
      if (!Meta.deleting(pod) && !phase.equals("Failed") && !phase.equals("Succeeded")) {
        active.add(pod);
      }
    }
    return active;
  }

  private String create(Doc set, long count) {
    for (long i = 0; i < count; i++) {
      String refused =
          pods.create(Kind.REPLICA_SET, set, set.doc("spec", "template"), Meta.name(set) + "-");
      if (!refused.isEmpty()) {
        return refused;
      }
    }
    return "";
  }

  /** Those that are not ready go first, then the youngest. */
  private void end(List<Doc> active, long count) {
    List<Doc> order = new ArrayList<>(active);
    order.sort(
        Comparator.<Doc, Boolean>comparing(pod -> Conditions.isTrue(pod, "Ready"))
            .thenComparing(
                pod -> pod.textOrEmpty("metadata", "creationTimestamp"), Comparator.reverseOrder())
            .thenComparing(Meta::name));
    order.stream().limit(count).forEach(pod -> garbage.delete(Ref.to(Kind.POD, pod)));
  }

  private void status(Ref ref, Doc set, String refused) {
    List<Doc> active = active(set);
    long least = set.number(0, "spec", "minReadySeconds") * 1000;
    long ready = 0;
    long available = 0;
    for (Doc pod : active) {
      if (Conditions.isTrue(pod, "Ready")) {
        ready++;
        long still = least - readyFor(pod);
        available += still <= 0 ? 1 : 0;
        if (still > 0) {
          work.later(ref, still);
        }
      }
    }
    Doc status = Doc.of("replicas", active.size());
    status = DeploymentStatus.counted(status, "fullyLabeledReplicas", active.size());
    status = DeploymentStatus.counted(status, "readyReplicas", ready);
    status = DeploymentStatus.counted(status, "availableReplicas", available);
    status = status.with(set.number(0, "metadata", "generation"), "observedGeneration");
    if (!refused.isEmpty()) {
      status =
          Conditions.with(status, "ReplicaFailure", "True", "FailedCreate", refused, time.now());
    }
    Doc said = status;
    store.edit(ref, object -> object.with(said, "status"));
  }

  private long readyFor(Doc pod) {
    for (Doc condition : pod.docs("status", "conditions")) {
      if (condition.textOrEmpty("type").equals("Ready")) {
        Instant since = Instant.parse(condition.textOrEmpty("lastTransitionTime"));
        return Duration.between(since, time.now()).toMillis();
      }
    }
    return 0;
  }
}
