package rollout.core;

import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Annotations;
import rollout.model.Marks;
import rollout.model.Stamp;
import rollout.router.Route;

/** What a route says of the release, in the same request as the weights that it speaks of. */
public final class RouteText {
  private RouteText() {}

  /** The state on a route; empty: none. */
  public static Doc state(Doc live) {
    return Annotations.read(text(live));
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
    return Writes.annotated(live, Marks.STATE, state(state, route, percent).json());
  }

  /** Our state off. */
  static Patch unstamped(Doc live) {
    return Writes.unannotated(live, Marks.STATE);
  }

  /** Back: whatever else somebody has written, unless the stamp is another. */
  static Patch guarded(Doc live) {
    return Writes.guarded(live, live.textOrEmpty("metadata", "uid"), Marks.STATE, text(live));
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
