package rollout.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Makes and scales the ReplicaSets of Deployments. */
final class DeploymentController {
  static final String REVISION = "deployment.kubernetes.io/revision";

  private final Store store;
  private final Work work;
  private final TemplateHash hashes = new TemplateHash();
  private final DeploymentStatus status;

  DeploymentController(Store store, VirtualTime time, Dice dice) {
    this.store = store;
    this.work = new Work(time, dice, 3, 25, this::look);
    this.status = new DeploymentStatus(store, time);
  }

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
  }

  private void changed(Store.Change change) {
    if (change.ref().kind().equals(Kind.DEPLOYMENT)) {
      work.soon(change.ref());
    } else if (change.ref().kind().equals(Kind.REPLICA_SET)) {
      @Nullable Ref owner = store.byUid(Meta.controllerUid(change.object()));
      if (owner != null) {
        work.soon(owner);
      }
    } else if (change.ref().kind().equals(Kind.POD) && change.after() == null) {
      podGone(change.object());
    }
  }

  /** Recreate waits for the last old pod to go. */
  private void podGone(Doc pod) {
    @Nullable Ref set = store.byUid(Meta.controllerUid(pod));
    @Nullable Doc there = set == null ? null : store.get(set);
    @Nullable Ref owner = there == null ? null : store.byUid(Meta.controllerUid(there));
    if (owner != null && owner.kind().equals(Kind.DEPLOYMENT)) {
      work.soon(owner);
    }
  }

  private void look(Ref ref) {
    @Nullable Doc deployment = store.get(ref);
    if (deployment == null || Meta.deleting(deployment)) {
      return;
    }
    String hash = hashes.of(deployment);
    if (deployment.isTrue("spec", "paused")) {
      new Scaling(store, deployment, sets(deployment), current(deployment, hash)).paused();
    } else if (deployment.textOrEmpty("spec", "strategy", "type").equals("Recreate")) {
      recreate(deployment, hash);
    } else {
      Doc current = ensureCurrent(deployment, hash, true);
      new Scaling(store, deployment, sets(deployment), current).rolling();
    }
    @Nullable Doc after = store.get(ref);
    if (after != null) {
      status.update(after, sets(after), current(after, hash));
      cleanUp(after, hash);
    }
  }

  private void recreate(Doc deployment, String hash) {
    boolean oldPods = false;
    for (Doc set : sets(deployment)) {
      if (!hash.equals(set.textOrEmpty("metadata", "labels", TemplateHash.LABEL))) {
        Scaling.scale(store, set, 0);
        oldPods |= !store.owned(Meta.uid(set), Kind.POD).isEmpty();
      }
    }
    if (!oldPods) {
      Scaling.scale(
          store, ensureCurrent(deployment, hash, false), deployment.number(1, "spec", "replicas"));
    }
  }

  private List<Doc> sets(Doc deployment) {
    List<Doc> sets = new ArrayList<>(store.owned(Meta.uid(deployment), Kind.REPLICA_SET));
    sets.sort(Comparator.comparingLong(DeploymentController::revision));
    return sets;
  }

  private @Nullable Doc current(Doc deployment, String hash) {
    for (Doc set : sets(deployment)) {
      if (hash.equals(set.textOrEmpty("metadata", "labels", TemplateHash.LABEL))) {
        return set;
      }
    }
    return null;
  }

  static long revision(Doc object) {
    String text = object.textOrEmpty("metadata", "annotations", REVISION);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private Doc ensureCurrent(Doc deployment, String hash, boolean rolling) {
    List<Doc> sets = sets(deployment);
    @Nullable Doc there = current(deployment, hash);
    long highest = sets.isEmpty() ? 0 : revision(sets.getLast());
    Doc current;
    if (there == null) {
      long first = rolling ? new Scaling(store, deployment, sets, null).firstSize() : 0;
      Doc set = replicaSet(deployment, hash, first, highest + 1);
      current = store.add(Kind.REPLICA_SET, store.born(Kind.REPLICA_SET, set));
    } else if (revision(there) < highest) {
      current = stamp(Ref.to(Kind.REPLICA_SET, there), highest + 1, there);
    } else {
      current = there;
    }
    if (revision(deployment) != revision(current)) {
      stamp(Ref.to(Kind.DEPLOYMENT, deployment), revision(current), deployment);
    }
    return current;
  }

  private Doc stamp(Ref ref, long revision, Doc fallback) {
    @Nullable Doc stamped =
        store.edit(
            ref,
            object -> object.with(Long.toString(revision), "metadata", "annotations", REVISION));
    return stamped == null ? fallback : stamped;
  }

  private static Doc replicaSet(Doc deployment, String hash, long replicas, long revision) {
    Doc template =
        deployment.doc("spec", "template").with(hash, "metadata", "labels", TemplateHash.LABEL);
    Doc metadata =
        Doc.of(
            "name",
            Meta.name(deployment) + "-" + hash,
            "namespace",
            Meta.namespace(deployment),
            "labels",
            template.doc("metadata", "labels"),
            "annotations",
            Doc.of(REVISION, Long.toString(revision)),
            "ownerReferences",
            List.of(Meta.ownerReference(Kind.DEPLOYMENT, deployment)));
    Doc spec =
        Doc.of(
            "replicas",
            replicas,
            "selector",
            deployment.doc("spec", "selector").with(hash, "matchLabels", TemplateHash.LABEL),
            "template",
            template);
    if (deployment.has("spec", "minReadySeconds")) {
      spec = spec.with(deployment.number(0, "spec", "minReadySeconds"), "minReadySeconds");
    }
    return Doc.of(
        "apiVersion", "apps/v1", "kind", "ReplicaSet", "metadata", metadata, "spec", spec);
  }

  /** Old ReplicaSets beyond the limit go, once the rollout is complete. */
  private void cleanUp(Doc deployment, String hash) {
    if (!DeploymentStatus.complete(deployment)) {
      return;
    }
    List<Doc> old = new ArrayList<>();
    for (Doc set : sets(deployment)) {
      boolean idle =
          set.number(0, "spec", "replicas") == 0 && set.number(0, "status", "replicas") == 0;
      if (idle && !hash.equals(set.textOrEmpty("metadata", "labels", TemplateHash.LABEL))) {
        old.add(set);
      }
    }
    long limit = deployment.number(10, "spec", "revisionHistoryLimit");
    for (int i = 0; i < old.size() - limit; i++) {
      store.remove(Ref.to(Kind.REPLICA_SET, old.get(i)));
    }
  }
}
