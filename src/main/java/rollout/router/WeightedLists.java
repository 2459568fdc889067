package rollout.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.router.Route.Place;

/** What routers have in common that list Services with weights. */
record WeightedLists(Shape shape) {
  /** The lists that name one of the two, as the object is now. */
  List<Spot> spots(Doc live, String stable, String candidate) {
    List<Spot> found = new ArrayList<>();
    for (Shape.Listed list : shape.lists(live)) {
      Spot spot = new Spot(shape, list, named(live, list, stable), named(live, list, candidate));
      if (spot.hasStable() || spot.hasCandidate()) {
        found.add(spot);
      }
    }
    return found;
  }

  private List<Integer> named(Doc live, Shape.Listed list, String service) {
    return IntStream.range(0, list.backends().size())
        .filter(i -> names(live, list.backends().get(i), service))
        .boxed()
        .toList();
  }

  // Of the same name in another namespace there is none: find refuses such an object.
  private boolean names(Doc live, Doc backend, String service) {
    return shape
        .naming()
        .service(backend, live.textOrEmpty("metadata", "namespace"))
        .filter(named -> named.service().equals(service))
        .isPresent();
  }

  private List<Spot> spots(Doc live, Route route) {
    return spots(live, route.stable(), route.candidate());
  }

  Weights weights(Doc live, Route route) {
    List<Spot> spots = spots(live, route);
    if (spots.stream().noneMatch(Spot::hasCandidate)) {
      return new Weights.Absent();
    }
    List<Spot> both = spots.stream().filter(Spot::hasBoth).toList();
    Optional<String> odd = odd(spots, both, route);
    if (odd.isPresent()) {
      return new Weights.Foreign(route + ": " + odd.get());
    }
    TreeSet<Integer> percents = new TreeSet<>();
    paired(both, route)
        .forEach(
            (spot, place) ->
                percents.add(Shares.percent(spot.weight(spot.candidate()), place.total())));
    return percents.size() == 1
        ? new Weights.Set(percents.first())
        : new Weights.Foreign(
            route + ": its places send different shares to " + route.candidate() + ": " + percents);
  }

  /** What is not as this program leaves it. */
  private Optional<String> odd(List<Spot> spots, List<Spot> both, Route route) {
    boolean whole = both.size() == route.places().size();
    for (Spot spot : spots) {
      // A rule of the candidate alone is the one for chosen requests, if no place has lost stable.
      if (!spot.hasBoth() && (spot.hasStable() || !whole)) {
        String lost = spot.hasStable() ? route.candidate() : route.stable();
        return Optional.of(spot.says() + " does not list Service " + lost);
      }
      if (spot.stables().size() > 1 || spot.hasBoth() && spot.candidates().size() > 1) {
        return Optional.of(spot.says() + " lists the same Service twice");
      }
    }
    if (!whole) {
      return Optional.of(
          "it divides requests in "
              + both.size()
              + " places, "
              + route.places().size()
              + " when the release began");
    }
    return paired(both, route).entrySet().stream()
        .flatMap(pair -> number(pair.getKey(), pair.getValue()).stream())
        .findFirst();
  }

  private static Optional<String> number(Spot spot, Place place) {
    int stable = spot.weight(spot.stable());
    int candidate = spot.weight(spot.candidate());
    boolean ours =
        stable >= 0
            && stable + candidate == place.total()
            && Shares.part(place.total(), Shares.percent(candidate, place.total())) == candidate;
    return ours
        ? Optional.empty()
        : Optional.of(
            "the weights in "
                + spot.says()
                + " are "
                + stable
                + " and "
                + candidate
                + ", not parts of "
                + place.total());
  }

  /**
   * Each list with what is known of it: by the name of its rule, else by the total that it has now,
   * else in order. Rules may have changed places.
   */
  private static Map<Spot, Place> paired(List<Spot> spots, Route route) {
    List<Place> free = new ArrayList<>(route.places());
    Map<Spot, Place> pairs = new LinkedHashMap<>();
    pair(
        spots,
        free,
        pairs,
        (spot, place) -> spot.listed().isNamed() && place.says().equals(spot.says()));
    pair(spots, free, pairs, (spot, place) -> place.total() == spot.now());
    pair(spots, free, pairs, (_, _) -> true);
    return pairs;
  }

  private static void pair(
      List<Spot> spots, List<Place> free, Map<Spot, Place> pairs, BiPredicate<Spot, Place> alike) {
    for (Spot spot : spots) {
      if (!pairs.containsKey(spot)) {
        free.stream()
            .filter(place -> alike.test(spot, place))
            .findFirst()
            .ifPresent(
                place -> {
                  free.remove(place);
                  pairs.put(spot, place);
                });
      }
    }
  }

  // Of a list that came after the release began, only what it has now is known.
  private static Place known(Map<Spot, Place> pairs, Spot spot) {
    Place now = spot.place();
    return pairs.getOrDefault(spot, now);
  }

  Patch attach(Doc live, Route route) {
    Patch patch = Patch.none();
    List<Spot> stables = spots(live, route).stream().filter(Spot::hasStable).toList();
    Map<Spot, Place> pairs = paired(stables, route);
    for (Spot spot : stables) {
      if (!spot.hasCandidate()) {
        int total = known(pairs, spot).total();
        patch = spot.sameWeight(spot.sameName(patch, spot.stable()), spot.stable());
        // A lone backend may have everything whatever its weight; beside another one it counts.
        if (spot.weight(spot.stable()) != total) {
          patch = patch.put(total, spot.path(spot.stable(), "weight"));
        }
        Doc beside =
            shape.candidate(spot.backend(spot.stable()), route.candidate()).with(0, "weight");
        // Behind the last one: nobody's index changes.
        patch = patch.put(beside, Shape.array(spot.listed().path(), Patch.END));
      }
    }
    return patch;
  }

  Patch weigh(Doc live, Route route, int percent, boolean back) {
    Patch patch = Patch.none();
    List<Spot> both = spots(live, route).stream().filter(Spot::hasBoth).toList();
    Map<Spot, Place> pairs = paired(both, route);
    for (Spot spot : both) {
      patch = spot.sameName(spot.sameName(patch, spot.stable()), spot.candidate());
      if (!back) {
        patch = spot.sameWeight(spot.sameWeight(patch, spot.stable()), spot.candidate());
      }
      int total = known(pairs, spot).total();
      int part = Shares.part(total, percent);
      patch =
          patch
              .put(total - part, spot.path(spot.stable(), "weight"))
              .put(part, spot.path(spot.candidate(), "weight"));
    }
    return patch;
  }

  Patch detach(Doc live, Route route) {
    Patch patch = Patch.none();
    List<Spot> both = spots(live, route).stream().filter(Spot::hasBoth).toList();
    Map<Spot, Place> pairs = paired(both, route);
    for (Spot spot : both) {
      patch = spot.sameName(spot.sameName(patch, spot.stable()), spot.candidate());
      String[] weight = spot.path(spot.stable(), "weight");
      Optional<Integer> before = known(pairs, spot).before();
      if (before.isPresent()) {
        patch = patch.put(before.get(), weight);
      } else if (spot.written(spot.stable()).isPresent()) {
        patch = patch.remove(weight);
      }
      patch = patch.remove(spot.path(spot.candidate()));
    }
    return patch;
  }
}
