package rollout.core;

import java.util.LinkedHashMap;
import java.util.Map;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Marks;
import rollout.model.Stamp;
import rollout.router.Route;

/** What a route says of the release, in the same request as the weights that it speaks of. */
public final class RouteText {
  private RouteText() {}

  /** The state on a route; empty: none. */
  public static Doc state(Doc live) {
    String text = text(live);
    if (text.isEmpty()) {
      return Doc.EMPTY;
    }
    try {
      return Doc.parse(text);
    } catch (IllegalArgumentException e) {
      return Doc.EMPTY;
    }
  }

  private static String text(Doc live) {
    return live.texts("metadata", "annotations").getOrDefault(Marks.STATE, "");
  }

  /** The share that was last written, as its state says; -1: it says none. */
  static int percent(Doc live) {
    return (int) state(live).number(-1, "percent");
  }

  private static Doc state(RolloutState state, Route route, int percent) {
    Stamp stamp = state.stamp();
    return Doc.of(
        "target", state.release().target().name(),
        "revision", state.release().revision(),
        "epoch", stamp.epoch(),
        "by", stamp.by(),
        "way", stamp.way().word(),
        "phase", "routed",
        "stable", route.stable(),
        "candidate", route.candidate(),
        "percent", percent);
  }

  /** Our state on it, in the driver's own hand. */
  static Patch stamped(RolloutState state, Doc live, Route route, int percent) {
    String text = state(state, route, percent).json();
    if (live.has("metadata", "annotations")) {
      return Patch.none().put(text, "metadata", "annotations", Marks.STATE);
    }
    Map<String, Object> first = new LinkedHashMap<>();
    first.put(Marks.STATE, text);
    return Patch.none().put(first, "metadata", "annotations");
  }

  /** Our state off. */
  static Patch unstamped(Doc live) {
    return text(live).isEmpty()
        ? Patch.none()
        : Patch.none().remove("metadata", "annotations", Marks.STATE);
  }

  /** Back: whatever else somebody has written, unless the stamp is another. */
  static Patch guarded(Doc live) {
    Patch byUid = Patch.none().test(live.textOrEmpty("metadata", "uid"), "metadata", "uid");
    if (!live.has("metadata", "annotations")) {
      return byUid.test(null, "metadata", "annotations");
    }
    String text = text(live);
    return byUid.test(text.isEmpty() ? null : text, "metadata", "annotations", Marks.STATE);
  }

  /** For people: {@code shop 75, shop-r2 25}. */
  static String numbers(Route route, int percent) {
    return route.stable()
        + " "
        + (100 - percent)
        + " %, "
        + route.candidate()
        + " "
        + percent
        + " %";
  }
}
