package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricRound;
import rollout.model.Phase;
import rollout.model.Selector;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

class ShiftStepsTests {
  private static final Duration BAKE = Duration.ofMinutes(5);

  private static Check check(Check.OnFail onFail) {
    return new Check(
        "errors", new Measure.Expression("e"), 10, 0, Duration.ofSeconds(5), 2, onFail);
  }

  private static RolloutState in(Class<? extends Step> step, Check... checks) {
    return Seen.in(Seen.with(Seen.copy(), Seen.terms(checks)), step);
  }

  /** The state after rounds of these answers, five seconds apart, the first one at once. */
  private static RolloutState judged(RolloutState state, MetricAnswer... answers) {
    RolloutState now = state;
    for (int i = 0; i < answers.length; i++) {
      Instant asked = Seen.NOW.plusSeconds(5L * i);
      MetricRound round = new MetricRound(asked, asked, Map.of("value/errors", answers[i]));
      Observation look = Seen.at(now).round(round).after(Duration.ofSeconds(5L * i)).look();
      now = Checks.judgeNewRound(new Sight(now, look)).orElseThrow().next();
    }
    return now;
  }

  private static MetricAnswer good() {
    return Scraped.value("", 1);
  }

  private static MetricAnswer bad() {
    return Scraped.value("", 99);
  }

  private static Decision decide(RolloutState state, Duration after) {
    return Decider.decide(state, Seen.at(state).after(after).look());
  }

  private static Optional<String> back(Decision decision) {
    return decision instanceof Advance advance && advance.next().course() == Course.BACK
        ? advance.next().going().map(going -> going.cause() + ": " + going.reason())
        : Optional.empty();
  }

  // ---- verify

  @Test
  void verifiesAtOnceWithoutChecks() {
    RolloutState verify = in(Step.Verify.class);
    assertThat(decide(verify, Duration.ZERO))
        .isEqualTo(new Advance(verify.next(Seen.NOW), "the candidate's pods are well"));
  }

  @Test
  void aGoodAnswerIsEnoughBeforeTheSwitch() {
    RolloutState verify = judged(in(Step.Verify.class, check(Check.OnFail.ROLLBACK)), good());
    assertThat(decide(verify, Duration.ofSeconds(1)).why()).isEqualTo("no check objects");
  }

  @Test
  void oneFailWaitsForTheSecondWhichGoesBackBeforeAnyTraffic() {
    RolloutState once = judged(in(Step.Verify.class, check(Check.OnFail.ROLLBACK)), bad());
    assertThat(decide(once, Duration.ofSeconds(1)))
        .isEqualTo(new Wait(Seen.NOW.plus(Duration.ofMinutes(10)), "waiting for the checks"));
    RolloutState twice = judged(in(Step.Verify.class, check(Check.OnFail.ROLLBACK)), bad(), bad());
    Decision decision = decide(twice, Duration.ofSeconds(6));
    assertThat(back(decision)).contains("HEALTH: errors: 99, allowed below 10 (2 times in a row)");
    assertThat(((Advance) decision).next().going().map(RolloutState.GoingBack::detected))
        .as("when the round was asked, not when it was decided")
        .contains(Seen.NOW.plusSeconds(5));
  }

