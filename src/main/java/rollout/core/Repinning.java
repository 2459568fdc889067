package rollout.core;

import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.model.Pod;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/**
 * Somebody writes a Service's selector back as it was, while pods that nobody has proven match it:
 * a GitOps controller does. It is pinned again in one write at once, and the release holds until a
 * person has stopped that and resumes; the fourth time it goes back.
 */
final class Repinning {
  private static final String TIMES = "repinned";
  private static final String RESUMED = "drift-resumed";
  private static final int MOST = 3;

  private Repinning() {}

  /** Whether unproven pods of the candidate are let in by this. */
  static boolean unsafe(Sight sight, Service live, Steered steered) {
    RolloutState state = sight.state();
    return !state.reached(Step.Switch.class)
        && state.release().stable().pinned()
        && !steered.stable().equals(steered.original())
        && !(state.reached(Step.Shift.class) && steered.both().equals(steered.original()))
        && live.selector().equals(steered.original());
  }

  /** Pinned once more; told first, which takes no time. */
  static Decision again(Sight sight, Service live, Steered steered, String reason) {
    RolloutState state = sight.state();
    int times = times(state);
    if (times >= MOST) {
      return Turning.back(sight, Cause.DRIFT, reason + ", again and again");
    }
    if (!state.tallies().noted().contains(mark(times))) {
      return new Advance(
          state.counting(state.tallies().noting(mark(times))),
          reason,
          List.of(Ends.note(sight, reason + "; it is put back")));
    }
    return new Act(
        Writes.steerBack(live, state, steered, "pinned", steered.stable()),
        "pods that are not proven must not match");
  }

  /**
   * Where there is no way back any more, the driver at that time has ended unsettled, and has said
   * how the writing is stopped. Whoever takes it over writes the selector once more.
   *
   * @param written the selector that the release wrote last
   */
  static boolean takenOver(Sight sight, Service live, Selector written) {
    RolloutState state = sight.state();
    return !Turning.possible(state)
        && !live.stateText().isEmpty()
        && !live.state().textOrEmpty("by").equals(state.by())
        && sight.seen().pods().stream()
            .filter(Pod::ready)
            .anyMatch(pod -> written.selects(pod.labels()));
  }

  /** The selector as the release wrote it last; told first, which takes no time. */
  static Decision resumed(
      Sight sight, Service live, Steered steered, Selector written, String reason) {
    RolloutState state = sight.state();
    String phase = live.state().textOrEmpty("phase");
    return state.tallies().noted().contains(RESUMED)
        ? new Act(
            Writes.steer(live, state, steered, phase, written),
            "the release goes on from where it was")
        : Ends.telling(sight, RESUMED, reason + "; it is put back");
  }

  /** What was pinned again holds from now on; empty: nothing was. */
  static Optional<Decision> done(Sight sight) {
    RolloutState state = sight.state();
    int times = times(state);
    if (!state.tallies().noted().contains(mark(times))) {
      return Optional.empty();
    }
    Service live = sight.seen().services().get(sight.release().target().name());
    String how =
        Optional.ofNullable(live)
            .flatMap(Repinning::stoppedBy)
            .orElse(
                "kubectl get service "
                    + sight.release().target().name()
                    + " -o yaml --show-managed-fields tells who");
    String held =
        "held: somebody writes the Service's selector back; stop that first (" + how + ")";
    return Optional.of(
        new Advance(
            state.noting(TIMES, String.valueOf(times + 1)).noting(Pausing.HELD, held), held));
  }

  /** How a tool is kept from writing the selector back, if it was one. */
  static Optional<String> stoppedBy(Service live) {
    return Managers.stoppedBy(live.doc(), "spec", ".spec.selector");
  }

  private static int times(RolloutState state) {
    return Integer.parseInt(state.facts().getOrDefault(TIMES, "0"));
  }

  private static String mark(int times) {
    return "drift-" + times;
  }
}
