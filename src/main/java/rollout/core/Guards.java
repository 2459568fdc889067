package rollout.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Finish;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.plan.Form;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/**
 * What is looked at before any step: who holds the objects, who wants the end, what has changed
 * under us.
 */
final class Guards {
  private Guards() {}

  static Optional<Decision> first(Sight sight) {
    List<Stamp> stamps = stamps(sight);
    Optional<Decision> lost = fenced(sight, stamps);
    if (lost.isPresent()) {
      return lost;
    }
    if (sight.state().course() != Course.FORWARD) {
      return outOfTime(sight);
    }
    if (sight.release().form() == Form.CONTRACT) {
      // It holds no object but its Job, so there is nothing that anybody could change under it.
      return asked(sight).or(() -> pastDeadline(sight));
    }
    return turnedBack(sight, stamps)
        .or(() -> asked(sight))
        .or(() -> unhealthy(sight))
        .or(() -> drifted(sight))
        .or(() -> pastDeadline(sight))
        .or(() -> restamp(sight))
        .or(() -> Baseline.changed(sight))
        .or(() -> StableGuard.touched(sight))
        .or(() -> ScalerGuard.touched(sight))
        .or(() -> StableReplaced.pinnedPodsLeave(sight));
  }

  /** A foreign or higher stamp: nothing more is written. */
  private static Optional<Decision> fenced(Sight sight, List<Stamp> stamps) {
    Stamp own = sight.state().stamp();
    return stamps.stream()
        .filter(stamp -> stamp.fences(own))
        .findFirst()
        .map(stamp -> lost(sight, stamp));
  }

  private static Decision lost(Sight sight, Stamp stamp) {
    String says =
        "another driver (epoch "
            + stamp.epoch()
            + ", going "
            + stamp.way().word()
            + ") has taken "
            + sight.release().target().name()
            + " over; this one has stopped. See: rollout status "
            + sight.release().target().name();
    Outcome outcome =
        new Outcome(Result.LOST, sight.release().revision(), "as the other driver has it", says);
    return new Finish(outcome, false, says);
  }

  private static List<Stamp> stamps(Sight sight) {
    List<Doc> states = new ArrayList<>();
    for (Steered steered : sight.release().services()) {
      sight.service(steered).map(Service::state).ifPresent(states::add);
    }
    ForwardSteps.claimable(sight).stream().map(Deployment::claim).forEach(states::add);
    states.addAll(RouteGuard.states(sight));
    sight.scaler().map(Autoscaler::state).ifPresent(states::add);
    return states.stream().filter(state -> !state.isEmpty()).map(Stamp::in).toList();
  }

  /** Back never turns: whoever finds it goes on backwards, whatever the journal says. */
  private static Optional<Decision> turnedBack(Sight sight, List<Stamp> stamps) {
    boolean back = stamps.stream().anyMatch(stamp -> stamp.way() == Way.BACK);
    return back ? Optional.of(Turning.back(sight, Cause.PERSON, Turning.BEFORE)) : Optional.empty();
  }

  private static Optional<Decision> asked(Sight sight) {
    return sight.seen().interrupt().map(interrupt -> interrupted(sight, interrupt));
  }

  /**
   * Whoever sent SIGTERM kills soon. Traffic goes back first whatever happens; what is left of the
   * rest then is left in good order, for the next driver: who was to leave things as they are has
   * one, and its end is no decision that would keep a Job from another pod.
   */
  private static Optional<Decision> outOfTime(Sight sight) {
    GoingBack going = sight.state().going().orElseThrow();
    Optional<Interrupt> told = sight.seen().interrupt().filter(Interrupt::terminated);
    boolean soon =
        going.cause() == Cause.INTERRUPT
            && sight.now().isBefore(going.decided().plus(Timings.TERMINATED));
    if (soon || going.observed().isEmpty() || sight.state().current().isEmpty()) {
      return Optional.empty();
    }
    return told.map(
        interrupt ->
            interrupt == Interrupt.LEAVE_TERMINATED
                ? left(sight, Result.TERMINATED)
                : BackSteps.partly(sight, "told to end"));
  }

  private static Decision interrupted(Sight sight, Interrupt interrupt) {
    return switch (interrupt) {
      case GO_BACK, GO_BACK_TERMINATED ->
          sight.state().reached(Step.BeginSettle.class)
              ? SettleSteps.unsettled(sight, "interrupted while settling")
              : Turning.back(sight, Cause.INTERRUPT, "interrupted");
      case LEAVE -> left(sight, Result.INTERRUPTED);
      case LEAVE_TERMINATED -> left(sight, Result.TERMINATED);
    };
  }

  private static Decision left(Sight sight, Result result) {
    String says =
        "interrupted and left as it is, in step "
            + sight.state().current().map(Step::id).orElse("end")
            + ". Traffic: "
            + sight.traffic()
            + ". Go on: rollout resume "
            + sight.release().target().name()
            + ". Go back: rollout rollback "
            + sight.release().target().name();
    return new Finish(
        new Outcome(result, sight.release().revision(), sight.traffic(), says), false, says);
  }

