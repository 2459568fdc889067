package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.core.Observation.Request;
import rollout.plan.Step;

/**
 * A person says wait. The step in progress does what it must, and the next one is not entered;
 * health, checks and deadlines go on, and so does the way back. A pause is a gate: when nobody
 * resumes it in time, the release goes back.
 */
public final class Pausing {
  /** The fact that tells since when. */
  static final String SINCE = "pausedSince";

  /** The fact that tells what a person must put right before it goes on. */
  static final String HELD = "held";

  private Pausing() {}

  /**
   * Whether a release in this state can be paused: settling goes through, and so does going back.
   */
  public static boolean possible(RolloutState state) {
    return state.course() == RolloutState.Course.FORWARD
        && !state.reached(Step.BeginSettle.class)
        && state.current().isPresent();
  }

  /** Whether it holds until a person says that it may go on. */
  public static boolean held(RolloutState state) {
    return heldBy(state).isPresent();
  }

  /** What a person must put right before it goes on; empty: nothing. */
  public static Optional<String> heldBy(RolloutState state) {
    return possible(state) ? Optional.ofNullable(state.facts().get(HELD)) : Optional.empty();
  }

  /** The state of a release that a person lets go on. */
  public static RolloutState resumed(RolloutState state) {
    return state.forgetting(SINCE).forgetting(HELD);
  }

  /** What the step would do, unless it would go on to the next one. */
  static Decision held(Sight sight, Supplier<Decision> step) {
    RolloutState state = sight.state();
    boolean noted = state.facts().containsKey(SINCE);
    Optional<String> why = possible(state) ? why(sight) : Optional.empty();
    if (why.isEmpty()) {
      return noted ? goesOn(sight) : step.get();
    }
    if (!noted) {
      return holds(sight, why.get());
    }
    Instant end =
        Instant.parse(state.facts().get(SINCE)).plus(sight.release().terms().limits().gate());
    if (!sight.now().isBefore(end)) {
      return Turning.back(sight, Cause.DEADLINE, why.get() + ", and nobody resumed it in time");
    }
    Decision next = step.get();
    boolean goesOn =
        next instanceof Advance advance
            && advance.next().course() == state.course()
            && advance.next().step() > state.step();
    return goesOn ? new Gate(end, waiting(sight, why.get())) : next;
  }

  /** A person's pause, or what a person must put right first; until one says go on. */
  private static Optional<String> why(Sight sight) {
    Optional<Request> request = sight.seen().request();
    if (request.filter(Request::pauses).isPresent()) {
      return request.map(one -> "paused by " + one.by());
    }
    boolean goOn = request.filter(Request::goesOn).isPresent();
    return goOn ? Optional.empty() : heldBy(sight.state());
  }

  private static Decision holds(Sight sight, String why) {
    return new Advance(
        sight.state().noting(SINCE, sight.now().toString()),
        why,
        List.of(Gates.event(sight, "pause", "waiting", waiting(sight, why))));
  }

  private static Decision goesOn(Sight sight) {
    String by = sight.seen().request().map(one -> " by " + one.by()).orElse("");
    return new Advance(
        resumed(sight.state()),
        "resumed" + by,
        List.of(Gates.event(sight, "pause", "passed", "resumed" + by)));
  }

  private static String waiting(Sight sight, String why) {
    return why + "; to go on: rollout resume " + sight.release().target().name();
  }
}
