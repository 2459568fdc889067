package rollout.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rollout.model.Ref;

/**
 * A router's control plane: it acts on the first change after a quiet time at once, and on the next
 * when its throttle lets it. Until then requests go by what it had before.
 */
final class RouteController {
  private static final long LEAST_MILLIS = 20;
  private static final long MOST_MILLIS = 90;

  private final Family family;
  private final Store store;
  private final VirtualTime time;
  private final Dice dice;
  private final Supplier<RouterState> state;
  private final Runnable beforeChange;
  private final Map<Entry, Split> splits = new HashMap<>();
  private Applied applied = Applied.NOTHING;
  private long throttleMillis = 2_000;
  private long acted = Long.MIN_VALUE / 2;
  private boolean waiting;

  RouteController(
      Family family,
      Store store,
      VirtualTime time,
      Dice dice,
      Supplier<RouterState> state,
      Runnable beforeChange) {
    this.family = family;
    this.store = store;
    this.time = time;
    this.dice = dice;
    this.state = state;
    this.beforeChange = beforeChange;
  }

  /** Where requests enter, and what they are like. */
  private record Entry(Ref route, Request request) {}

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
    heard();
  }

  /** Sets the least time between two of its acts. */
  void throttle(long millis) {
    throttleMillis = millis;
  }

  private void changed(Store.Change change) {
    if (family.kinds().contains(change.ref().kind()) && matters(change)) {
      heard();
    }
  }

  /** A status, its own most of all, changes nothing. */
  static boolean matters(Store.Change change) {
    if (change.before() == null || change.after() == null) {
      return true;
    }
    return !Meta.same(change.before().value("spec"), change.after().value("spec"))
        || !Meta.same(
            change.before().value("metadata", "annotations"),
            change.after().value("metadata", "annotations"));
  }

  /** Something has changed: acts when it may. */
  void heard() {
    if (!waiting) {
      waiting = true;
      long due =
          Math.max(time.millis() + dice.between(LEAST_MILLIS, MOST_MILLIS), acted + throttleMillis);
      time.after(due - time.millis(), this::act);
    }
  }

  private void act() {
    waiting = false;
    acted = time.millis();
    if (state.get() != RouterState.STUCK && state.get() != RouterState.REFUSING) {
      beforeChange.run();
      applied = Applied.of(store, family.kinds());
      splits.clear();
    }
  }

  /** How requests are divided by what it has acted on. */
  Split split(Ref route, Request request) {
    Split split =
        splits.computeIfAbsent(
            new Entry(route, request), entry -> family.split(applied, route, request));
    return state.get() == RouterState.BLIND ? split.even() : split;
  }

  /** Whether it has acted on an object at all. */
  boolean knows(Ref route) {
    @Nullable Object there = applied.get(route);
    return there != null;
  }
}
