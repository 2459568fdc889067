package rollout.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.router.Shape.Named;

/** Finds the objects of a kind that list the Service with a weight, and judges their lists. */
record Search(String router, Kind kind, WeightedLists lists, Landscape landscape) {
  /** What only one router knows of an object. */
  interface Judge {
    void judge(Doc object, List<Spot> spots, Reasons reasons);
  }

  List<Found> found(Judge judge) {
    List<Found> found = new ArrayList<>();
    for (Doc object : landscape.of(kind)) {
      List<Spot> spots = lists.spots(object, landscape.service(), "");
      if (spots.stream()
          .anyMatch(spot -> spot.stables().stream().anyMatch(i -> here(object, spot, i)))) {
        Reasons reasons = new Reasons();
        spots.forEach(spot -> list(object, spot, reasons));
        Owners.judge(kind, object, reasons);
        Owners.gitOps(kind, object, lists.shape().jq(), reasons);
        judge.judge(object, spots, reasons);
        found.add(reasons.found(route(object, spots)));
      }
    }
    return found;
  }

  List<Mention> mentions(Doc object) {
    List<Mention> found = new ArrayList<>();
    for (Spot spot : lists.spots(object, landscape.service(), "")) {
      for (int i : spot.stables()) {
        if (here(object, spot, i)) {
          found.add(
              new Mention(spot.says(), List.of(spot.path(i, Shape.array(lists.shape().name())))));
        }
      }
    }
    return found;
  }

  private Route route(Doc object, List<Spot> spots) {
    return new Route(
        router,
        kind,
        namespace(object),
        !namespace(object).equals(landscape.namespace()),
        name(object),
        object.textOrEmpty("metadata", "uid"),
        landscape.service(),
        "",
        spots.stream().map(Spot::place).toList());
  }

  private void list(Doc object, Spot spot, Reasons reasons) {
    String where = kind + " " + name(object) + ": " + spot.says();
    for (int i : spot.stables()) {
      if (!here(object, spot, i)) {
        reasons.refuse(
            where + " names Service " + landscape.service() + " of another namespace too",
            "Put it into an object of its own.");
      }
    }
    if (spot.stables().size() > 1) {
      reasons.refuse(
          where + " lists Service " + landscape.service() + " twice",
          "List it once, with one weight.");
    } else if (isOff(spot)) {
      reasons.refuse(
          where + " sends nothing to Service " + landscape.service() + ": its weight is 0",
          "Give it the weight that it is to have.");
    }
  }

  // Where an absent weight counts nothing, a lone backend has everything whatever its weight.
  private boolean isOff(Spot spot) {
    boolean alone = spot.listed().backends().size() == 1;
    return spot.weight(spot.stable()) == 0 && !(alone && lists.shape().weight() == 0);
  }

  private boolean here(Doc object, Spot spot, int index) {
    Optional<Named> named = lists.shape().naming().service(spot.backend(index), namespace(object));
    return named.equals(Optional.of(new Named(landscape.namespace(), landscape.service())));
  }

  private String namespace(Doc object) {
    return object.text("metadata", "namespace").orElse(landscape.namespace());
  }

  private static String name(Doc object) {
    return object.textOrEmpty("metadata", "name");
  }
}
