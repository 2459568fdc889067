package rollout.router;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import rollout.document.Doc;
import rollout.document.Patch;

/** Rules for chosen requests: copies of the rules that name stable, for the candidate alone. */
record MatchRules(WeightedLists lists) {
  /** Makes a rule one for chosen requests, but for its backends; empty: it cannot be. */
  interface Copy {
    Optional<Doc> of(Doc rule);
  }

  /**
   * One copy for each rule that names stable.
   *
   * @param before whether each stands before its rule, where the first that matches wins; else all
   *     stand behind the last one, so that nobody's index changes
   */
  Optional<Patch> added(Doc live, Route route, Copy copy, Predicate<Doc> isOurs, boolean before) {
    List<Spot> spots = lists.spots(live, route.stable(), route.candidate());
    if (spots.stream().anyMatch(spot -> isOurs(live, spot, isOurs))) {
      return Optional.of(Patch.none());
    }
    Patch patch = Patch.none();
    // From the last one: what is inserted moves only those behind it.
    for (Spot spot : spots.stream().filter(Spot::hasStable).toList().reversed()) {
      Optional<Doc> rule = copy.of(live.doc(Shape.array(spot.listed().rule())));
      if (rule.isEmpty()) {
        return Optional.empty();
      }
      Doc backend = lists.shape().candidate(spot.backend(spot.stable()), route.candidate());
      Doc made =
          rule.get().without("name").with(List.of(backend), Shape.array(lists.shape().list()));
      patch = spot.sameName(patch, spot.stable());
      patch =
          before
              ? patch.put(made, Shape.array(spot.listed().rule()))
              : patch.put(made, Shape.array(lists.shape().rules(), Patch.END));
    }
    return Optional.of(patch);
  }

  /** All of them away again. */
  Patch removed(Doc live, Route route, Predicate<Doc> isOurs) {
    Patch patch = Patch.none();
    for (Spot spot : lists.spots(live, route.stable(), route.candidate()).reversed()) {
      if (isOurs(live, spot, isOurs)) {
        patch = spot.sameName(patch, spot.candidate()).remove(Shape.array(spot.listed().rule()));
      }
    }
    return patch;
  }

  // Nobody else makes a rule that has only our candidate and asks for just this.
  private static boolean isOurs(Doc live, Spot spot, Predicate<Doc> isOurs) {
    return !spot.hasStable()
        && spot.listed().backends().size() == 1
        && isOurs.test(live.doc(Shape.array(spot.listed().rule())));
  }

  /** Every entry of a list changed; one where there is none. */
  static List<Doc> each(List<Doc> matches, UnaryOperator<Doc> change) {
    return (matches.isEmpty() ? List.of(Doc.EMPTY) : matches).stream().map(change).toList();
  }
}
