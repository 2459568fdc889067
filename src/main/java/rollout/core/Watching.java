package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.core.Observation.Request;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Verdict;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.strategy.Canary;
import rollout.strategy.Strategy.OnMissing;

/** The steps in which the candidate has traffic and is watched: a share of it, or all. */
public final class Watching {
  /** The fact that tells which request was answered, so that it is answered once. */
  static final String ANSWERED = "request";

  /** The fact that a person has skipped the rest. */
  static final String FULL = "skipped";

  private Watching() {}

  /** Row 11: the checks go on; stable stays warm and whole. */
  static Decision bake(Sight sight) {
    Terms terms = sight.release().terms();
    if (sight.state().facts().containsKey(FULL)) {
      return whole(sight, "the bake was skipped", terms.limits().ready());
    }
    return watched(sight, terms.bake(), "baking")
        .orElseGet(
            () ->
                whole(
                    sight,
                    "baked for " + text(terms.bake()),
                    terms.bake().plus(terms.limits().ready())));
  }

  /** A share of a canary, for its time. */
  static Decision watch(Sight sight, int stage) {
    Canary.Weight weight =
        (Canary.Weight) sight.release().shifting().orElseThrow().stages().get(stage);
    return watched(sight, weight.time(), "watching " + weight.percent() + " %")
        .orElseGet(
            () ->
                Ends.done(sight, "watched " + weight.percent() + " % for " + text(weight.time())));
  }

  /** A gate of a canary: a person says go on, while the checks go on. */
  static Decision approve(Sight sight) {
    Optional<Decision> evidence = evidence(sight);
    if (evidence.isPresent()) {
      return evidence.get();
    }
    Optional<Decision> promoted = promoted(sight, true);
    if (promoted.isPresent()) {
      return promoted.get();
    }
    return Gates.awaitPromotion(sight, "gate", "gate-" + sight.state().step());
  }

  /** Whether a gate here still has to hear a person's request. */
  public static boolean waits(RolloutState state, Request request) {
    Step step = state.current().orElse(null);
    return step instanceof Step.Hold
        || (step instanceof Step.Approve
            && !state.facts().getOrDefault(ANSWERED, "").equals(request.toString()));
  }

