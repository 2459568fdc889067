package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** One look of the Deployment controller at the sizes of a Deployment's ReplicaSets. */
final class Scaling {
  private final Store store;
  private final List<Doc> sets;
  private final @Nullable Doc current;
  private final List<Doc> old = new ArrayList<>();
  private final long wanted;
  private final long surge;
  private final long unavailable;

  Scaling(Store store, Doc deployment, List<Doc> sets, @Nullable Doc current) {
    this.store = store;
    this.sets = sets;
    this.current = current;
    for (Doc set : sets) {
      if (current == null || !Meta.uid(set).equals(Meta.uid(current))) {
        old.add(set);
      }
    }
    wanted = deployment.number(1, "spec", "replicas");
    surge = share(deployment, "maxSurge", true);
    unavailable = maxUnavailable(deployment);
  }

  /** How many pods may be missing in a rolling update. */
  static long maxUnavailable(Doc deployment) {
    long down = share(deployment, "maxUnavailable", false);
    return down == 0 && share(deployment, "maxSurge", true) == 0 ? 1 : down;
  }

  private static long share(Doc deployment, String field, boolean up) {
    long wanted = deployment.number(1, "spec", "replicas");
    @Nullable Object value = deployment.value("spec", "strategy", "rollingUpdate", field);
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = value == null ? "25%" : value.toString();
    double part = Double.parseDouble(text.replace("%", "")) * wanted / 100;
    return (long) (up ? Math.ceil(part) : Math.floor(part));
  }

  private static long size(Doc set) {
    return set.number(0, "spec", "replicas");
  }

  private static long available(Doc set) {
    return set.number(0, "status", "availableReplicas");
  }

  private long total() {
    return sets.stream().mapToLong(Scaling::size).sum();
  }

  static void scale(Store store, Doc set, long replicas) {
    if (size(set) != replicas) {
      store.edit(
          Ref.to(Kind.REPLICA_SET, set), object -> object.with((int) replicas, "spec", "replicas"));
    }
  }

  /** How many pods a new ReplicaSet begins with. */
  long firstSize() {
    long room = wanted + surge - total();
    return Math.max(0, Math.min(wanted, room));
  }

  /** While paused, only the size of what is there follows. */
  void paused() {
    List<Doc> active = sets.stream().filter(set -> size(set) > 0).toList();
    if (active.size() > 1) {
      Doc largest = active.getFirst();
      for (Doc set : active) {
        largest = size(set) > size(largest) ? set : largest;
      }
      long total = total();
      long change = total < wanted ? wanted - total : Math.min(0, wanted + surge - total);
      scale(store, largest, Math.max(0, size(largest) + change));
    } else if (active.size() == 1) {
      scale(store, active.getFirst(), wanted);
    } else if (current != null) {
      scale(store, current, wanted);
    } else if (!sets.isEmpty()) {
      scale(store, sets.getLast(), wanted);
    }
  }

  /** One step of a rolling update; also follows the size. */
  void rolling() {
    if (current == null) {
      return;
    }
    if (size(current) > wanted) {
      scale(store, current, wanted);
      return;
    }
    if (size(current) < wanted) {
      long room = wanted + surge - total();
      if (room > 0) {
        scale(store, current, size(current) + Math.min(room, wanted - size(current)));
        return;
      }
    }
    shrinkOld(current);
  }

  private void shrinkOld(Doc now) {
    long least = wanted - unavailable;
    long newUnavailable = size(now) - available(now);
    long room = total() - least - newUnavailable;
    List<Doc> left = new ArrayList<>();
    for (Doc set : old) {
      long unhealthy = Math.max(0, Math.min(size(set) - available(set), room));
      room -= unhealthy;
      scale(store, set, size(set) - unhealthy);
      left.add(set.with(size(set) - unhealthy, "spec", "replicas"));
    }
    long spare = Math.min(room, sets.stream().mapToLong(Scaling::available).sum() - least);
    for (Doc set : left) {
      long down = Math.max(0, Math.min(size(set), spare));
      spare -= down;
      if (down > 0) {
        scale(store, set, size(set) - down);
      }
    }
  }
}
