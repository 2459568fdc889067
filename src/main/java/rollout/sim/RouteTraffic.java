package rollout.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import rollout.model.Ref;

/**
 * The load that comes through routers: each request is divided anew, kept-open connections or not.
 */
final class RouteTraffic {
  private final Traffic traffic;
  private final Backends backends;
  private final BiFunction<Ref, Request, Split> splits;
  private final BooleanSupplier emptyAllowed;
  private final Map<Entry, Double> loads = new LinkedHashMap<>();
  private final SortedMap<Integer, Double> turned = new TreeMap<>();

  RouteTraffic(
      Traffic traffic,
      Backends backends,
      BiFunction<Ref, Request, Split> splits,
      BooleanSupplier emptyAllowed) {
    this.traffic = traffic;
    this.backends = backends;
    this.splits = splits;
    this.emptyAllowed = emptyAllowed;
  }

  /** Requests of one kind that enter at a route. */
  private record Entry(Ref route, Request request) {}

  /** Sets the load of a route. */
  void load(Ref route, Request request, double perSecond) {
    traffic.settle();
    loads.put(new Entry(route, request), perSecond);
  }

  /** Counts what has come in these seconds, during which nothing has changed. */
  void flow(double seconds) {
    loads.forEach(
        (entry, perSecond) -> {
          Split split = splits.apply(entry.route(), entry.request());
          flow(entry.route(), split, perSecond * seconds);
        });
  }

  private void flow(Ref route, Split split, double requests) {
    if (split.code() != 0) {
      turn(route, List.of(), requests, split.code(), split.why());
      return;
    }
    for (Split.Backend backend : split.backends()) {
      Backends.View view = backends.view(backend.service());
      boolean fatal =
          split.empty() == Split.Empty.FAILS_EVERYBODY
              && (!view.exists() || (view.pods().isEmpty() && !emptyAllowed.getAsBoolean()));
      if (fatal) {
        String why = backend.service() + " is listed and has no endpoint";
        turn(route, view.unready(), requests, 404, why);
        return;
      }
    }
    if (split.total() <= 0) {
      turn(route, List.of(), requests, 503, "all weights are 0");
      return;
    }
    double each = requests / split.total();
    for (Split.Backend backend : filled(split)) {
      send(route, split.empty(), backend, backend.weight() * each);
    }
  }

  /** A canary without pods is silently passed over; its share goes to stable. */
  private List<Split.Backend> filled(Split split) {
    if (split.empty() != Split.Empty.GOES_TO_THE_FIRST || split.backends().size() < 2) {
      return split.backends();
    }
    Split.Backend first = split.backends().getFirst();
    List<Split.Backend> filled = new ArrayList<>();
    double weight = first.weight();
    for (Split.Backend other : split.backends().subList(1, split.backends().size())) {
      if (backends.view(other.service()).pods().isEmpty()) {
        weight += other.weight();
      } else {
        filled.add(other);
      }
    }
    filled.add(new Split.Backend(first.service(), weight, true));
    return filled;
  }

  private void send(Ref route, Split.Empty empty, Split.Backend backend, double requests) {
    Backends.View view = backends.view(backend.service());
    if (!backend.permitted()) {
      turn(route, List.of(), requests, 500, backend.service() + " may not be sent to");
    } else if (!view.exists() && empty == Split.Empty.FAILS_ITS_SHARE) {
      turn(route, List.of(), requests, 500, "no " + backend.service());
    } else if (view.pods().isEmpty()) {
      turn(route, view.unready(), requests, 503, backend.service() + " has no endpoint");
    } else {
      view.pods().forEach(pod -> traffic.answer(route, pod, requests / view.pods().size()));
    }
  }

  private void turn(Ref route, List<PodRun> unready, double requests, int code, String why) {
    if (requests > 0) {
      turned.merge(code, requests, Double::sum);
      traffic.refuse(route, unready, requests, code + ", " + why);
    }
  }

  /** Requests that routers answered by themselves, by code. */
  SortedMap<Integer, Long> turned() {
    SortedMap<Integer, Long> whole = new TreeMap<>();
    turned.forEach((code, requests) -> whole.put(code, (long) Math.ceil(requests - 1e-6)));
    return whole;
  }
}