  @Test
  void aCheckThatOnlyHoldsWaitsForAPersonAndNotForTheBackend() {
    RolloutState held = judged(in(Step.Verify.class, check(Check.OnFail.HOLD)), bad(), bad());
    String why = "held by check errors: 99, allowed below 10 (2 times in a row)";
    assertThat(decide(held, Duration.ofMinutes(11)))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofHours(24)), why + "; to go on: rollout promote shop"));
    assertThat(back(decide(held, Duration.ofHours(25)))).contains("HEALTH: " + why + ", for 24h");
    Seen asked = Seen.at(held).request("promote", false);
    assertThat(Decider.decide(held, asked.look()))
        .isEqualTo(
            new Advance(
                held.next(Seen.NOW),
                "promoted by ada, against errors: 99, allowed below 10 (2 times in a row)"));
  }

  @Test
  void aBackendThatIsAwayHoldsAndThenGoesBack() {
    RolloutState away =
        judged(
            in(Step.Verify.class, check(Check.OnFail.ROLLBACK)),
            new MetricAnswer.Unreachable("refused"));
    assertThat(decide(away, Duration.ofMinutes(10).minusMillis(1)))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)), "holding: the metrics backend is away"));
    assertThat(back(decide(away, Duration.ofMinutes(10))))
        .contains(
            "NO_DATA: no answer from the metrics backend for 10m: the candidate could not be"
                + " watched");
  }

  // ---- switch

  private static RolloutState begun() {
    return in(Step.Switch.class).noting(ShiftSteps.SWITCHED_AT, Seen.NOW.toString());
  }

  @Test
  void remembersBeforeTheSwitchThatTheCandidateMayHaveTraffic() {
    RolloutState state = in(Step.Switch.class);
    assertThat(decide(state, Duration.ZERO)).isEqualTo(new Advance(begun(), "about to switch"));
  }

  @Test
  void growsWithStableBeforeTheSwitch() {
    Seen seen = Seen.at(in(Step.Switch.class)).stable(doc -> doc.with(5, "spec", "replicas"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(Writes.scale(seen.candidate(), 5), "stable has grown meanwhile: 5 pods"));
  }

  @Test
  void switchesByOneConditionalWrite() {
    Seen seen = Seen.at(begun());
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steer(
                    seen.shop("shop"), seen.state(), Seen.SHOP, "switched", Seen.CANDIDATE),
                "all traffic of shop to shop-r2"));
  }

  @Test
  void neverSwitchesToAVersionWithoutReadyPods() {
    assertThat(back(Seen.at(begun()).pods("c-", Seen::unready).decide()))
        .contains("HEALTH: the candidate has no ready pod any more");
  }

  @Test
  void neverWritesASelectorThatSelectsNone() {
    Selector odd = Seen.CANDIDATE.and("tier", "web");
    RolloutState state =
        Seen.in(
                Seen.with(
                    Seen.copy(), new Steered("shop", "s-uid", Seen.ORIGINAL, Seen.STABLE, odd)),
                Step.Switch.class)
            .noting(ShiftSteps.SWITCHED_AT, Seen.NOW.toString());
    assertThat(back(Seen.at(state).decide()))
        .contains(
            "DRIFT: Service shop would select no pod with app=shop,rollout/revision=2,tier=web");
  }

  @Test
  void theSwitchIsDoneWhenTheEndpointsShowItTwice() {
    Seen seen = Seen.at(begun());
    seen.shop(seen.stamped(Seen.CANDIDATE, "switched"));
    Event traffic =
        new Event(
            Event.TRAFFIC,
            Phase.SHIFT,
            "new connections go to shop-r2, observed",
            Doc.of("requested", 100, "effective", 100, "observed", 100));
    assertThat(seen.decideAfterTwoLooks())
        .isEqualTo(
            new Advance(
                seen.state().counting(seen.state().tallies().seen(Seen.NOW)).next(Seen.NOW),
                "observed: 0 endpoints of shop, 3 of shop-r2",
                List.of(traffic)));
  }

  @Test
  void aSwitchThatTheEndpointsDoNotShowGoesBack() {
    Seen seen = Seen.at(begun());
    seen.shop(seen.stamped(Seen.CANDIDATE, "switched"))
        .endpoints("shop", "c-1", "c-2", "c-3", "s-1");
    assertThat(seen.decide()).isInstanceOf(Wait.class);
    assertThat(back(seen.after(Duration.ofSeconds(61)).decide()))
        .contains(
            "DEADLINE: the switch did not show in the endpoints: 1 endpoints of shop, 3 of"
                + " shop-r2");
  }

  // ---- bake

  @Test
  void bakesToTheEndWithoutChecks() {
    RolloutState bake = in(Step.Bake.class);
    assertThat(decide(bake, BAKE.minusMillis(1)))
        .isEqualTo(new Wait(Seen.NOW.plus(BAKE), "baking until 2026-01-01T12:05:00Z"));
    assertThat(decide(bake, BAKE))
        .isEqualTo(new Advance(bake.next(Seen.NOW.plus(BAKE)), "baked for 5m"));
  }

  @Test
  void aCheckThatHasNotBeenAnsweredHoldsTheEndOfTheBake() {
    RolloutState bake = in(Step.Bake.class, check(Check.OnFail.ROLLBACK));
    Advance missing = (Advance) decide(bake, BAKE);
    assertThat(missing.why()).isEqualTo("check errors has not been answered yet");
    assertThat(decide(missing.next(), BAKE))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(BAKE).plus(Duration.ofMinutes(10)),
                "holding: check errors has not been answered yet"));
    assertThat(back(decide(missing.next(), BAKE.plusMinutes(10))))
        .contains("NO_DATA: check errors has not been answered yet, for 10m");
  }

  @Test
  void silenceRightAfterTheSwitchIsNoNews() {
    RolloutState bake =
        judged(
            in(Step.Bake.class, check(Check.OnFail.ROLLBACK)),
            new MetricAnswer.Samples(List.of(), List.of()));
    assertThat(decide(bake, ShiftSteps.NO_DATA_GRACE.minusMillis(1))).isInstanceOf(Wait.class);
    assertThat(decide(bake, ShiftSteps.NO_DATA_GRACE).why())
        .isEqualTo("check errors: the query has an empty answer");
  }

  @Test
  void twoFailsGoBackFromTheBake() {
    RolloutState bake = judged(in(Step.Bake.class, check(Check.OnFail.ROLLBACK)), bad(), bad());
    assertThat(back(decide(bake, Duration.ofSeconds(6))))
        .contains("HEALTH: errors: 99, allowed below 10 (2 times in a row)");
  }

  @Test
  void aFailAtTheEndOfTheBakeIsNotLetThrough() {
    RolloutState bake = judged(in(Step.Bake.class, check(Check.OnFail.ROLLBACK)), bad());
    assertThat(decide(bake, BAKE).why()).isEqualTo("check errors fails");
  }

  @Test
  void promoteWithoutAGateIsAnsweredOnceAndALaterFullIsHeard() {
    RolloutState bake = in(Step.Bake.class);
    Observation plain = Seen.at(bake).request("promote", false).look();
    Advance answered = (Advance) Decider.decide(bake, plain);
    assertThat(answered.why()).isEqualTo("no gate waits");
    assertThat(Decider.decide(answered.next(), plain)).isInstanceOf(Wait.class);

    assertThat(Decider.decide(answered.next(), Seen.at(bake).request("promote", true).look()).why())
        .isEqualTo("promoted by ada, 5m of the bake skipped");

    Advance forgotten = (Advance) Decider.decide(answered.next(), Seen.at(bake).look());
    assertThat(forgotten.next()).isEqualTo(bake);
  }

  @Test
  void promotePassesACheckThatHoldsTheBake() {
    RolloutState bake = judged(in(Step.Bake.class, check(Check.OnFail.HOLD)), bad(), bad());
    Advance held = (Advance) decide(bake, Duration.ofSeconds(6));
    assertThat(held.why())
        .isEqualTo("held by check errors: 99, allowed below 10 (2 times in a row)");
    assertThat(Decider.decide(held.next(), Seen.at(bake).request("promote", false).look()).why())
        .isEqualTo("promoted by ada, 5m of the bake skipped");
  }

  @Test
  void aBakeEndsOnlyWithAWholeCandidate() {
    RolloutState bake = in(Step.Bake.class);
    Seen seen = Seen.at(bake).pods("c-1", Seen::unready).after(BAKE);
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(BAKE).plus(Duration.ofMinutes(10)),
                "waiting for the candidate: 2 of 3 pods ready"));
    assertThat(back(seen.after(BAKE.plusMinutes(10)).decide()))
        .contains("HEALTH: not ready any more: pod c-1 is not ready: probe failed");
  }

  @Test
  void aCandidateWithoutAnyReadyPodGoesBackUnlessStableHasNoneEither() {
    RolloutState bake = in(Step.Bake.class);
    assertThat(back(Seen.at(bake).pods("c-", Seen::unready).decide()))
        .contains(
            "HEALTH: no pod of the candidate is ready any more: pod c-1 is not ready: probe"
                + " failed");
    assertThat(Seen.at(bake).pods("c-", Seen::unready).pods("s-", Seen::unready).decide())
        .isInstanceOf(Wait.class);
  }
}
