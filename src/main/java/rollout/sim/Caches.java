package rollout.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * What the control plane knows of Services and pods: what is, or what was a while ago. Nothing is
 * in it that never was.
 */
final class Caches implements Objects {
  /** Nobody's cache is further behind. */
  static final Duration FARTHEST = Duration.ofSeconds(60);

  private final Store store;
  private final VirtualTime time;
  private final Deque<Past> recent = new ArrayDeque<>();
  private long behindMillis;

  Caches(Store store, VirtualTime time) {
    this.store = store;
    this.time = time;
    store.watch(this::changed);
  }

  private record Past(long at, Store.Change change) {}

  private void changed(Store.Change change) {
    Kind kind = change.ref().kind();
    if (!kind.equals(Kind.SERVICE) && !kind.equals(Kind.POD)) {
      return;
    }
    recent.addLast(new Past(time.millis(), change));
    while (recent.getFirst().at() < time.millis() - FARTHEST.toMillis()) {
      recent.removeFirst();
    }
  }

  /** Shows what was so long ago, from now on. */
  void behind(long millis) {
    behindMillis = Math.min(millis, FARTHEST.toMillis());
  }

  /** After how long a change is in it. */
  long behindMillis() {
    return behindMillis;
  }

  @Override
  public @Nullable Doc get(Ref ref) {
    @Nullable Doc found = store.get(ref);
    for (Store.Change change : later()) {
      found = change.ref().equals(ref) ? change.before() : found;
    }
    return found;
  }

  @Override
  public List<Doc> list(Kind kind, String namespace) {
    List<Doc> now = store.list(kind, namespace);
    if (behindMillis == 0) {
      return now;
    }
    Map<String, Doc> found = new TreeMap<>();
    now.forEach(object -> found.put(Meta.namespace(object) + "/" + Meta.name(object), object));
    for (Store.Change change : later()) {
      boolean meant = namespace.isEmpty() || change.ref().namespace().equals(namespace);
      if (meant && change.ref().kind().equals(kind)) {
        String key = change.ref().namespace() + "/" + change.ref().name();
        @Nullable Doc before = change.before();
        if (before == null) {
          found.remove(key);
        } else {
          found.put(key, before);
        }
      }
    }
    return List.copyOf(found.values());
  }

  /** The changes that are not in it yet, the newest first. */
  private List<Store.Change> later() {
    List<Store.Change> later = new ArrayList<>();
    if (behindMillis > 0) {
      long shown = time.millis() - behindMillis;
      for (Iterator<Past> back = recent.descendingIterator(); back.hasNext(); ) {
        Past past = back.next();
        if (past.at() <= shown) {
          break;
        }
        later.add(past.change());
      }
    }
    return later;
  }
}