  /**
   * A container that ended or restarted, an image that cannot be had: no metrics needed, no second
   * look.
   */
  private static Optional<Decision> unhealthy(Sight sight) {
    RolloutState state = sight.state();
    boolean watched =
        (state.reached(Step.StartCandidate.class) && !state.reached(Step.BeginSettle.class))
            || state.reached(Step.StartInstalled.class);
    boolean given = !state.release().candidate().uid().isEmpty();
    return watched
        ? CandidateHealth.problem(sight.candidatePods(), given ? state.started() : Instant.MIN)
            .map(
                problem ->
                    Turning.back(sight, CandidateHealth.cause(sight.candidatePods()), problem))
        : Optional.empty();
  }

  /** Somebody changed a Service: what stands in it is no longer what was decided. */
  private static Optional<Decision> drifted(Sight sight) {
    RolloutState state = sight.state();
    boolean pinning = state.current().filter(Step.Pin.class::isInstance).isPresent();
    if (!(pinning || state.passed(Step.Pin.class)) || state.reached(Step.Free.class)) {
      return Optional.empty();
    }
    for (Steered steered : state.release().services()) {
      Optional<Service> live =
          sight.service(steered).filter(one -> !pinning || !one.stateText().isEmpty());
      Selector written = new Selector(live.map(Service::state).orElse(Doc.EMPTY).texts("now"));
      if (live.isPresent() && !live.get().selector().equals(written)) {
        String reason = drift(live.get());
        if (Repinning.unsafe(sight, live.get(), steered)) {
          return Optional.of(Repinning.again(sight, live.get(), steered, reason));
        }
        return Optional.of(
            Repinning.takenOver(sight, live.get(), written)
                ? Repinning.resumed(sight, live.get(), steered, written, reason)
                : backFrom(sight, reason));
      }
    }
    return RouteGuard.drift(sight).map(why -> backFrom(sight, why)).or(() -> Repinning.done(sight));
  }

  private static String drift(Service live) {
    return Managers.somebody(live.doc(), "spec")
        + (live.stateText().isEmpty()
            ? " took the release's state off Service "
            : " changed the selector of Service ")
        + live.name()
        + (live.stateText().isEmpty() ? "; its selector is " : " to ")
        + live.selector()
        + Repinning.stoppedBy(live).map(one -> ". " + one).orElse("");
  }

  private static Decision backFrom(Sight sight, String reason) {
    return Turning.possible(sight.state())
        ? Turning.back(sight, Cause.DRIFT, reason)
        : SettleSteps.unsettled(sight, reason);
  }

  private static Optional<Decision> pastDeadline(Sight sight) {
    Optional<Instant> end =
        sight.release().terms().limits().overall().map(sight.state().started()::plus);
    if (end.isEmpty() || sight.now().isBefore(end.get())) {
      return Optional.empty();
    }
    if (!sight.state().reached(Step.BeginSettle.class)) {
      return Optional.of(
          Turning.back(sight, Cause.DEADLINE, "past the deadline of the whole release"));
    }
    // Whoever takes an unsettled release over after its deadline is there to finish it.
    return end.get().isBefore(sight.state().stepStarted())
        ? Optional.empty()
        : Optional.of(SettleSteps.unsettled(sight, "past the deadline"));
  }

  /**
   * A takeover that writes nothing fences nothing: every object gets this driver's stamp before
   * anything else.
   */
  private static Optional<Decision> restamp(Sight sight) {
    RolloutState state = sight.state();
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isPresent() && isOld(live.get().state(), state)) {
        String phase = live.get().state().textOrEmpty("phase");
        return Optional.of(
            new Act(
                Writes.steer(live.get(), state, steered, phase, live.get().selector()),
                "taken over: epoch " + state.epoch()));
      }
    }
    Optional<Autoscaler> scaler = sight.scaler().filter(live -> isOld(live.state(), state));
    if (scaler.isPresent()) {
      return Optional.of(
          new Act(
              ScalerWrites.marked(scaler.get(), state, scaler.get().floor(), scaler.get().target()),
              "taken over: epoch " + state.epoch()));
    }
    return ForwardSteps.claimable(sight).stream()
        .filter(live -> isOld(live.claim(), state))
        .findFirst()
        .map(
            live ->
                new Act(
                    Writes.claim(live, state, Patch.none(), "claimed", "taken over"),
                    "taken over: epoch " + state.epoch()))
        .<Decision>map(act -> act)
        .or(() -> RouteGuard.restamp(sight));
  }

  private static boolean isOld(Doc stateOrClaim, RolloutState state) {
    return !stateOrClaim.isEmpty() && !stateOrClaim.textOrEmpty("by").equals(state.by());
  }
}
