package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Service;
import rollout.model.Verdict;
import rollout.plan.Release.Steered;

/** The steps around the switch: verify, switch. */
final class ShiftSteps {
  /** The fact that tells when traffic was sent to the candidate. */
  static final String SWITCHED_AT = "switchedAt";

  /**
   * How long nothing about the candidate is no news yet: its first requests must be scraped first,
   * and scrapes a minute apart are usual.
   */
  static final Duration NO_DATA_GRACE = Duration.ofSeconds(90);

  private ShiftSteps() {}

  /** The checks before any production traffic: what fails, fails; silence is normal. */
  static Decision verify(Sight sight) {
    RolloutState state = sight.state();
    Optional<String> moved = MovedTag.found(sight);
    if (moved.isPresent()) {
      return Turning.back(sight, Cause.DRIFT, moved.get());
    }
    if (Checks.onMetrics(state).isEmpty()) {
      return Ends.done(sight, "the candidate's pods are well");
    }
    Optional<Advance> judged = Checks.judgeNewRound(sight);
    if (judged.isPresent()) {
      return judged.get();
    }
    Optional<Checks.Failed> failed = Checks.failed(state);
    if (failed.isPresent() && failed.get().check().onFail() == Check.OnFail.ROLLBACK) {
      return Turning.back(
          sight, Cause.HEALTH, failed.get().reason(), state.tallies().judged().orElse(sight.now()));
    }
    if (failed.isPresent()) {
      return heldByCheck(sight, failed.get());
    }
    boolean asked =
        state.tallies().judged().filter(at -> !at.isBefore(state.stepStarted())).isPresent();
    boolean failing = state.tallies().fails().values().stream().anyMatch(count -> count > 0);
    boolean away = state.tallies().verdicts().values().stream().anyMatch(ShiftSteps::backendAway);
    if (asked && !failing && !away) {
      return Ends.done(sight, "no check objects");
    }
    Duration limit = state.release().terms().limits().noData();
    return sight.late(limit)
        ? Turning.back(
            sight,
            Cause.NO_DATA,
            "no answer from the metrics backend for "
                + text(limit)
                + ": the candidate could not be watched")
        : new Wait(
            sight.until(limit),
            away ? "holding: the metrics backend is away" : "waiting for the checks");
  }

  /** A check that only holds: a person decides, or nobody does in time. */
  private static Decision heldByCheck(Sight sight, Checks.Failed failed) {
    Optional<Observation.Request> promote =
        sight.seen().request().filter(one -> one.verb().equals("promote"));
    if (promote.isPresent()) {
      return Ends.done(sight, "promoted by " + promote.get().by() + ", against " + failed.reason());
    }
    Duration limit = sight.release().terms().limits().gate();
    String why = "held by check " + failed.reason();
    return sight.late(limit)
        ? Turning.back(sight, Cause.HEALTH, why + ", for " + text(limit))
        : new Wait(
            sight.until(limit),
            why + "; to go on: rollout promote " + sight.release().target().name());
  }

  private static boolean backendAway(Verdict verdict) {
    return verdict instanceof Verdict.NoData noData && noData.backendAway();
  }

  private static String text(Duration duration) {
    return rollout.model.Durations.text(duration);
  }

  /**
   * Row 9: all traffic to the candidate, one conditional write a Service, observed on the slices.
   */
  static Decision switchOver(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> candidate = sight.candidate();
    if (candidate.isEmpty()) {
      return Turning.back(
          sight, Cause.DRIFT, ForwardSteps.gone(state.release().candidate().name()));
    }
    boolean begun = state.facts().containsKey(SWITCHED_AT);
    if (!begun) {
      return switchable(sight, candidate.get())
          .orElseGet(
              () ->
                  new Advance(
                      state.noting(SWITCHED_AT, sight.now().toString()), "about to switch"));
    }
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        return Turning.back(sight, Cause.DRIFT, "Service " + steered.name() + " is gone");
      }
      boolean there =
          live.get().selector().equals(steered.candidate())
              && live.get().state().textOrEmpty("phase").equals("switched");
      if (!there && sight.candidateReady().isEmpty()) {
        return Turning.back(sight, Cause.HEALTH, "the candidate has no ready pod any more");
      }
      if (!there && selectsNone(sight, steered)) {
        return Turning.back(
            sight,
            Cause.DRIFT,
            "Service " + steered.name() + " would select no pod with " + steered.candidate());
      }
      if (!there) {
        return new Act(
            Writes.steer(live.get(), state, steered, "switched", steered.candidate()),
            "all traffic of " + steered.name() + " to " + state.release().candidate().name());
      }
    }
    boolean only =
        state.release().services().stream()
            .allMatch(one -> sight.sendsOnlyTo(one.name(), sight.candidateReady()));
    return Ends.observed(
        sight,
        only,
        Timings.OBSERVE,
        "only pods of the candidate are behind the Service",
        () -> switched(sight),
        () ->
            Turning.back(
                sight,
                Cause.DEADLINE,
                "the switch did not show in the endpoints: " + sight.traffic()));
  }

  /** A selector that matches nothing is never written, whatever made it so. */
  private static boolean selectsNone(Sight sight, Steered steered) {
    return sight.candidateReady().stream()
        .noneMatch(pod -> steered.candidate().selects(pod.labels()));
  }

  private static Decision switched(Sight sight) {
    return Ends.done(
        sight,
        "observed: " + sight.traffic(),
        List.of(
            new Event(
                Event.TRAFFIC,
                Phase.SHIFT,
                "new connections go to " + sight.release().candidate().name() + ", observed",
                Doc.of("requested", 100, "effective", 100, "observed", sight.observedPercent()))));
  }

  /** What must still happen before the switch; empty: it may be written. */
  private static Optional<Decision> switchable(Sight sight, Deployment candidate) {
    int size = ForwardSteps.size(sight);
    if (candidate.replicas() < size) {
      return Optional.of(
          new Act(Writes.scale(candidate, size), "stable has grown meanwhile: " + size + " pods"));
    }
    Duration limit = sight.release().terms().limits().ready();
    return ForwardSteps.ready(sight, candidate)
        .map(
            why ->
                sight.late(limit)
                    ? Turning.back(
                        sight,
                        Cause.HEALTH,
                        "not ready any more: " + CandidateHealth.whyNotReady(sight.candidatePods()))
                    : new Wait(sight.until(limit), why));
  }
}
