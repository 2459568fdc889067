package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.core.Decision.Wait;
import rollout.core.Observation.Request;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Measure;
import rollout.model.MetricRound;
import rollout.model.Phase;
import rollout.model.Verdict;
import rollout.plan.Release;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.router.Route;
import rollout.strategy.Canary;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

/** While the candidate has traffic: what a person says, and what it means that nothing is known. */
class WatchingTests {
  private static final Duration BAKE = Duration.ofMinutes(5);
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Check ERRORS = Check.of("errors", new Measure.Expression("e"), 10);
  private static final Verdict AWAY = new Verdict.NoData(10, "refused", true);
  private static final Verdict SILENT = new Verdict.NoData(10, "nothing came", false);
  private static final Verdict FEW = new Verdict.Undecided(1, 10, 3, "too few");
  private static final Release CANARY = Canaries.byPods(share(25), new Canary.Gate(), share(50));

  private static Canary.Weight share(int percent) {
    return new Canary.Weight(percent, TIME, List.of());
  }

  /** The release with a check, and what happens where it has no number. */
  private static Release checked(Release release, OnMissing policy, Duration noData) {
    Limits limits = Limits.DEFAULT;
    Limits patient =
        new Limits(
            limits.ready(),
            limits.gate(),
            limits.settle(),
            noData,
            limits.overall(),
            limits.keepFailed());
    return Seen.with(
        release,
        new Terms(false, BAKE, List.of(ERRORS), Optional.empty(), patient, policy, policy, false));
  }

  private static Release checked(Release release) {
    return checked(release, OnMissing.HOLD, Limits.DEFAULT.noData());
  }

  private static RolloutState bake(OnMissing policy, Duration noData) {
    return Seen.in(checked(Seen.copy(), policy, noData), Step.Bake.class);
  }

  /** After a round that came to this, so many times in a row. */
  private static RolloutState judged(RolloutState state, Verdict verdict, int fails) {
    return state.counting(
        state.tallies().judged(Map.of("errors", fails), Map.of("errors", verdict), Seen.NOW));
  }

  private static Decision decide(RolloutState state, Duration after) {
    return Decider.decide(state, Seen.at(state).after(after).look());
  }

  private static Decision asked(RolloutState state, boolean full) {
    return Decider.decide(state, Seen.at(state).request("promote", full).look());
  }

  private static String back(Decision decision) {
    RolloutState next = ((Advance) decision).next();
    assertThat(next.course()).isEqualTo(Course.BACK);
    return next.going().map(going -> going.cause() + ": " + going.reason()).orElseThrow();
  }

  // ---- a share

  @Test
  void shareIsWatchedForItsTime() {
    RolloutState watch = Seen.in(CANARY, Step.Watch.class);
    assertThat(decide(watch, TIME.minusMillis(1)))
        .isEqualTo(new Wait(Seen.NOW.plus(TIME), "watching 25 % until 2026-01-01T12:00:30Z"));
    assertThat(decide(watch, TIME))
        .isEqualTo(new Advance(watch.next(Seen.NOW.plus(TIME)), "watched 25 % for 30s"));
  }

  @Test
  void promoteEndsTheWatchOfAShare() {
    RolloutState watch = Seen.in(CANARY, Step.Watch.class);
    Advance promoted = (Advance) asked(watch, false);
    assertThat(promoted.why()).isEqualTo("promoted by ada");
    assertThat(promoted.events()).as("no gate was passed").isEmpty();
    assertThat(promoted.next().current()).contains(new Step.Approve(1));
    assertThat(asked(promoted.next(), false).why())
        .as("one word opens one thing")
        .isEqualTo("waiting for a person");
  }

  // ---- a gate

