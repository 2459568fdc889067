package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
import rollout.plan.Release.Terms;
import rollout.strategy.Strategy.OnMissing;

/** The steps around the switch: verify, switch, bake. */
final class ShiftSteps {
  /** The fact that tells when traffic was sent to the candidate. */
  static final String SWITCHED_AT = "switchedAt";

  /** The fact that tells which request was answered with no, so that it is answered once. */
  private static final String ANSWERED = "request";

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
    if (Checks.onMetrics(state.release()).isEmpty()) {
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

  /** Row 11: the checks go on; stable stays warm and whole. */
  static Decision bake(Sight sight) {
    RolloutState state = sight.state();
    Optional<Advance> judged = Checks.judgeNewRound(sight);
    if (judged.isPresent()) {
      return judged.get();
    }
    Optional<Checks.Failed> failed = Checks.failed(state);
    if (failed.isPresent() && failed.get().check().onFail() == Check.OnFail.ROLLBACK) {
      return Turning.back(
          sight, Cause.HEALTH, failed.get().reason(), state.tallies().judged().orElse(sight.now()));
    }
    if (sight.candidateReady().isEmpty() && canGoBack(sight)) {
      return Turning.back(
          sight,
          Cause.HEALTH,
          "no pod of the candidate is ready any more: "
              + CandidateHealth.whyNotReady(sight.candidatePods()));
    }
    Terms terms = state.release().terms();
    Optional<Decision> promoted = promoted(sight, failed.isPresent());
    if (promoted.isPresent()) {
      return promoted.get();
    }
    Optional<Missing> missing = missing(sight, failed);
    Optional<Instant> since = state.tallies().missingSince();
    if (missing.isPresent() != since.isPresent()) {
      Optional<Instant> now = missing.isPresent() ? Optional.of(sight.now()) : Optional.empty();
      return new Advance(
          state.counting(state.tallies().missing(now)),
          missing.map(Missing::why).orElse("the checks have numbers again"),
          missing
              .map(one -> List.of(note(one.why())))
              .orElse(List.of(note("the checks have numbers again"))));
    }
    if (missing.isPresent()) {
      return held(sight, missing.get(), since.orElse(sight.now()));
    }
    Instant end = sight.until(terms.bake());
    return sight.now().isBefore(end)
        ? new Wait(end, "baking until " + end.truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
        : baked(sight);
  }

  /** Stable's warm pods leave next, so the candidate must be whole. */
  private static Decision baked(Sight sight) {
    Terms terms = sight.release().terms();
    Optional<String> missing =
        sight
            .candidate()
            .flatMap(live -> ForwardSteps.ready(sight, live))
            .filter(why -> canGoBack(sight));
    if (missing.isEmpty()) {
      return Ends.done(sight, "baked for " + text(terms.bake()));
    }
    Duration limit = terms.bake().plus(terms.limits().ready());
    return sight.late(limit)
        ? Turning.back(
            sight,
            Cause.HEALTH,
            "not ready any more: " + CandidateHealth.whyNotReady(sight.candidatePods()))
        : new Wait(sight.until(limit), missing.get());
  }

  private static boolean canGoBack(Sight sight) {
    return !sight.stableReady().isEmpty();
  }

  /** What a person's word changes; empty: there is none, or it has been answered. */
  private static Optional<Decision> promoted(Sight sight, boolean heldByCheck) {
    Optional<Observation.Request> asked =
        sight.seen().request().filter(one -> one.verb().equals("promote"));
    String answered = sight.state().facts().getOrDefault(ANSWERED, "");
    if (asked.isEmpty()) {
      // The journal has let go of it: whoever asks again is heard again.
      return answered.isEmpty()
          ? Optional.empty()
          : Optional.of(new Advance(sight.state().forgetting(ANSWERED), "the answer was taken"));
    }
    Observation.Request request = asked.get();
    if (answered.equals(request.toString())) {
      return Optional.empty();
    }
    if (!request.full() && !heldByCheck) {
      return Optional.of(
          new Advance(
              sight.state().noting(ANSWERED, request.toString()),
              "no gate waits",
              List.of(note("promote: no gate waits; --full skips the rest of the bake"))));
    }
    Duration left = sight.release().terms().bake().minus(sight.inStep());
    String skipped = left.isNegative() ? "0s" : text(left);
    return Optional.of(
        Ends.done(sight, "promoted by " + request.by() + ", " + skipped + " of the bake skipped"));
  }

  private static Event note(String message) {
    return new Event(Event.NOTE, Phase.BAKE, message, Doc.EMPTY);
  }

  private static Decision held(Sight sight, Missing missing, Instant since) {
    Instant end = since.plus(missing.limit());
    if (sight.now().isBefore(end)) {
      return new Wait(end, "holding: " + missing.why());
    }
    return Turning.back(sight, missing.cause(), missing.why() + ", for " + text(missing.limit()));
  }

  /** What keeps the bake from ending well, and for how long it may. */
  private record Missing(String why, Duration limit, Cause cause) {}

  private static Optional<Missing> missing(Sight sight, Optional<Checks.Failed> failed) {
    Terms terms = sight.release().terms();
    if (failed.isPresent()) {
      return Optional.of(
          new Missing(
              "held by check " + failed.get().reason(), terms.limits().gate(), Cause.HEALTH));
    }
    boolean over = !sight.now().isBefore(sight.until(terms.bake()));
    for (Check check : Checks.onMetrics(sight.release())) {
      Verdict verdict = sight.state().tallies().verdicts().get(check.name());
      if (silenceIsEarly(sight, verdict) && !over) {
        continue;
      }
      Optional<Missing> one = missing(check, verdict, terms, over);
      if (one.isPresent()) {
        return one;
      }
    }
    return Optional.empty();
  }

  /** Right after the switch nothing has been scraped yet: no reason to say anything. */
  private static boolean silenceIsEarly(Sight sight, @Nullable Verdict verdict) {
    boolean silent =
        verdict == null || (verdict instanceof Verdict.NoData noData && !noData.backendAway());
    return silent && !sight.late(NO_DATA_GRACE);
  }

  private static Optional<Missing> missing(
      Check check, @Nullable Verdict verdict, Terms terms, boolean over) {
    return switch (verdict) {
      case null ->
          Optional.of(
              new Missing(
                  "check " + check.name() + " has not been answered yet",
                  terms.limits().noData(),
                  Cause.NO_DATA));
      case Verdict.Pass pass -> Optional.empty();
      case Verdict.Fail fail ->
          over
              ? Optional.of(
                  new Missing(
                      "check " + check.name() + " fails", terms.limits().noData(), Cause.HEALTH))
              : Optional.empty();
      case Verdict.Undecided undecided ->
          over
              ? byPolicy(check, undecided.reason(), terms.onUndecided(), terms, Duration.ZERO)
              : Optional.empty();
      case Verdict.NoData noData ->
          byPolicy(
              check,
              noData.reason(),
              terms.onNoData(),
              terms,
              noData.backendAway() ? terms.limits().noData() : NO_DATA_GRACE);
    };
  }

  private static Optional<Missing> byPolicy(
      Check check, String reason, OnMissing policy, Terms terms, Duration grace) {
    String why = "check " + check.name() + ": " + reason;
    return switch (policy) {
      case PASS -> Optional.empty();
      case HOLD -> Optional.of(new Missing(why, terms.limits().noData(), Cause.NO_DATA));
      case ROLLBACK ->
          Optional.of(
              new Missing(
                  why,
                  grace.compareTo(terms.limits().noData()) < 0 ? grace : terms.limits().noData(),
                  Cause.NO_DATA));
    };
  }
}
