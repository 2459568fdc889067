package rollout.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.core.Observation.Request;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.Step;

/**
 * A person says wait. The step in progress does what it must, and the next one is not entered;
 * health, checks and deadlines go on, and so does the way back. A pause is a gate: when nobody
 * resumes it in time, the release goes back.
 */
public final class Pausing {
  /** The fact that tells since when. */
  static final String SINCE = "pausedSince";

  private Pausing() {}

  /**
   * Whether a release in this state can be paused: settling goes through, and so does going back.
   */
  public static boolean possible(RolloutState state) {
    return state.course() == RolloutState.Course.FORWARD
        && !state.reached(Step.BeginSettle.class)
        && state.current().isPresent();
  }

  /** What the step would do, unless it would go on to the next one. */
  static Decision held(Sight sight, Supplier<Decision> step) {
    RolloutState state = sight.state();
    Optional<Request> pause = sight.seen().request().filter(Request::pauses);
    boolean noted = state.facts().containsKey(SINCE);
    if (pause.isEmpty() || !possible(state)) {
      return noted ? resumed(sight) : step.get();
    }
    if (!noted) {
      return paused(sight, pause.get());
    }
    Instant end =
        Instant.parse(state.facts().get(SINCE)).plus(sight.release().terms().limits().gate());
    if (!sight.now().isBefore(end)) {
      return Turning.back(
          sight,
          Cause.DEADLINE,
          "paused by " + pause.get().by() + ", and nobody resumed it in time");
    }
    Decision next = step.get();
    boolean goesOn =
        next instanceof Advance advance
            && advance.next().course() == state.course()
            && advance.next().step() > state.step();
    return goesOn ? new Gate(end, waiting(sight, pause.get())) : next;
  }

  private static Decision paused(Sight sight, Request pause) {
    RolloutState noting = sight.state().noting(SINCE, sight.now().toString());
    return new Advance(
        noting, "paused by " + pause.by(), List.of(gate(sight, "waiting", waiting(sight, pause))));
  }

  private static Decision resumed(Sight sight) {
    String by = sight.seen().request().map(one -> " by " + one.by()).orElse("");
    return new Advance(
        sight.state().forgetting(SINCE),
        "resumed" + by,
        List.of(gate(sight, "passed", "resumed" + by)));
  }

  private static String waiting(Sight sight, Request pause) {
    return "paused by "
        + pause.by()
        + "; to go on: rollout resume "
        + sight.release().target().name();
  }

  private static Event gate(Sight sight, String state, String message) {
    Phase phase = sight.state().current().map(Step::phase).orElse(Phase.VERIFY);
    return new Event(Event.GATE, phase, message, Doc.of("name", "pause", "state", state));
  }
}
