package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Way;
import rollout.plan.Step;

/** How a step ends: done at once, or seen twice, or too late. */
final class Ends {
  private Ends() {}

  /** The step is done. */
  static Decision done(Sight sight, String why) {
    return new Advance(sight.state().next(sight.now()), why);
  }

  /** The step is done, with something to tell. */
  static Decision done(Sight sight, String why, List<Event> events) {
    return new Advance(sight.state().next(sight.now()), why, events);
  }

  /**
   * The step is done because there is nothing that it is about. Going back, a fresh list must show
   * that: the driver before may have made it an instant ago, and a watch may be behind.
   */
  static Decision absent(Sight sight, String why) {
    boolean sure = sight.seen().fresh() || sight.state().way() == Way.FORWARD;
    return sure ? done(sight, why) : new Wait(sight.now(), true, "a fresh list must show: " + why);
  }

  /** Something to know, in the phase of the step in progress. */
  static Event note(Sight sight, String message) {
    Phase phase = sight.state().current().map(Step::phase).orElse(Phase.DEPLOY);
    return new Event(Event.NOTE, phase, message, Doc.EMPTY);
  }

  /** Tells it, and remembers that it was told. */
  static Decision telling(Sight sight, String mark, String message) {
    RolloutState state = sight.state();
    return new Advance(
        state.counting(state.tallies().noting(mark)), message, List.of(note(sight, message)));
  }

  /**
   * A wanted end that must be seen in two looks, the second one fresh: a slice may be rebuilt from
   * a stale cache, so one look proves little.
   *
   * @param holds whether this look shows it
   * @param limit how long the step may take
   * @param done what follows when it is observed
   * @param late what follows when the limit has passed
   */
  static Decision observed(
      Sight sight,
      boolean holds,
      Duration limit,
      String what,
      Supplier<Decision> done,
      Supplier<Decision> late) {
    RolloutState state = sight.state();
    Tallies tallies = state.tallies();
    if (!holds) {
      if (tallies.looks() > 0) {
        return new Advance(state.counting(tallies.unseen()), "not seen any more: " + what);
      }
      return sight.late(limit) ? late.get() : new Wait(sight.until(limit), "waiting until " + what);
    }
    if (tallies.looks() == 0) {
      return new Advance(state.counting(tallies.seen(sight.now())), "seen once: " + what);
    }
    Instant second = tallies.seenSince().orElse(sight.now()).plus(Timings.SECOND_LOOK);
    if (sight.now().isBefore(second)) {
      return new Wait(second, true, "a second look: " + what);
    }
    return sight.seen().fresh()
        ? done.get()
        : new Wait(sight.now(), true, "a second look: " + what);
  }
}
