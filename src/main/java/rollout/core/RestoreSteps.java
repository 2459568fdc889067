package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;

/**
 * Going back while a copy settles. The warm pods may have left already, so traffic goes back first
 * only where enough of them are still there; else the candidate serves until stable has its old
 * template again.
 */
final class RestoreSteps {
  private RestoreSteps() {}

  static Decision restore(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return BackSteps.partly(sight, ForwardSteps.gone(state.release().stable().name()));
    }
    Deployment live = stable.get();
    // Stable first, here alone: a Service that keeps to pods which go on leaving would end empty,
    // and whoever pins it may be killed before the pause.
    if (!ForwardSteps.isOurs(live.claim(), state)) {
      return new Act(
          Writes.claimBack(
              live,
              state,
              Patch.none().put(true, "spec", "paused"),
              "paused: " + live.paused(),
              "paused: true"),
          "no more of the pods that served before may leave");
    }
    boolean written = state.going().filter(one -> one.written().isPresent()).isPresent();
    if (!written && !live.observed() && !sight.late(Timings.OBSERVE)) {
      return new Wait(sight.until(Timings.OBSERVE), "waiting until the pause is observed");
    }
    boolean warm = staying(sight) >= Math.max(1, state.release().stable().replicas());
    Optional<Decision> services = services(sight, warm);
    if (services.isPresent()) {
      return services.get();
    }
    if (sight.stableTemplateUnchanged()) {
      return rolledBack(sight, live);
    }
    boolean foreign =
        sight
            .candidate()
            .filter(one -> !SettleSteps.hasTaken(live, SettleSteps.promoted(sight, one)))
            .isPresent();
    return foreign ? BackSteps.foreignTemplate(sight, live) : oldTemplate(sight, live);
  }

  /**
   * Ready pods of stable that served and stay. Before the pause their ReplicaSet may have been told
   * to want fewer, and whoever ends them may be late.
   */
  private static int staying(Sight sight) {
    int wanted = sight.setThatServed().map(ReplicaSet::wanted).orElse(0);
    return Math.min(sight.stableReady().size(), wanted);
  }

  private static Optional<Decision> services(Sight sight, boolean warm) {
    for (Steered steered : sight.state().release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        continue;
      }
      boolean ours = ForwardSteps.isOurs(live.get().state(), sight.state());
      Selector to = warm ? steered.stable() : live.get().selector();
      boolean moves = !live.get().selector().equals(to);
      if (ours && moves && sight.state().tallies().tried() >= Timings.REWRITES) {
        return Optional.of(
            BackSteps.partly(
                sight, "somebody keeps changing the selector of Service " + live.get().name()));
      }
      if (moves && !sight.seen().fresh()) {
        // The watch that tells of the pause may be ahead of the one that tells what the pods do.
        return Optional.of(new Wait(sight.now(), true, "one more look at the pods that served"));
      }
      if (!ours || moves) {
        return Optional.of(
            new Act(
                Writes.steerBack(live.get(), sight.state(), steered, "settle", to),
                warm
                    ? "back: " + sight.state().going().map(GoingBack::reason).orElse("")
                    : "nobody may go forward from here any more"));
      }
    }
    GoingBack going = sight.state().going().orElseThrow();
    return going.written().isEmpty()
        ? Optional.of(
            new Advance(
                sight.state().going(going.writtenAt(sight.now())),
                warm ? "traffic is written back" : "stamped"))
        : Optional.empty();
  }

  private static Decision oldTemplate(Sight sight, Deployment live) {
    Stable stable = sight.release().stable();
    Optional<Doc> old =
        sight.seen().replicaSets().stream()
            .filter(set -> set.uid().equals(stable.replicaSetUid()))
            .findFirst()
            .map(ReplicaSet::template);
    if (old.isEmpty()) {
      return BackSteps.partly(
          sight,
          "ReplicaSet "
              + stable.replicaSet()
              + " with the old template is gone; traffic stays on "
              + sight.release().candidate().name());
    }
    int size = Math.max(stable.replicas(), sight.candidate().map(Deployment::replicas).orElse(0));
    Patch more =
        Patch.none()
            .put(old.get(), "spec", "template")
            .and(SettleSteps.unpaused(live))
            .put(size, "spec", "replicas");
    return new Act(
        Writes.claimBack(
            live,
            sight.state(),
            more,
            "the new template",
            "the template of " + stable.replicaSet()),
        "stable gets back what it ran before");
  }

  private static Decision rolledBack(Sight sight, Deployment live) {
    if (live.paused() && live.observed() && !live.rolledOut()) {
      return new Act(
          Writes.claimBack(
              live, sight.state(), SettleSteps.unpaused(live), "paused: true", "paused: false"),
          "the old template must be rolled out");
    }
    Duration limit = sight.release().terms().limits().settle();
    if (!live.rolledOut()) {
      return sight.late(limit)
          ? BackSteps.partly(
              sight, "Deployment " + live.name() + " does not get ready with its old template")
          : new Wait(
              sight.until(limit), "waiting for " + live.name() + " to run the old version again");
    }
    if (!live.paused()) {
      return new Act(
          Writes.claimBack(
              live,
              sight.state(),
              Patch.none().put(true, "spec", "paused"),
              "paused: false",
              "paused: true"),
          "nobody's apply may replace its pods while its Services keep to them");
    }
    boolean only =
        sight.release().services().stream()
            .filter(one -> sight.service(one).isPresent())
            .allMatch(one -> sight.sendsOnlyTo(one.name(), ForwardSteps.stableBehind(sight, one)));
    return Ends.observed(
        sight,
        only,
        limit.plus(Timings.OBSERVE),
        "only pods of " + live.name() + " are behind the Service",
        () -> observed(sight),
        () ->
            BackSteps.partly(
                sight,
                "traffic was written back, but the endpoints do not show it: " + sight.traffic()));
  }

  private static Decision observed(Sight sight) {
    GoingBack going = sight.state().going().orElseThrow().observedAt(sight.now());
    Event traffic =
        new Event(
            Event.TRAFFIC,
            Phase.ROLLBACK,
            "new connections go to " + sight.release().stable().name() + ", observed",
            Doc.of(
                "requested", 0, "effective", 0, "observed", Math.max(0, sight.observedPercent())));
    return new Advance(
        sight.state().going(going).next(sight.now()),
        "traffic is back, observed: " + sight.traffic(),
        List.of(BackSteps.event(going), traffic));
  }
}
