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
import rollout.core.Decision.Collect;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Gate;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.MetricAnswer;
import rollout.model.MetricRound;
import rollout.model.Ref;
import rollout.model.Verdict;
import rollout.plan.Release;
import rollout.plan.Release.Proof;
import rollout.plan.Step;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy.OnMissing;

/** Whether stable can start, and live, on the new schema; and what follows when it cannot. */
class ProofStepsTests {
  private static final Duration WATCH = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Doc ENDED =
      Doc.of("name", "app", "state", Doc.of("terminated", Doc.of("exitCode", 1)));
  private static final String HURT =
      "shop cannot live with the new schema: in production, container app of pod s-1 ended with"
          + " exit code 1";

  private static Proof proof(boolean fresh, Duration watch, OnStableBroken broken) {
    Optional<String> copy = fresh ? Optional.of("shop-fresh") : Optional.empty();
    return new Proof(copy, Optional.empty(), watch, broken);
  }

  private static Release release(Proof proof) {
    return Releases.proving(proof, Optional.empty());
  }

  private static RolloutState watching(OnStableBroken broken) {
    return Seen.in(release(proof(false, WATCH, broken)), Step.Prove.class);
  }

  private static Doc fresh(int replicas) {
    return Seen.deployment("shop-fresh", "f-uid", replicas, Seen.OLD)
        .with(Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop"), "metadata", "labels")
        .with(Marks.FRESH, "spec", "selector", "matchLabels", Marks.ROLE);
  }

  /** The fresh pod, ready since the step began. */
  private static Doc freshPod() {
    Doc ready =
        Doc.of("type", "Ready", "status", "True", "lastTransitionTime", Seen.NOW.toString());
    return Seen.pod("f-1", "rs-f", Map.of()).with(List.of(ready), "status", "conditions");
  }

  private static Seen fresh(RolloutState state, int replicas, Doc... pods) {
    Seen seen =
        Seen.at(state)
            .freshCopy(fresh(replicas))
            .set(Seen.replicaSet("shop-fresh-f", "rs-f", "f-uid", "fff", Seen.OLD));
    List.of(pods).forEach(seen::pod);
    return seen;
  }

  private static Decision prove(RolloutState state, Seen seen) {
    return ProofSteps.prove(new Sight(state, seen.look()));
  }

  private static RolloutState next(Decision decision) {
    return ((Advance) decision).next();
  }

  private static String broken(Decision decision) {
    return next(decision).facts().getOrDefault(StableBroken.WHY, "");
  }

  private static String back(Decision decision) {
    RolloutState next = next(decision);
    assertThat(next.course()).isEqualTo(RolloutState.Course.BACK);
    return next.going().map(going -> going.cause() + ": " + going.reason()).orElseThrow();
  }

  // ---- the fresh pod

  private final RolloutState starting =
      Seen.in(release(proof(true, WATCH, OnStableBroken.HOLD)), Step.Prove.class);

  @Test
  void freshPodIsStartedAndMustStayReadyWhileProductionIsWatched() {
    Seen none = fresh(starting, 0);
    assertThat(prove(starting, none))
        .isEqualTo(
            new Act(
                Writes.scale(new Deployment(fresh(0)), 1),
                "stable must be able to start on the new schema"));
    Seen ready = fresh(starting, 1, freshPod());
    Duration stays = Duration.ofSeconds(30);
    assertThat(prove(starting, ready.after(stays.minus(MOMENT))))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(stays), "a fresh pod of stable is ready; it must stay so for 30s"));
    assertThat(prove(starting, ready.after(stays)))
        .isEqualTo(new Wait(Seen.NOW.plus(WATCH), "watching stable on the new schema"));
    assertThat(prove(starting, ready.after(WATCH)).why())
        .isEqualTo("stable lives with the new schema");
  }

  @Test
  void freshPodThatEndsOrIsNeverReadySaysThatStableCannotStart() {
    Doc crashed = Seen.container(freshPod(), ENDED);
    assertThat(broken(prove(starting, fresh(starting, 1, crashed))))
        .isEqualTo("a fresh pod of it: container app of pod f-1 ended with exit code 1");
    Seen unready = fresh(starting, 1, Seen.unready(freshPod()));
    Duration limit = Duration.ofMinutes(10);
    assertThat(prove(starting, unready.after(limit.minus(MOMENT))))
        .isEqualTo(
            new Wait(Seen.NOW.plus(limit), "waiting for a fresh pod of stable on the new schema"));
    assertThat(broken(prove(starting, unready.after(limit))))
        .isEqualTo("a fresh pod of it is not ready in time: pod f-1 is not ready: probe failed");
  }

  @Test
  void freshCopyThatSomebodyDeletesSendsBack() {
    assertThat(back(prove(starting, Seen.at(starting))))
        .isEqualTo("DRIFT: Deployment shop-fresh was deleted or made anew by somebody else");
  }

  @Test
  void freshPodGoesForwardAndBack() {
    Release release = starting.release();
    RolloutState forward = Seen.in(release, Step.RemoveFresh.class);
    RolloutState back = Seen.back(release, Step.Prove.class, Step.RemoveFresh.class);
    Deployment live = new Deployment(fresh(1));
    assertThat(ProofSteps.removeFresh(fresh(forward, 1).sight()))
        .isEqualTo(new Act(Writes.scale(live, 0), "the fresh pod has served its purpose"));
    assertThat(ProofSteps.removeFresh(fresh(back, 1).sight()))
        .isEqualTo(new Act(Writes.scaleBack(live, 0), "the fresh pod has served its purpose"));
    for (RolloutState state : List.of(forward, back)) {
      assertThat(((Act) ProofSteps.removeFresh(fresh(state, 0).sight())).action())
          .isEqualTo(new Action.Remove(new Ref(Kind.DEPLOYMENT, "web", "shop-fresh"), "f-uid"));
      assertThat(ProofSteps.removeFresh(Seen.at(state).sight()).why())
          .isEqualTo("no fresh pod of stable is left");
    }
    Duration grace = Duration.ofSeconds(90);
    Seen stays = fresh(forward, 0, freshPod()).after(grace);
    assertThat(back(ProofSteps.removeFresh(stays.sight())))
        .startsWith("DEADLINE: 1 pod of shop-fresh is still there");
    assertThat(ProofSteps.removeFresh(fresh(back, 0, freshPod()).after(grace).sight()))
        .isInstanceOf(Finish.class);
  }

  // ---- production

  private static Seen hurt(RolloutState state) {
    return Seen.at(state).pods("s-1", pod -> Seen.container(pod, ENDED));
  }

  @Test
  void podOfStableThatEndsIsAFindingUnlessItDidSoBefore() {
    RolloutState state = watching(OnStableBroken.HOLD);
    assertThat(broken(prove(state, hurt(state))))
        .isEqualTo("in production, container app of pod s-1 ended with exit code 1");
    RolloutState other = state.noting("restless", "s-2,s-3");
    assertThat(broken(prove(other, hurt(other)))).startsWith("in production, ");
    RolloutState before = state.noting("restless", "s-2,s-1");
    assertThat(prove(before, hurt(before))).isInstanceOf(Wait.class);
  }

  @Test
  void productionThatNobodyWantsWatchedSaysNothing() {
    RolloutState state =
        Seen.in(release(proof(true, Duration.ZERO, OnStableBroken.HOLD)), Step.Prove.class);
    Seen seen =
        fresh(state, 1, freshPod())
            .pods("s-1", pod -> Seen.container(pod, ENDED))
            .after(Duration.ofSeconds(30));
    assertThat(prove(state, seen).why()).isEqualTo("stable lives with the new schema");
  }

  private static RolloutState counted(OnMissing noData, OnMissing undecided) {
    Release release = release(proof(false, WATCH, OnStableBroken.HOLD));
    return Seen.in(Releases.counted(release, noData, undecided), Step.Prove.class);
  }

  private static RolloutState judged(RolloutState state, Verdict verdict, int fails) {
    return state.counting(
        state
            .tallies()
            .judged(Map.of("stable errors", fails), Map.of("stable errors", verdict), Seen.NOW));
  }

  @Test
  void numbersThatAreTwiceWorseThanBeforeAreAFinding() {
    RolloutState state = counted(OnMissing.HOLD, OnMissing.HOLD);
    MetricRound round =
        new MetricRound(
            Seen.NOW, Seen.NOW, Map.of("total", new MetricAnswer.Unreachable("refused")));
    assertThat(prove(state, Seen.at(state).round(round)).why())
        .isEqualTo("judged stable's numbers");
    Verdict fail = new Verdict.Fail(0.5, 0.02, 100, "50 % of 100 requests");
    RolloutState once = judged(state, fail, 1);
    assertThat(prove(once, Seen.at(once))).isInstanceOf(Wait.class);
    RolloutState twice = judged(state, fail, 2);
    assertThat(broken(prove(twice, Seen.at(twice))))
        .isEqualTo("worse than before, stable errors: 50 % of 100 requests");
  }

  @Test
  void silenceAtTheEndOfTheWatchIsHeldForAWhile() {
    RolloutState state = counted(OnMissing.HOLD, OnMissing.PASS);
    String why = "stable on the new schema: stable's numbers have not been answered yet";
    Duration limit = WATCH.plusMinutes(10);
    assertThat(prove(state, Seen.at(state).after(WATCH)))
        .isEqualTo(new Wait(Seen.NOW.plus(limit), "holding: " + why));
    assertThat(back(prove(state, Seen.at(state).after(limit))))
        .isEqualTo("NO_DATA: " + why + ", for 11m");
  }

  @Test
  void tooFewRequestsAndNoneAtAllHaveEachTheirOwnRule() {
    Verdict few = new Verdict.Undecided(0, 1, 3, "too few");
    Verdict none = new Verdict.NoData(1, "nothing came", false);
    RolloutState lenient = counted(OnMissing.ROLLBACK, OnMissing.PASS);
    RolloutState passed = judged(lenient, few, 0);
    assertThat(prove(passed, Seen.at(passed).after(WATCH)).why())
        .isEqualTo("stable on the new schema: too few; counted as good");
    RolloutState silent = judged(lenient, none, 0);
    assertThat(back(prove(silent, Seen.at(silent).after(WATCH))))
        .isEqualTo("NO_DATA: stable on the new schema: nothing came");
  }

  // ---- what follows

  /** Told, and with what the fresh pod had to say. */
  private static RolloutState told(RolloutState state) {
    RolloutState told = next(prove(state, hurt(state)));
    Collect collect = (Collect) prove(told, hurt(told));
    assertThat(collect.why()).isEqualTo("what the fresh pod had to say");
    return collect.next();
  }

  @Test
  void findingIsToldOnceWithBothWaysOut() {
    RolloutState state = watching(OnStableBroken.HOLD);
    Advance told = (Advance) prove(state, hurt(state));
    String says =
        HURT
            + ". Back, and the schema stays: rollout rollback shop. Forward, on to the candidate:"
            + " rollout promote shop";
    assertThat(told.why()).isEqualTo(says);
    assertThat(told.events()).extracting(Event::message).containsExactly(says);
    RolloutState held = told(state);
    Instant end = Seen.NOW.plus(Duration.ofHours(24));
    assertThat(prove(held, Seen.at(held)))
        .as("also when it is well again")
        .isEqualTo(new Gate(end, says));
    assertThat(prove(held, hurt(held).request("pause", false))).isInstanceOf(Gate.class);
    assertThat(back(prove(held, hurt(held).after(Duration.ofHours(24)))))
        .isEqualTo("COMPATIBILITY: " + HURT + "; nobody went forward in time");
  }

  @Test
  void personMayGoForwardAllTheSame() {
    RolloutState held = told(watching(OnStableBroken.HOLD));
    Advance forward = (Advance) prove(held, hurt(held).request("promote", false));
    assertThat(forward.why()).isEqualTo("forward, though stable is hurt: by ada");
    assertThat(forward.events())
        .extracting(Event::fields)
        .containsExactly(Doc.of("name", "compatibility", "state", "passed"));
    assertThat(prove(forward.next(), hurt(forward.next())))
        .isEqualTo(new Advance(forward.next().next(Seen.NOW), "on, though stable is hurt: by ada"));
  }

  @Test
  void withoutAPersonItGoesTheWayThatWasAskedFor() {
    RolloutState undo = watching(OnStableBroken.UNDO);
    assertThat(prove(undo, hurt(undo)).why()).isEqualTo(HURT);
    assertThat(back(prove(told(undo), hurt(undo)))).isEqualTo("COMPATIBILITY: " + HURT);
    RolloutState forward = watching(OnStableBroken.FORWARD);
    assertThat(prove(told(forward), hurt(forward)).why())
        .isEqualTo("forward, though stable is hurt: by onStableBroken: forward");
  }
}
