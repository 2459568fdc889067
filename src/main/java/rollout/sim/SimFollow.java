package rollout.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.SecretMetadata;
import rollout.port.Cluster;
import rollout.port.Signal;

/** Caches of followed objects, which hear of changes a little later. */
final class SimFollow implements Cluster.Follow {
  private static final long FIRST_LIST_MILLIS = 3;

  private final Store store;
  private final VirtualTime time;
  private final Watches watches;
  private final Signal signal;
  private final Map<Query, TreeMap<String, Doc>> caches = new HashMap<>();
  private final Map<Ref, Long> newest = new HashMap<>();
  private final java.util.function.Consumer<Store.Change> watcher = this::changed;
  private final BooleanSupplier allowed;
  private long lastHeard;
  private boolean known;
  private boolean closed;

  SimFollow(Store store, VirtualTime time, Watches watches, List<Query> queries, Signal signal) {
    this(store, time, watches, queries, signal, () -> true);
    listAgain();
  }

  /** One that nobody waits for: it lists a little later, and while it may. */
  static SimFollow ifAllowed(
      Store store,
      VirtualTime time,
      Watches watches,
      Query query,
      Signal signal,
      BooleanSupplier allowed) {
    SimFollow follow = new SimFollow(store, time, watches, List.of(query), signal, allowed);
    time.after(FIRST_LIST_MILLIS, follow::listAgain);
    return follow;
  }

  private SimFollow(
      Store store,
      VirtualTime time,
      Watches watches,
      List<Query> queries,
      Signal signal,
      BooleanSupplier allowed) {
    this.store = store;
    this.time = time;
    this.watches = watches;
    this.signal = signal;
    this.allowed = allowed;
    queries.forEach(query -> caches.put(query, new TreeMap<>()));
    store.watch(watcher);
    watches.add(this);
  }

  private static String key(Ref ref) {
    return ref.namespace() + "/" + ref.name();
  }

  /** Takes in everything afresh, as after a watch that broke. */
  void listAgain() {
    if (closed) {
      return;
    }
    known = allowed.getAsBoolean();
    if (!known) {
      close(); // what was refused once is not asked for again
      signal.raise();
      return;
    }
    caches.forEach(
        (query, cache) -> {
          cache.clear();
          for (Doc object : store.list(query)) {
            Ref ref = Ref.to(query.kind(), object);
            cache.put(key(ref), SecretMetadata.kept(query.kind(), object));
            newest.put(ref, Meta.version(object));
          }
        });
    signal.raise();
  }

  private void changed(Store.Change change) {
    boolean meant = false;
    for (Query query : caches.keySet()) {
      meant |= query.kind().equals(change.ref().kind()) && fits(query, change);
    }
    if (!meant) {
      return;
    }
    long delay = watches.delayMillis();
    if (delay == 0 && lastHeard <= time.millis()) {
      hear(change);
      return;
    }
    lastHeard = Math.max(lastHeard, time.millis() + delay);
    time.after(lastHeard - time.millis(), () -> hear(change));
  }

  private static boolean fits(Query query, Store.Change change) {
    @Nullable Doc before = change.before();
    @Nullable Doc after = change.after();
    return (before != null && Store.matches(query, before))
        || (after != null && Store.matches(query, after));
  }

  private void hear(Store.Change change) {
    if (closed || !watches.running() || !known) {
      return;
    }
    if (take(change.ref(), change.after(), change.version())) {
      signal.raise();
    }
  }

  private boolean take(Ref ref, @Nullable Doc object, long version) {
    if (newest.getOrDefault(ref, 0L) >= version) {
      return false;
    }
    newest.put(ref, version);
    caches.forEach(
        (query, cache) -> {
          if (query.kind().equals(ref.kind())) {
            if (object != null && Store.matches(query, object)) {
              cache.put(key(ref), SecretMetadata.kept(query.kind(), object));
            } else {
              cache.remove(key(ref));
            }
          }
        });
    return true;
  }

  @Override
  public List<Doc> list(Query query) {
    return List.copyOf(caches.getOrDefault(query, new TreeMap<>()).values());
  }

  @Override
  public void saw(Doc written) {
    for (Query query : caches.keySet()) {
      if (query.kind().apiVersion().equals(written.textOrEmpty("apiVersion"))
          && query.kind().kind().equals(written.textOrEmpty("kind"))) {
        take(Ref.to(query.kind(), written), written, Meta.version(written));
        return;
      }
    }
  }

  @Override
  public boolean live() {
    return !closed && watches.running() && known;
  }

  @Override
  public void close() {
    closed = true;
    store.unwatch(watcher);
    watches.remove(this);
  }
}