  @Test
  void gateWaitsForAPersonAndIsPassedByOne() {
    RolloutState gate = Seen.in(CANARY, Step.Approve.class);
    Advance told = (Advance) decide(gate, Duration.ZERO);
    assertThat(told.events()).extracting(Event::type).containsExactly(Event.GATE);
    assertThat(decide(told.next(), TIME))
        .isEqualTo(
            new Gate(
                Seen.NOW.plus(Duration.ofHours(24)), "waiting for a person: rollout promote shop"));
    Advance passed = (Advance) asked(told.next(), false);
    assertThat(passed.next().current()).contains(new Step.Shift(2, 50));
    assertThat(passed.events())
        .containsExactly(
            new Event(
                Event.GATE,
                Phase.SHIFT,
                "promoted by ada",
                Doc.of("name", "gate", "state", "passed")));
  }

  @Test
  void checksGoOnWhileAGateWaits() {
    RolloutState gate = Seen.in(checked(CANARY), Step.Approve.class);
    RolloutState failing = judged(gate, new Verdict.Fail(99, 10, 0, "99, allowed below 10"), 2);
    assertThat(back(asked(failing, false)))
        .isEqualTo("HEALTH: errors: 99, allowed below 10 (2 times in a row)");
    MetricRound round =
        new MetricRound(Seen.NOW, Seen.NOW, Map.of("value/errors", Scraped.value("", 1)));
    Seen seen = Seen.at(gate).round(round).request("promote", false);
    assertThat(seen.decide().why()).isEqualTo("judged a round of checks");
  }

  @Test
  void gateHearsEachRequestOnce() {
    Request request = new Request("promote", false, "ada");
    RolloutState gate = Seen.in(CANARY, Step.Approve.class);
    assertThat(Watching.waits(gate, request)).isTrue();
    RolloutState heard = gate.noting(Watching.ANSWERED, request.toString());
    assertThat(Watching.waits(heard, request)).isFalse();
    assertThat(Watching.waits(heard, new Request("promote", true, "ada"))).isTrue();
    assertThat(Watching.waits(Seen.in(CANARY, Step.Watch.class), request)).isFalse();
    Terms terms = Seen.terms();
    Release holding =
        Seen.with(
            Seen.copy(),
            new Terms(
                true,
                terms.bake(),
                List.of(),
                Optional.empty(),
                terms.limits(),
                terms.onNoData(),
                terms.onUndecided(),
                false));
    assertThat(Watching.waits(Seen.in(holding, Step.Hold.class), request)).isTrue();
  }

