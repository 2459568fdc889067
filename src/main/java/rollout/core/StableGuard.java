package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.ReplicaSet;
import rollout.plan.Step;

/**
 * What somebody does to stable between its pause and its settling. Its pods are what traffic goes
 * back to, so they stay: it is paused again at once, and gets its template back where its pods have
 * begun to leave. Another template alone is told, and left to the end.
 */
final class StableGuard {
  private static final String RESTORED = "template-restored";
  private static final String TOLD = "template";
  private static final String PAUSED = "pausedAgain";
  private static final Duration ANSWERED = Duration.ofSeconds(1);

  private StableGuard() {}

  /** What must be done before the step goes on. */
  static Optional<Decision> touched(Sight sight) {
    RolloutState state = sight.state();
    boolean between =
        state.passed(Step.PauseStable.class)
            && !state.reached(Step.SettleStable.class)
            && !state.reached(Step.Retire.class);
    if (!between) {
      return Optional.empty();
    }
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return Optional.of(gone(sight));
    }
    Deployment live = stable.get();
    Optional<ReplicaSet> served = sight.setThatServed();
    boolean fewer = served.filter(set -> set.wanted() < live.replicas()).isPresent();
    if (!sight.stableTemplateUnchanged()) {
      return fewer ? restored(sight, live, served.get()) : foreign(sight, live);
    }
    // Unpaused and fewer: its pods are on their way back, and pausing now would stop them.
    return live.paused() || fewer ? Optional.empty() : unpaused(sight, live);
  }

  /**
   * With the template that its pods have, none of them leaves, so there is no hurry: whoever
   * unpauses it again at once is answered for a second out of ten, and the release goes on.
   */
  private static Optional<Decision> unpaused(Sight sight, Deployment live) {
    RolloutState state = sight.state();
    Optional<Duration> since =
        Optional.ofNullable(state.facts().get(PAUSED))
            .map(last -> Duration.between(Instant.parse(last), sight.now()).abs());
    if (since.filter(time -> time.compareTo(ANSWERED) < 0).isPresent()) {
      return Optional.of(paused(sight, live));
    }
    return since.filter(time -> time.compareTo(Timings.APART) < 0).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Advance(
                state.noting(PAUSED, sight.now().toString()), unpausedBySomebody(live), List.of()));
  }

  private static String unpausedBySomebody(Deployment live) {
    return "somebody unpaused " + live.name() + " in the midst";
  }

  private static Optional<Decision> foreign(Sight sight, Deployment live) {
    if (!live.paused()) {
      return Optional.of(paused(sight, live));
    }
    String message = whoGave(live) + "; it is paused, so the pods that serve stay";
    return told(sight, TOLD) ? Optional.empty() : Optional.of(Ends.telling(sight, TOLD, message));
  }

  private static Decision paused(Sight sight, Deployment live) {
    return new Act(
        Writes.claim(
            live,
            sight.state(),
            Patch.none().put(true, "spec", "paused"),
            "paused: false",
            "paused: true"),
        unpausedBySomebody(live));
  }

  private static Optional<Decision> restored(Sight sight, Deployment live, ReplicaSet served) {
    String message =
        whoGave(live) + " and let it replace pods that serve; it gets its template back";
    if (!told(sight, RESTORED)) {
      return Optional.of(Ends.telling(sight, RESTORED, message));
    }
    if (sight.state().tallies().tried() >= Timings.REWRITES) {
      return Optional.of(
          Turning.back(sight, Cause.DRIFT, whoGave(live) + ", again and again, and unpaused it"));
    }
    Patch more =
        Patch.none().put(served.template(), "spec", "template").and(SettleSteps.unpaused(live));
    return Optional.of(
        new Act(
            Writes.claim(
                live,
                sight.state(),
                more,
                "another template",
                "the template of " + served.name() + ", paused: false"),
            message));
  }

  private static Decision gone(Sight sight) {
    String gone = ForwardSteps.gone(sight.release().stable().name());
    Instant end = sight.until(sight.release().terms().limits().gate());
    return sight.now().isBefore(end)
        ? new Wait(end, "holding: " + gone + "; traffic stays where pods are ready")
        : Turning.back(sight, Cause.DRIFT, gone);
  }

  private static String whoGave(Deployment live) {
    return Managers.somebody(live.doc(), "spec")
        + " gave Deployment "
        + live.name()
        + " another template";
  }

  private static boolean told(Sight sight, String what) {
    return sight.state().tallies().noted().contains(what);
  }
}
