package rollout.core;

import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.model.Autoscaler;
import rollout.model.Way;
import rollout.plan.Release.Scaler;
import rollout.plan.Step;

/**
 * The steps on what sizes stable by load: its floor up while stable is idle, its target along with
 * the traffic, and both back on every way out. Traffic waits for none of them.
 */
final class ScalerSteps {
  /** The fact that tells the floor that this release has set. */
  static final String FLOOR = "floor";

  /** The fact that tells the floor that stood there then. */
  private static final String BEFORE = "floorBefore";

  private ScalerSteps() {}

  /** The floor that is to be put back; empty: there was none. */
  static Optional<String> before(RolloutState state) {
    String noted = state.facts().get(BEFORE);
    return noted == null
        ? state.release().stableScaler().flatMap(Scaler::floor)
        : Optional.of(noted).filter(floor -> !floor.equals(ScalerWrites.ABSENT));
  }

  /**
   * Row 5: it counts the candidate's pods too, since they carry stable's labels; stable must not
   * shrink when its traffic leaves.
   */
  static Decision raiseFloor(Sight sight) {
    Optional<Autoscaler> found = sight.scaler();
    if (found.isEmpty()) {
      return gone(sight);
    }
    Autoscaler live = found.get();
    RolloutState state = sight.state();
    String raised = state.facts().get(FLOOR);
    if (raised == null) {
      String floor = live.raised(ForwardSteps.size(sight));
      return new Advance(
          state.noting(FLOOR, floor).noting(BEFORE, live.floor().orElse(ScalerWrites.ABSENT)),
          name(sight) + " shall have a floor of " + floor);
    }
    if (ForwardSteps.isOurs(live.state(), state)
        && live.floor().filter(raised::equals).isPresent()) {
      return Ends.done(sight, name(sight) + " takes no pods from stable");
    }
    // Somebody who is at it at the same time is answered by the guard, later.
    return exhausted(sight)
        ? Ends.done(sight, name(sight) + " does not keep what it is given")
        : new Act(
            ScalerWrites.marked(live, state, Optional.of(raised), live.target()),
            "stable must not shrink while its traffic is elsewhere");
  }

  /** Row 10: else the idle version would be scaled, and the one that serves would not. */
  static Decision retarget(Sight sight) {
    Optional<Autoscaler> found = sight.scaler();
    if (found.isEmpty()) {
      return gone(sight);
    }
    Autoscaler live = found.get();
    String candidate = sight.release().candidate().name();
    if (live.target().equals(candidate)) {
      return Ends.done(sight, name(sight) + " sizes " + candidate);
    }
    if (!live.target().equals(sight.release().stable().name()) || exhausted(sight)) {
      return Ends.done(sight, theirs(sight, live));
    }
    return new Act(
        ScalerWrites.marked(live, sight.state(), live.floor(), candidate),
        "the version that serves is the one to size");
  }

  /** The way back of {@link #retarget}; going back, it also says the way on it. */
  static Decision retargetBack(Sight sight) {
    Optional<Autoscaler> found = sight.scaler();
    if (found.isEmpty()) {
      return gone(sight);
    }
    Autoscaler live = found.get();
    RolloutState state = sight.state();
    boolean back = state.way() == Way.BACK;
    boolean touched = state.passed(Step.Pin.class) || !live.stateText().isEmpty();
    if (back && !touched) {
      return Ends.done(sight, name(sight) + " has not been touched");
    }
    String target = ownTarget(sight, live);
    boolean ours = !back || ForwardSteps.isOurs(live.state(), state);
    if (ours && live.target().equals(target)) {
      return Ends.done(
          sight,
          target.equals(sight.release().stable().name())
              ? name(sight) + " sizes " + target
              : theirs(sight, live));
    }
    if (exhausted(sight)) {
      return left(sight);
    }
    return new Act(
        ScalerWrites.marked(live, state, live.floor(), target),
        live.target().equals(target)
            ? "nobody may go forward from here any more"
            : "stable serves, so it is the one to size");
  }

  /** The floor of before, and our state off; a value that somebody else has set stays. */
  static Decision lowerFloor(Sight sight) {
    Optional<Autoscaler> found = sight.scaler();
    if (found.isEmpty()) {
      return gone(sight);
    }
    Autoscaler live = found.get();
    RolloutState state = sight.state();
    boolean back = state.way() == Way.BACK;
    boolean touched = state.passed(Step.Pin.class) || !live.stateText().isEmpty();
    Optional<String> before = before(state);
    boolean raised = live.floor().filter(raised(sight)::equals).isPresent();
    Optional<String> floor = raised ? before : live.floor();
    String target = endTarget(sight, live);
    boolean clean =
        live.stateText().isEmpty() && live.floor().equals(floor) && live.target().equals(target);
    if (!touched || clean) {
      return Ends.done(sight, "nothing of the release remains on " + name(sight));
    }
    if (exhausted(sight)) {
      return left(sight);
    }
    String kept = "floor-kept";
    if (!floor.equals(before) && !state.tallies().noted().contains(kept)) {
      return Ends.telling(
          sight,
          kept,
          floorName(sight)
              + " of "
              + name(sight)
              + " is "
              + floor.orElse(ScalerWrites.ABSENT)
              + ", which this release has not set; it stays");
    }
    return new Act(
        ScalerWrites.free(live, floor, target, back),
        "as it was before; nothing of the release remains on it");
  }

  /** What the release has set; the journal knows, or the object's state. */
  static String raised(Sight sight) {
    return sight
        .state()
        .facts()
        .getOrDefault(
            FLOOR, sight.scaler().map(live -> live.state().textOrEmpty("raised")).orElse(""));
  }

  /** At the end of a swap what serves is the candidate, and it stays so. */
  private static String endTarget(Sight sight, Autoscaler live) {
    boolean swapped =
        sight.release().form() == rollout.plan.Form.SWAP && sight.state().way() == Way.FORWARD;
    return swapped ? live.target() : ownTarget(sight, live);
  }

  /** Stable, where the release has pointed it elsewhere; else whatever somebody else has chosen. */
  private static String ownTarget(Sight sight, Autoscaler live) {
    boolean moved = live.target().equals(sight.release().candidate().name());
    return moved ? sight.release().stable().name() : live.target();
  }

  private static boolean exhausted(Sight sight) {
    return sight.state().tallies().tried() >= Timings.REWRITES;
  }

  /** Traffic is where it belongs, so going back does not stop here; forward, a person is asked. */
  private static Decision left(Sight sight) {
    String why = name(sight) + " could not be put back as it was";
    if (sight.state().way() == Way.FORWARD) {
      return SettleSteps.unsettled(sight, why);
    }
    String message =
        why
            + ": it had "
            + floorName(sight)
            + " "
            + before(sight.state()).orElse(ScalerWrites.ABSENT)
            + " and sized "
            + sight.release().stable().name()
            + ". To put it back: rollout repair "
            + sight.release().target().name();
    return Ends.done(sight, why, List.of(Ends.note(sight, message)));
  }

  private static Decision gone(Sight sight) {
    return Ends.done(sight, name(sight) + " is gone, or another one");
  }

  private static String theirs(Sight sight, Autoscaler live) {
    return name(sight) + " sizes " + live.target() + ", which somebody else has chosen; it stays";
  }

  static String floorName(Sight sight) {
    return Autoscaler.floorName(sight.release().stableScaler().orElseThrow().kind());
  }

  static String name(Sight sight) {
    Scaler scaler = sight.release().stableScaler().orElseThrow();
    return scaler.kind() + " " + scaler.name();
  }
}