  @Test
  void onlyAPromotionEndsAWatch() {
    RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);
    assertThat(Watching.bake(Seen.at(bake).request("rollback", true).sight()).why())
        .startsWith("baking until");
  }

  // ---- all at once

  @Test
  void fullPromotionSaysWhatItSkips() {
    RolloutState watch = Seen.in(CANARY, Step.Watch.class);
    Advance skipped = (Advance) asked(watch, true);
    String says = "promoted by ada; skipped: gate, 50 %, the bake";
    assertThat(skipped.why()).isEqualTo(says);
    assertThat(skipped.events())
        .containsExactly(new Event(Event.NOTE, Phase.SHIFT, says, Doc.EMPTY));
    assertThat(skipped.next().current()).contains(new Step.Switch());
    assertThat(skipped.next().facts()).containsKey(Watching.FULL);

    Advance gate = (Advance) asked(Seen.in(CANARY, Step.Approve.class), true);
    assertThat(gate.why()).isEqualTo("promoted by ada; skipped: 50 %, the bake");
    assertThat(gate.events()).extracting(Event::type).containsExactly(Event.GATE, Event.NOTE);
  }

  @Test
  void fullPromotionByARouteGoesOnWithAllOfTheRequests() {
    Route route = Routes.TRAEFIK;
    RolloutState watch = Seen.in(Canaries.by(CANARY, route), Step.Watch.class);
    Sight sight = Seen.at(watch).request("promote", true).sight();
    Advance skipped = (Advance) Watching.watch(sight, 0);
    assertThat(skipped.why()).isEqualTo("promoted by ada; skipped: gate, 50 %, the bake");
    assertThat(skipped.next().current()).contains(new Step.Shift(3, 100));
  }

  @Test
  void bakeThatWasSkippedOnlyAsksForAWholeCandidate() {
    RolloutState bake = Seen.in(CANARY, Step.Bake.class).noting(Watching.FULL, "yes");
    assertThat(decide(bake, Duration.ZERO).why()).isEqualTo("the bake was skipped");
    Seen unready = Seen.at(bake).pods("c-1", Seen::unready);
    assertThat(unready.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "waiting for the candidate: 2 of 3 pods ready"));
  }

  @Test
  void candidateNeedNotBeWholeWhereThereIsNothingToGoBackTo() {
    RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen = Seen.at(bake).pods("c-1", Seen::unready).pods("s-", Seen::unready).after(BAKE);
    assertThat(seen.decide().why()).isEqualTo("baked for 5m");
  }

  // ---- nothing is known

  @Test
  void backendThatIsAwayIsToldAtOnce() {
    RolloutState away = judged(bake(OnMissing.HOLD, Duration.ofMinutes(10)), AWAY, 0);
    Advance told = (Advance) decide(away, Duration.ofSeconds(1));
    assertThat(told.why()).isEqualTo("check errors: refused");
    Instant end = Seen.NOW.plusSeconds(1).plus(Duration.ofMinutes(10));
    assertThat(decide(told.next(), Duration.ofSeconds(2)))
        .isEqualTo(new Wait(end, "holding: check errors: refused"));
  }

  @Test
  void numbersThatComeAgainEndTheHolding() {
    RolloutState away = judged(bake(OnMissing.HOLD, Duration.ofMinutes(10)), AWAY, 0);
    RolloutState held = ((Advance) decide(away, Duration.ofSeconds(1))).next();
    RolloutState good = judged(held, new Verdict.Pass(1, 10, 0, "1"), 0);
    assertThat(decide(good, Duration.ofSeconds(2)).why())
        .isEqualTo("the checks have numbers again");
  }

  /** Whose silence goes back: the candidate's after its grace, a backend's after the limit. */
  @ParameterizedTest
  @CsvSource({"true, 600, 600", "false, 600, 90", "true, 60, 60", "false, 60, 60"})
  void silenceThatGoesBackHasItsOwnPatience(boolean away, int noData, int patience) {
    Verdict verdict = away ? AWAY : SILENT;
    RolloutState bake = judged(bake(OnMissing.ROLLBACK, Duration.ofSeconds(noData)), verdict, 0);
    Duration seen = ShiftSteps.NO_DATA_GRACE;
    RolloutState told = ((Advance) decide(bake, seen)).next();
    Duration end = seen.plusSeconds(patience);
    assertThat(decide(told, end.minusMillis(1)))
        .isInstanceOfSatisfying(
            Wait.class, wait -> assertThat(wait.until()).isEqualTo(Seen.NOW.plus(end)));
    assertThat(back(decide(told, end))).startsWith("NO_DATA: check errors: " + verdict.reason());
  }

  @Test
  void tooFewRequestsMatterOnlyAtTheEnd() {
    RolloutState few = judged(bake(OnMissing.ROLLBACK, Duration.ofMinutes(10)), FEW, 0);
    assertThat(decide(few, BAKE.minusMillis(1)).why()).startsWith("baking until");
    Advance told = (Advance) decide(few, BAKE);
    assertThat(told.why()).isEqualTo("check errors: too few");
    assertThat(back(decide(told.next(), BAKE))).isEqualTo("NO_DATA: check errors: too few, for 0s");
  }

  @Test
  void silenceMayBeLetPass() {
    for (Verdict verdict : List.of(AWAY, SILENT, FEW)) {
      RolloutState bake = judged(bake(OnMissing.PASS, Duration.ofMinutes(10)), verdict, 0);
      assertThat(decide(bake, BAKE).why()).isEqualTo("baked for 5m");
    }
  }

  @Test
  void oneFailBeforeTheEndIsNoNews() {
    Verdict fail = new Verdict.Fail(99, 10, 0, "99");
    RolloutState once = judged(bake(OnMissing.HOLD, Duration.ofMinutes(10)), fail, 1);
    assertThat(decide(once, BAKE.minusMillis(1)).why()).startsWith("baking until");
  }
}