  /**
   * What a watch does before its time is over.
   *
   * @return empty: its time is over, and everything speaks for the candidate
   */
  private static Optional<Decision> watched(Sight sight, Duration time, String what) {
    Optional<Decision> evidence = evidence(sight);
    if (evidence.isPresent()) {
      return evidence;
    }
    RolloutState state = sight.state();
    Optional<Checks.Failed> failed = Checks.failed(state);
    Optional<Decision> promoted = promoted(sight, failed.isPresent());
    if (promoted.isPresent()) {
      return promoted;
    }
    Optional<Missing> missing = missing(sight, failed, time);
    Optional<Instant> since = state.tallies().missingSince();
    if (missing.isPresent() != since.isPresent()) {
      Optional<Instant> now = missing.isPresent() ? Optional.of(sight.now()) : Optional.empty();
      String why = missing.map(Missing::why).orElse("the checks have numbers again");
      return Optional.of(
          new Advance(
              state.counting(state.tallies().missing(now)), why, List.of(Ends.note(sight, why))));
    }
    if (missing.isPresent()) {
      return Optional.of(held(sight, missing.get(), since.orElse(sight.now())));
    }
    Instant end = sight.until(time);
    return sight.now().isBefore(end)
        ? Optional.of(
            new Wait(
                end, what + " until " + end.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)))
        : Optional.empty();
  }

  /** A new round, or a reason to go back; empty: neither. */
  private static Optional<Decision> evidence(Sight sight) {
    RolloutState state = sight.state();
    Optional<Advance> judged = Checks.judgeNewRound(sight);
    if (judged.isPresent()) {
      return Optional.of(judged.get());
    }
    Optional<Checks.Failed> failed =
        Checks.failed(state).filter(one -> one.check().onFail() == Check.OnFail.ROLLBACK);
    if (failed.isPresent()) {
      return Optional.of(
          Turning.back(
              sight,
              Cause.HEALTH,
              failed.get().reason(),
              state.tallies().judged().orElse(sight.now())));
    }
    return sight.candidateReady().isEmpty() && canGoBack(sight)
        ? Optional.of(
            Turning.back(
                sight,
                Cause.HEALTH,
                "no pod of the candidate is ready any more: "
                    + CandidateHealth.whyNotReady(sight.candidatePods())))
        : Optional.empty();
  }

  /** Stable's warm pods leave next, so the candidate must be whole. */
  private static Decision whole(Sight sight, String done, Duration limit) {
    Optional<String> missing =
        sight
            .candidate()
            .flatMap(live -> ForwardSteps.ready(sight, live))
            .filter(why -> canGoBack(sight));
    if (missing.isEmpty()) {
      return Ends.done(sight, done);
    }
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

  /**
   * What a person's word changes; empty: there is none, or it has been answered.
   *
   * @param waits whether something here waits for it
   */
  private static Optional<Decision> promoted(Sight sight, boolean waits) {
    RolloutState state = sight.state();
    Optional<Request> asked = sight.seen().request().filter(one -> one.verb().equals("promote"));
    String answered = state.facts().getOrDefault(ANSWERED, "");
    if (asked.isEmpty()) {
      // The journal has let go of it: whoever asks again is heard again.
      return answered.isEmpty()
          ? Optional.empty()
          : Optional.of(new Advance(state.forgetting(ANSWERED), "the answer was taken"));
    }
    Request request = asked.get();
    if (answered.equals(request.toString())) {
      return Optional.empty();
    }
    boolean baking = state.current().filter(Step.Bake.class::isInstance).isPresent();
    if (baking && !request.full() && !waits) {
      return Optional.of(
          new Advance(
              state.noting(ANSWERED, request.toString()),
              "no gate waits",
              List.of(
                  Ends.note(sight, "promote: no gate waits; --full skips the rest of the bake"))));
    }
    String by = "promoted by " + request.by();
    if (baking) {
      Duration left = sight.release().terms().bake().minus(sight.inStep());
      String skipped = left.isNegative() ? "0s" : text(left);
      return Optional.of(Ends.done(sight, by + ", " + skipped + " of the bake skipped"));
    }
    RolloutState heard = state.noting(ANSWERED, request.toString());
    List<Event> passed =
        state.current().filter(Step.Approve.class::isInstance).isPresent()
            ? List.of(Gates.event(sight, "gate", "passed", by))
            : List.of();
    return Optional.of(
        request.full()
            ? skipped(new Sight(heard, sight.seen()), by, passed)
            : Ends.done(new Sight(heard, sight.seen()), by, passed));
  }

  /** Everything between here and all of the traffic is left out, and said. */
  private static Decision skipped(Sight sight, String by, List<Event> passed) {
    RolloutState state = sight.state();
    List<Step> steps = state.steps();
    List<String> left = new ArrayList<>();
    int at = state.step() + 1;
    while (at < steps.size() && !isAll(steps.get(at))) {
      if (!(steps.get(at) instanceof Step.Watch)) {
        left.add(steps.get(at).id().replace("shift-", "") + unit(steps.get(at)));
      }
      at++;
    }
    left.add("the bake");
    String says = by + "; skipped: " + String.join(", ", left);
    List<Event> events = new ArrayList<>(passed);
    events.add(Ends.note(sight, says));
    RolloutState before = state.noting(FULL, "yes").at(at - 1);
    return new Advance(before.next(sight.now()), says, events);
  }

  private static String unit(Step step) {
    return step instanceof Step.Shift ? " %" : "";
  }

  private static boolean isAll(Step step) {
    return step instanceof Step.Switch
        || (step instanceof Step.Shift(int stage, int percent) && percent == 100);
  }

  private static String text(Duration duration) {
    return rollout.model.Durations.text(duration);
  }

  private static Decision held(Sight sight, Missing missing, Instant since) {
    Instant end = since.plus(missing.limit());
    if (sight.now().isBefore(end)) {
      return new Wait(end, "holding: " + missing.why());
    }
    return Turning.back(sight, missing.cause(), missing.why() + ", for " + text(missing.limit()));
  }

  /** What keeps a watch from ending well, and for how long it may. */
  private record Missing(String why, Duration limit, Cause cause) {}

  private static Optional<Missing> missing(
      Sight sight, Optional<Checks.Failed> failed, Duration time) {
    Terms terms = sight.release().terms();
    if (failed.isPresent()) {
      return Optional.of(
          new Missing(
              "held by check " + failed.get().reason(), terms.limits().gate(), Cause.HEALTH));
    }
    boolean over = !sight.now().isBefore(sight.until(time));
    for (Check check : Checks.onMetrics(sight.state())) {
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
    return silent && !sight.late(ShiftSteps.NO_DATA_GRACE);
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
              noData.backendAway() ? terms.limits().noData() : ShiftSteps.NO_DATA_GRACE);
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
