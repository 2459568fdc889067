package rollout.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;

/** The objects, as the API server stores them, and who is told when one changes. */
final class Store implements Objects {
  /** Kinds whose generation goes up when their spec changes. */
  private static final Set<Kind> GENERATED =
      union(
          Set.of(
              Kind.DEPLOYMENT,
              Kind.REPLICA_SET,
              Kind.STATEFUL_SET,
              Kind.DAEMON_SET,
              Kind.CRON_JOB,
              Kind.JOB,
              Kind.AUTOSCALER,
              Kind.SCALED_OBJECT,
              Kind.DISRUPTION_BUDGET),
          RouteKinds.WITH_STATUS,
          RouteKinds.WITHOUT_STATUS);

  private final VirtualTime time;
  private final Dice dice;
  private final Map<Kind, Map<String, TreeMap<String, Doc>>> objects = new HashMap<>();
  private final Map<String, Ref> byUid = new HashMap<>();
  private final Map<String, Set<Ref>> owned = new HashMap<>();
  private final List<Consumer<Change>> watchers = new ArrayList<>();
  private long version = 100;

  Store(VirtualTime time, Dice dice) {
    this.time = time;
    this.dice = dice;
  }

  /**
   * What became of an object; at least one of before and after is there.
   *
   * @param version the resourceVersion of the change, of a deletion too
   */
  record Change(Ref ref, @Nullable Doc before, @Nullable Doc after, long version) {
    /** The object as it is, or as it was when it went. */
    Doc object() {
      if (after != null) {
        return after;
      }
      return before == null ? Doc.EMPTY : before;
    }

    /** Whether the deletion of the object has just been asked for. */
    boolean deletionBegins() {
      return after != null && Meta.deleting(after) && (before == null || !Meta.deleting(before));
    }
  }

  @SafeVarargs
  static Set<Kind> union(Set<Kind>... sets) {
    Set<Kind> all = new HashSet<>();
    List.of(sets).forEach(all::addAll);
    return Set.copyOf(all);
  }

  /** Told of each change, in the order of the calls. */
  void watch(Consumer<Change> watcher) {
    List<Consumer<Change>> copy = new ArrayList<>(watchers);
    copy.add(watcher);
    watchers.clear();
    watchers.addAll(copy);
  }

  void unwatch(Consumer<Change> watcher) {
    watchers.remove(watcher);
  }

  @Override
  public @Nullable Doc get(Ref ref) {
    @Nullable Map<String, TreeMap<String, Doc>> ofKind = objects.get(ref.kind());
    @Nullable TreeMap<String, Doc> there = ofKind == null ? null : ofKind.get(ref.namespace());
    return there == null ? null : there.get(ref.name());
  }

  @Override
  public List<Doc> list(Kind kind, String namespace) {
    Map<String, TreeMap<String, Doc>> ofKind = objects.getOrDefault(kind, Map.of());
    List<Doc> found = new ArrayList<>();
    if (namespace.isEmpty()) {
      new TreeMap<>(ofKind).values().forEach(there -> found.addAll(there.values()));
    } else {
      found.addAll(ofKind.getOrDefault(namespace, new TreeMap<>()).values());
    }
    return found;
  }

  List<Doc> list(Query query) {
    if (!query.name().isEmpty() && !query.namespace().isEmpty()) {
      @Nullable Doc one = get(new Ref(query.kind(), query.namespace(), query.name()));
      return one == null || !Meta.carries(one, query.labels()) ? List.of() : List.of(one);
    }
    List<Doc> found = list(query.kind(), query.namespace());
    found.removeIf(object -> !matches(query, object));
    return found;
  }

  static boolean matches(Query query, Doc object) {
    return (query.name().isEmpty() || query.name().equals(Meta.name(object)))
        && (query.namespace().isEmpty() || query.namespace().equals(Meta.namespace(object)))
        && Meta.carries(object, query.labels());
  }

  /** The object with a uid. */
  @Nullable Ref byUid(String uid) {
    return byUid.get(uid);
  }

  /** The dependents of an object. */
  List<Ref> owned(String uid) {
    return List.copyOf(owned.getOrDefault(uid, Set.of()));
  }

  /** The dependents of an object that are of one kind. */
  List<Doc> owned(String uid, Kind kind) {
    List<Doc> found = new ArrayList<>();
    for (Ref ref : owned.getOrDefault(uid, Set.of())) {
      @Nullable Doc object = ref.kind().equals(kind) ? get(ref) : null;
      if (object != null) {
        found.add(object);
      }
    }
    return found;
  }

  /** What a new object looks like once it is stored; nothing is stored. */
  Doc born(Kind kind, Doc object) {
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>(object.doc("metadata").members());
    metadata.putIfAbsent("uid", dice.uid());
    metadata.put("creationTimestamp", Meta.time(time.now()));
    if (GENERATED.contains(kind)) {
      metadata.put("generation", 1);
    }
    return object.with(Doc.of(metadata), "metadata");
  }

  /** Stores a new object, which {@link #born} has made. */
  Doc add(Kind kind, Doc born) {
    return put(Ref.to(kind, born), null, born);
  }

  /** What an object looks like after an update; nothing is stored. */
  static Doc grown(Kind kind, Doc before, Doc after) {
    return GENERATED.contains(kind) && !Meta.same(before.value("spec"), after.value("spec"))
        ? after.with(before.number(0, "metadata", "generation") + 1, "metadata", "generation")
        : after;
  }

  /** Changes an object; one that isn't there is left alone, and no change is none. */
  @Nullable Doc edit(Ref ref, UnaryOperator<Doc> change) {
    @Nullable Doc before = get(ref);
    if (before == null) {
      return null;
    }
    Doc after = change.apply(before);
    return Meta.same(before.members(), after.members())
        ? before
        : put(ref, before, grown(ref.kind(), before, after));
  }

  private Doc put(Ref ref, @Nullable Doc before, Doc after) {
    version++;
    Doc stored = after.with(Long.toString(version), "metadata", "resourceVersion");
    objects
        .computeIfAbsent(ref.kind(), kind -> new HashMap<>())
        .computeIfAbsent(ref.namespace(), namespace -> new TreeMap<>())
        .put(ref.name(), stored);
    index(ref, before, stored);
    tell(new Change(ref, before, stored, version));
    return stored;
  }

  /** Takes an object away at once. */
  void remove(Ref ref) {
    @Nullable Doc before = get(ref);
    if (before == null) {
      return;
    }
    version++;
    objects
        .getOrDefault(ref.kind(), Map.of())
        .getOrDefault(ref.namespace(), new TreeMap<>())
        .remove(ref.name());
    index(ref, before, null);
    tell(new Change(ref, before, null, version));
  }

  private void index(Ref ref, @Nullable Doc before, @Nullable Doc after) {
    if (before == null && after != null) {
      byUid.put(Meta.uid(after), ref);
    }
    Collection<String> old = before == null ? List.of() : Meta.ownerUids(before);
    Collection<String> now = after == null ? List.of() : Meta.ownerUids(after);
    if (!old.equals(now)) {
      old.forEach(uid -> owned.getOrDefault(uid, new LinkedHashSet<>()).remove(ref));
      now.forEach(uid -> owned.computeIfAbsent(uid, any -> new LinkedHashSet<>()).add(ref));
    }
    if (after == null && before != null) {
      byUid.remove(Meta.uid(before));
    }
  }

  private void tell(Change change) {
    List.copyOf(watchers).forEach(watcher -> watcher.accept(change));
  }
}
