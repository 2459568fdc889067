package rollout.core;

import java.util.Optional;

/** The finding that stable cannot live with the new schema, as the journal has it. */
public final class StableBroken {
  /** The fact that tells why. */
  static final String WHY = "stableBroken";

  /** The fact that tells since when it is known. */
  static final String SINCE = "stableBrokenSince";

  /** The fact that tells who went on all the same. */
  static final String FORWARD = "stableBrokenForward";

  private StableBroken() {}

  /** Why a release waits for a person; empty: it does not, or for another reason. */
  public static Optional<String> why(RolloutState state) {
    return state.course() == RolloutState.Course.FORWARD && !state.facts().containsKey(FORWARD)
        ? Optional.ofNullable(state.facts().get(WHY))
        : Optional.empty();
  }

  /** Whether a release waits for a person because of it. */
  public static boolean waits(RolloutState state) {
    return why(state).isPresent();
  }
}
