package rollout.core;

import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.model.Autoscaler;
import rollout.plan.Step;

/**
 * What somebody does to what sizes stable, while stable must stay whole. What is written back as it
 * was before, as a GitOps controller does, is set again, three times; any other value is a person's
 * and stays.
 */
final class ScalerGuard {
  private static final String TIMES = "scalerRewritten";
  private static final int MOST = 3;

  private ScalerGuard() {}

  /** What must be told or written before the step goes on. */
  static Optional<Decision> touched(Sight sight) {
    RolloutState state = sight.state();
    boolean between =
        state.facts().containsKey(ScalerSteps.FLOOR)
            && state.passed(Step.RaiseFloor.class)
            && !state.reached(Step.BeginSettle.class);
    if (!between) {
      return Optional.empty();
    }
    Optional<Autoscaler> live = sight.scaler();
    if (live.isEmpty()) {
      String gone = ScalerSteps.name(sight) + " is gone, or another one: it is left alone";
      return once(sight, "scaler-gone", gone);
    }
    return writtenBack(sight, live.get())
        ? again(sight, live.get())
        : settled(sight).or(() -> foreign(sight, live.get()));
  }

  private static boolean writtenBack(Sight sight, Autoscaler live) {
    return live.stateText().isEmpty() || floorBack(sight, live) || targetBack(sight, live);
  }

  private static boolean floorBack(Sight sight, Autoscaler live) {
    return live.floor().equals(ScalerSteps.before(sight.state())) && !hasOurFloor(sight, live);
  }

  private static boolean hasOurFloor(Sight sight, Autoscaler live) {
    return live.floor().filter(ScalerSteps.raised(sight)::equals).isPresent();
  }

  private static boolean targetBack(Sight sight, Autoscaler live) {
    return sight.state().passed(Step.Retarget.class)
        && live.target().equals(sight.release().stable().name());
  }

  private static Optional<Decision> again(Sight sight, Autoscaler live) {
    RolloutState state = sight.state();
    int times = times(state);
    String back = who(live) + " wrote " + ScalerSteps.name(sight) + " back as it was";
    if (times >= MOST || state.tallies().tried() >= Timings.REWRITES) {
      String left =
          back
              + " again and again, so it is left so: "
              + sight.release().stable().name()
              + " may lose pods before the release is over";
      return once(sight, "scaler-left", left);
    }
    if (!state.tallies().noted().contains(mark(times))) {
      return Optional.of(Ends.telling(sight, mark(times), back + "; it is set again"));
    }
    Optional<String> floor =
        floorBack(sight, live) ? Optional.of(ScalerSteps.raised(sight)) : live.floor();
    String target = targetBack(sight, live) ? sight.release().candidate().name() : live.target();
    return Optional.of(new Act(ScalerWrites.marked(live, state, floor, target), back));
  }

  /** What was set again holds, so that the next time is counted as another. */
  private static Optional<Decision> settled(Sight sight) {
    RolloutState state = sight.state();
    int times = times(state);
    return state.tallies().noted().contains(mark(times))
        ? Optional.of(
            new Advance(
                state.noting(TIMES, String.valueOf(times + 1)),
                ScalerSteps.name(sight) + " is as it must be",
                List.of()))
        : Optional.empty();
  }

  private static Optional<Decision> foreign(Sight sight, Autoscaler live) {
    if (!hasOurFloor(sight, live)) {
      String says =
          ScalerSteps.floorName(sight)
              + " of "
              + ScalerSteps.name(sight)
              + " is "
              + live.floor().orElse(ScalerWrites.ABSENT)
              + " now, set by "
              + who(live)
              + "; it stays";
      return once(sight, "scaler-floor", says);
    }
    return Optional.empty();
  }

  private static Optional<Decision> once(Sight sight, String mark, String message) {
    return sight.state().tallies().noted().contains(mark)
        ? Optional.empty()
        : Optional.of(Ends.telling(sight, mark, message));
  }

  private static String who(Autoscaler live) {
    return Managers.somebody(live.doc(), "spec");
  }

  private static int times(RolloutState state) {
    return Integer.parseInt(state.facts().getOrDefault(TIMES, "0"));
  }

  private static String mark(int times) {
    return "scaler-" + times;
  }
}
