package rollout.core;

import java.util.Optional;
import rollout.core.Action.Change;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Marks;
import rollout.model.Way;
import rollout.plan.Release.Scaler;

/**
 * The patches of what sizes stable by load, each one request, by the same rules as those of a
 * Service: forward on what was seen, back by uid and stamp alone. What is put back is put back only
 * where what we wrote still stands, by the same request.
 */
final class ScalerWrites {
  /** What the state says of a floor that nobody had set. */
  static final String ABSENT = "absent";

  private ScalerWrites() {}

  /** What it says of the release: enough to put it back without the journal. */
  static Doc state(RolloutState state) {
    Scaler scaler = state.release().stableScaler().orElseThrow();
    return Writes.claim(state)
        .with(scaler.sizes().name(), "sizes")
        .with(ScalerSteps.before(state).orElse(ABSENT), "floor")
        .with(state.facts().getOrDefault(ScalerSteps.FLOOR, ABSENT), "raised");
  }

  /** Floor, target and state. */
  static Change marked(Autoscaler live, RolloutState state, Optional<String> floor, String target) {
    Patch patch =
        guard(live, state.way() == Way.BACK)
            .and(Writes.annotated(live.doc(), Marks.STATE, state(state).json()))
            .and(floored(live, floor, state.way() == Way.BACK))
            .and(targeted(live, target, state.way() == Way.BACK));
    return change(live, patch, floor, target);
  }

  /** Floor and target as they shall stay, and our state off. */
  static Change free(Autoscaler live, Optional<String> floor, String target, boolean back) {
    Patch patch =
        guard(live, back)
            .and(floored(live, floor, back))
            .and(targeted(live, target, back))
            .and(Writes.unannotated(live.doc(), Marks.STATE));
    return change(live, patch, floor, target);
  }

  private static Patch guard(Autoscaler live, boolean back) {
    return back
        ? Writes.guarded(live.doc(), live.uid(), Marks.STATE, live.stateText())
        : Patch.at(live.version());
  }

  private static Change change(
      Autoscaler live, Patch patch, Optional<String> floor, String target) {
    return new Change(
        live.ref(),
        patch,
        says(live, live.floor(), live.target()),
        says(live, floor, target),
        false,
        false);
  }

  private static String says(Autoscaler live, Optional<String> floor, String target) {
    return Autoscaler.floorName(live.kind()) + " " + floor.orElse(ABSENT) + ", target " + target;
  }

  private static Patch targeted(Autoscaler live, String target, boolean back) {
    return live.target().equals(target)
        ? Patch.none()
        : standing(live, back, "spec", "scaleTargetRef", "name")
            .put(target, "spec", "scaleTargetRef", "name");
  }

  private static Patch floored(Autoscaler live, Optional<String> floor, boolean back) {
    if (live.floor().equals(floor)) {
      return Patch.none();
    }
    // Where annotations are to be written, the state has made them.
    String[] path =
        live.keda()
            ? new String[] {"metadata", "annotations", Autoscaler.PAUSED_SCALE_IN}
            : new String[] {"spec", "minReplicas"};
    Patch same = standing(live, back, path);
    if (floor.isEmpty()) {
      return same.remove(path);
    }
    if (live.keda()) {
      return same.put(floor.get(), path);
    }
    // It may come from an annotation, which anybody may have damaged.
    return floor.get().matches("\\d{1,9}")
        ? same.put(Integer.valueOf(floor.get()), path)
        : Patch.none();
  }

  /** Back, no version is named, so a value that somebody has written since must be asked for. */
  private static Patch standing(Autoscaler live, boolean back, String... path) {
    return back ? Patch.none().test(live.doc().value(path), path) : Patch.none();
  }
}
