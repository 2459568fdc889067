package rollout.core;

import java.time.Duration;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Shifting;
import rollout.router.Route;
import rollout.strategy.Canary;

/**
 * How a release moves its traffic, and what sizes it by load, as documents of the journal, and
 * back.
 */
final class ShiftingText {
  private ShiftingText() {}

  static Doc shifting(Shifting shifting) {
    Doc doc =
        Doc.of(
            "stages", shifting.stages().stream().map(ShiftingText::stage).toList(),
            "routes", shifting.routes().stream().map(ShiftingText::route).toList());
    Doc matched =
        shifting
            .match()
            .map(
                match ->
                    doc.with(
                        Doc.of(
                            "part", match.part().name(),
                            "name", match.name(),
                            "value", match.value()),
                        "match"))
            .orElse(doc);
    return shifting.given().map(ref -> matched.with(ref(ref), "given")).orElse(matched);
  }

  private static Doc ref(Ref ref) {
    return Doc.of("kind", kind(ref.kind()), "namespace", ref.namespace(), "name", ref.name());
  }

  private static Optional<Ref> readRef(Doc doc) {
    return doc.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Ref(
                readKind(doc.doc("kind")), doc.textOrEmpty("namespace"), doc.textOrEmpty("name")));
  }

  static Shifting readShifting(Doc doc) {
    Doc match = doc.doc("match");
    return new Shifting(
        doc.docs("stages").stream().map(ShiftingText::readStage).toList(),
        doc.docs("routes").stream().map(ShiftingText::readRoute).toList(),
        match.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Match(
                    Match.Part.valueOf(match.textOrEmpty("part")),
                    match.textOrEmpty("name"),
                    match.textOrEmpty("value"))),
        readRef(doc.doc("given")));
  }

  private static Doc stage(Canary.Stage stage) {
    return switch (stage) {
      case Canary.Weight(int percent, Duration time, var checks) ->
          Doc.of("weight", percent, "forMillis", time.toMillis(), "checks", checks);
      case Canary.Gate() -> Doc.of("gate", "manual");
    };
  }

  private static Canary.Stage readStage(Doc doc) {
    return doc.has("gate")
        ? new Canary.Gate()
        : new Canary.Weight(
            (int) doc.number(0, "weight"),
            Duration.ofMillis(doc.number(0, "forMillis")),
            doc.textList("checks"));
  }

  private static Doc route(Route route) {
    return Doc.of(
        "router", route.router(),
        "kind", kind(route.kind()),
        "namespace", route.namespace(),
        "elsewhere", route.elsewhere(),
        "name", route.name(),
        "uid", route.uid(),
        "stable", route.stable(),
        "candidate", route.candidate(),
        "places", route.places().stream().map(ShiftingText::place).toList());
  }

  private static Route readRoute(Doc doc) {
    return new Route(
        doc.textOrEmpty("router"),
        readKind(doc.doc("kind")),
        doc.textOrEmpty("namespace"),
        doc.isTrue("elsewhere"),
        doc.textOrEmpty("name"),
        doc.textOrEmpty("uid"),
        doc.textOrEmpty("stable"),
        doc.textOrEmpty("candidate"),
        doc.docs("places").stream().map(ShiftingText::readPlace).toList());
  }

  private static Doc place(Route.Place place) {
    Doc doc = Doc.of("says", place.says(), "total", place.total());
    return place.before().map(before -> doc.with(before, "before")).orElse(doc);
  }

  private static Route.Place readPlace(Doc doc) {
    return new Route.Place(
        doc.textOrEmpty("says"), number(doc, "before"), (int) doc.number(0, "total"));
  }

  static Doc scaler(Scaler scaler) {
    Doc doc =
        Doc.of(
            "kind", kind(scaler.kind()),
            "name", scaler.name(),
            "uid", scaler.uid(),
            "sizes", scaler.sizes().name());
    return scaler.floor().map(floor -> doc.with(floor, "floor")).orElse(doc);
  }

  static Scaler readScaler(Doc doc) {
    return new Scaler(
        readKind(doc.doc("kind")),
        doc.textOrEmpty("name"),
        doc.textOrEmpty("uid"),
        doc.text("floor"),
        Scaler.Sizes.valueOf(doc.textOrEmpty("sizes")));
  }

  private static Optional<Integer> number(Doc doc, String name) {
    return doc.has(name) ? Optional.of((int) doc.number(0, name)) : Optional.empty();
  }

  private static Doc kind(Kind kind) {
    return Doc.of("apiVersion", kind.apiVersion(), "kind", kind.kind(), "plural", kind.plural());
  }

  private static Kind readKind(Doc doc) {
    return new Kind(
        doc.textOrEmpty("apiVersion"), doc.textOrEmpty("kind"), doc.textOrEmpty("plural"));
  }
}
