package rollout.core;

import java.time.Duration;
import java.util.List;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.Step;

/** What waits for a person. */
final class Gates {
  private Gates() {}

  /**
   * Waits for a promotion: told once, and back when nobody comes in time.
   *
   * @param name as in the event: {@code hold}
   * @param mark by which it is known that it was told
   */
  static Decision awaitPromotion(Sight sight, String name, String mark) {
    Duration limit = sight.release().terms().limits().gate();
    if (sight.late(limit)) {
      return Turning.back(sight, Cause.DEADLINE, "nobody promoted it in time");
    }
    String verb = "rollout promote " + sight.release().target().name();
    RolloutState state = sight.state();
    return state.tallies().noted().contains(mark)
        ? new Gate(sight.until(limit), "waiting for a person: " + verb)
        : new Advance(
            state.counting(state.tallies().noting(mark)),
            "waiting for a person",
            List.of(event(sight, name, "waiting", "waiting for: " + verb)));
  }

  /**
   * What is told of a gate.
   *
   * @param now {@code waiting} or {@code passed}
   */
  static Event event(Sight sight, String name, String now, String message) {
    Phase phase = sight.state().current().map(Step::phase).orElse(Phase.VERIFY);
    return new Event(Event.GATE, phase, message, Doc.of("name", name, "state", now));
  }
}
