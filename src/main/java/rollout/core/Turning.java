package rollout.core;

import java.time.Instant;
import java.util.Optional;
import rollout.core.Decision.Advance;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.plan.Form;
import rollout.plan.Step;

/** The turn from forward to back: which list of steps leads home from here. */
final class Turning {
  /** The reason of whoever only goes on with what another has begun. */
  static final String BEFORE = "the driver before this one had turned back already";

  private Turning() {}

  /** Whether there is a way back at all: from {@code settled} on, only forward. */
  static boolean possible(RolloutState state) {
    if (state.release().form() == Form.SWAP) {
      return !state.reached(Step.BeginSettle.class);
    }
    return !state.passed(Step.SettleStable.class);
  }

  /** The decision to go back, for a reason whose evidence is there now. */
  static Advance back(Sight sight, Cause cause, String reason) {
    return back(sight, cause, reason, sight.now());
  }

  /**
   * The decision to go back.
   *
   * @param detected when the evidence was there
   */
  static Advance back(Sight sight, Cause cause, String reason, Instant detected) {
    RolloutState state = sight.state();
    Course course = state.reached(Step.BeginSettle.class) ? Course.BACK_FROM_SETTLE : Course.BACK;
    GoingBack why =
        new GoingBack(
            cause,
            reason,
            state.step(),
            state.reached(Step.Switch.class) || state.reached(Step.Shift.class),
            detected,
            sight.now(),
            Optional.empty(),
            Optional.empty());
    return new Advance(state.back(course, why, sight.now()), reason);
  }
}
