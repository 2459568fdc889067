package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Deletes as the API server and its garbage collector do: dependents first, the object last. */
final class Garbage {
  private static final String FOREGROUND = "foregroundDeletion";

  private final Store store;
  private final VirtualTime time;
  private final Work work;

  Garbage(Store store, VirtualTime time, Dice dice) {
    this.store = store;
    this.time = time;
    this.work = new Work(time, dice, 2, 20, this::look);
    store.watch(this::changed);
  }

  /** Begins a deletion in the foreground; a pod's is a graceful end. */
  void delete(Ref ref) {
    @Nullable Doc there = store.get(ref);
    if (there == null || Meta.deleting(there)) {
      return;
    }
    if (ref.kind().equals(Kind.POD)) {
      long grace = there.number(30, "spec", "terminationGracePeriodSeconds");
      store.edit(ref, pod -> marked(pod).with(grace, "metadata", "deletionGracePeriodSeconds"));
      return;
    }
    List<@Nullable Object> finalizers = new ArrayList<>(there.textList("metadata", "finalizers"));
    finalizers.add(FOREGROUND);
    store.edit(ref, object -> marked(object).with(finalizers, "metadata", "finalizers"));
    work.soon(ref);
  }

  private Doc marked(Doc object) {
    return object.with(Meta.time(time.now()), "metadata", "deletionTimestamp");
  }

  private void changed(Store.Change change) {
    if (change.after() == null) {
      for (String uid : Meta.ownerUids(change.object())) {
        @Nullable Ref owner = store.byUid(uid);
        if (owner != null) {
          work.soon(owner);
        }
      }
    }
  }

  /** Whoever takes the last finalizer off an object that is to go lets it go. */
  void finalizersChanged(Ref ref) {
    @Nullable Doc object = store.get(ref);
    if (object != null
        && Meta.deleting(object)
        && !ref.kind().equals(Kind.POD)
        && object.textList("metadata", "finalizers").isEmpty()) {
      store.remove(ref);
    }
  }

  private void look(Ref ref) {
    @Nullable Doc object = store.get(ref);
    if (object == null || !object.textList("metadata", "finalizers").contains(FOREGROUND)) {
      return;
    }
    List<Ref> dependents = store.owned(Meta.uid(object));
    if (!dependents.isEmpty()) {
      dependents.forEach(this::delete);
      return;
    }
    List<String> others = new ArrayList<>(object.textList("metadata", "finalizers"));
    others.remove(FOREGROUND);
    store.edit(ref, there -> there.with(others, "metadata", "finalizers"));
    finalizersChanged(ref);
  }
}
