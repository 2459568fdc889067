package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.plan.Release;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

class SettleStepsTests {
  private static final Doc PROMOTED = Seen.NEW.with(Map.of("app", "shop"), "metadata", "labels");
  private static final Selector SETTLED = Seen.ORIGINAL.and(Selector.TEMPLATE_HASH, "bbb");

  private static RolloutState in(Class<? extends Step> step) {
    return Seen.in(Seen.copy(), step);
  }

  /** Stable runs the new template, and its new ReplicaSet serves nobody yet. */
  private static Seen taken(RolloutState state) {
    Seen seen =
        Seen.at(state)
            .stable(doc -> doc.with(PROMOTED, "spec", "template").without("spec", "paused"))
            .noPods("s-")
            .set(Seen.replicaSet("shop-bbb", "rs-2", "d-uid", "bbb", PROMOTED));
    for (int i = 1; i <= 3; i++) {
      Map<String, String> labels = Map.of("app", "shop", Selector.TEMPLATE_HASH, "bbb");
      seen.pod(Seen.pod("n-" + i, "rs-2", labels));
    }
    return seen;
  }

  private static void unsettled(Decision decision, String why) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Finish.class,
            end -> {
              assertThat(end.outcome().result()).isEqualTo(Result.NOT_SETTLED);
              assertThat(end.ends()).isFalse();
              assertThat(end.why()).isEqualTo(why);
            });
  }

  @Test
  void raisesTheEpochFirstThenStampsTheServiceWithoutMovingIt() {
    RolloutState begin = in(Step.BeginSettle.class);
    RolloutState raised = begin.takenOver(8, "me", Seen.NOW).noting("settleEpoch", "yes");
    Seen seen = Seen.at(begin);
    assertThat(seen.decide()).isEqualTo(new Advance(raised, "from now on the warm pods may leave"));
    assertThat(Decider.decide(raised, seen.look()))
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), raised, Seen.SHOP, "settle", Seen.CANDIDATE),
                "the way back is another from here on"));
    Seen stamped = Seen.at(begin).shop(Seen.at(raised).stamped(Seen.CANDIDATE, "settle"));
    assertThat(Decider.decide(raised, stamped.look()))
        .isEqualTo(new Advance(raised.next(Seen.NOW), "settling"));
  }

  @Test
  void aSwapIsSettledFromTheFirstStampOn() {
    RolloutState raised = Seen.in(Seen.swap(), Step.BeginSettle.class).noting("settleEpoch", "yes");
    Act act = (Act) Seen.at(raised).decide();
    assertThat(((Action.Change) act.action()).patch().json())
        .contains("\\\"phase\\\":\\\"settled\\\"");
  }

  @Test
  void stableTakesTheTemplateWithoutOurLabelUnpausedAndAsLargeAsTheCandidate() {
    Seen seen =
        Seen.at(in(Step.SettleStable.class)).candidate(doc -> doc.with(5, "spec", "replicas"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.claim(
                    seen.stable(),
                    seen.state(),
                    Patch.none()
                        .put(PROMOTED, "spec", "template")
                        .remove("spec", "paused")
                        .put(5, "spec", "replicas"),
                    "the previous template, paused",
                    "the new template"),
                "stable takes the new version over while the candidate serves"));
  }

  @Test
  void aTemplateThatIsOursAlreadyIsOnlyUnpaused() {
    Seen seen =
        Seen.at(in(Step.SettleStable.class)).stable(doc -> doc.with(PROMOTED, "spec", "template"));
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(
            Writes.claim(
                seen.stable(),
                seen.state(),
                Patch.none().remove("spec", "paused").put(3, "spec", "replicas"),
                "the previous template, paused",
                "the new template"));
  }

  @Test
  void inPreparedModeStableKeepsItsTrack() {
    Selector original = Seen.ORIGINAL.and(Marks.TRACK, "stable");
    Selector candidate = Seen.ORIGINAL.and(Marks.TRACK, "candidate");
    Release release =
        Seen.with(Seen.copy(), new Steered("shop", "s-uid", original, original, candidate));
    RolloutState state = Seen.in(release, Step.SettleStable.class);
    Seen seen =
        Seen.at(state)
            .candidate(
                doc ->
                    doc.with("candidate", "spec", "template", "metadata", "labels", Marks.TRACK));
    assertThat(SettleSteps.promoted(seen.sight(), seen.candidate()).texts("metadata", "labels"))
        .isEqualTo(Map.of("app", "shop", Marks.TRACK, "stable"));
  }

  @Test
  void somebodysTemplateIsNotOverwrittenAndInTheEndLeftUnsettled() {
    Doc foreign = Seen.template("demo:v9", Map.of("app", "shop"));
    Seen seen =
        Seen.at(in(Step.SettleStable.class)).stable(doc -> doc.with(foreign, "spec", "template"));
    String why = "somebody gave Deployment shop another template, which is not overwritten";
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "somebody gave shop another template, which is not overwritten"));
    unsettled(seen.after(Duration.ofMinutes(10).plusMillis(1)).decide(), why);
  }

  @Test
  void waitsUntilStableIsFullyRolledOut() {
    Seen half =
        taken(in(Step.SettleStable.class)).stable(doc -> doc.with(1, "status", "updatedReplicas"));
    assertThat(half.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)), "waiting for shop: 1 of 3 pods replaced"));
    Seen whole = taken(in(Step.SettleStable.class));
    assertThat(whole.decide())
        .isEqualTo(new Advance(whole.state().next(Seen.NOW), "shop runs the new version"));
  }

  @Test
  void aStableThatDoesNotGetReadyLeavesTrafficOnTheCandidate() {
    Seen seen =
        taken(in(Step.SettleStable.class))
            .stable(doc -> doc.with(2, "status", "availableReplicas"))
            .pods("n-3", Seen::unready)
            .after(Duration.ofMinutes(11));
    unsettled(
        seen.decide(),
        "Deployment shop does not get ready with the new template: pod n-3 is not ready: probe"
            + " failed");
  }

  @Test
  void switchesToTheNewReplicaSetOfStableByItsHash() {
    RolloutState state = in(Step.SwitchToStable.class).noting(SettleSteps.NEW_HASH, "bbb");
    Seen seen = taken(state);
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.claim(
                    seen.stable(),
                    state,
                    Patch.none().put(true, "spec", "paused"),
                    "paused: false",
                    "paused: true"),
                "nobody's apply may replace its pods while its Services keep to them"));
    seen = seen.stable(doc -> doc.with(true, "spec", "paused"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), state, Seen.SHOP, "settled", SETTLED),
                "new connections leave the copy before its pods end"));
    Seen switched = seen.shop(seen.stamped(SETTLED, "settled"));
    assertThat(switched.decideAfterTwoLooks().why())
        .isEqualTo("observed: 3 endpoints of shop, 0 of shop-r2");
  }

  @Test
  void remembersTheHashBeforeAnythingIsWrittenWithIt() {
    RolloutState state = in(Step.SwitchToStable.class);
    assertThat(taken(state).decide())
        .isEqualTo(
            new Advance(
                state.noting(SettleSteps.NEW_HASH, "bbb"), "stable's new pods have hash bbb"));
  }

  @Test
  void doesNotSwitchToStableWhileOneOfItsPodsIsMissing() {
    RolloutState state = in(Step.SwitchToStable.class).noting(SettleSteps.NEW_HASH, "bbb");
    assertThat(taken(state).pods("n-2", Seen::unready).decide())
        .isEqualTo(
            new Wait(Seen.NOW.plus(Duration.ofMinutes(10)), "waiting for 2 of 3 pods of stable"));
  }

  @Test
  void raisesStableToWhatTheCandidateHasNow() {
    RolloutState state = in(Step.SwitchToStable.class);
    Seen seen = taken(state).candidate(doc -> doc.with(6, "spec", "replicas"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(Writes.scale(seen.stable(), 6), "stable must bear what the candidate bears"));
  }

  @Test
  void drainsForTheGracePeriodOfThePodsThatLostTheirTraffic() {
    Seen copy =
        taken(in(Step.Drain.class))
            .candidate(
                doc -> doc.with(40, "spec", "template", "spec", "terminationGracePeriodSeconds"));
    assertThat(SettleSteps.drainTime(copy.sight())).isEqualTo(Duration.ofSeconds(47));
    Seen swap =
        Seen.at(Seen.in(Seen.swap(), Step.Drain.class))
            .stable(
                doc -> doc.with(60, "spec", "template", "spec", "terminationGracePeriodSeconds"));
    assertThat(SettleSteps.drainTime(swap.sight())).isEqualTo(Duration.ofSeconds(67));
  }

  @Test
  void theEndOfASwapKeepsThePreviousVersionWithoutPodsAndClaim() {
    Seen seen = Seen.at(Seen.in(Seen.swap(), Step.Retire.class));
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(
            Writes.unclaim(
                seen.stable(),
                Patch.none().put(0, "spec", "replicas"),
                false,
                "replicas 3",
                "replicas 0"));
  }

  @Test
  void aVersionThatIsGoneIsNamed() {
    RolloutState settles = in(Step.SettleStable.class);
    unsettled(
        SettleSteps.settle(Seen.at(settles).noCandidate().sight()),
        "Deployment shop-r2 was deleted or made anew by somebody else");
    unsettled(
        SettleSteps.settle(Seen.at(settles).noStable().sight()),
        "Deployment shop was deleted or made anew by somebody else");
  }

  @Test
  void aReplicaSetOfTheNewTemplateIsWaitedFor() {
    Seen seen = taken(in(Step.SwitchToStable.class)).noSet("rs-2");
    String none = "no ReplicaSet of shop has its template";
    assertThat(SettleSteps.switchToStable(seen.sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(Duration.ofMinutes(10)), none));
    unsettled(SettleSteps.switchToStable(seen.after(Duration.ofMinutes(10)).sight()), none);
  }

  @Test
  void theSwitchIsNotSeenWhileTheCopyIsBehindTheService() {
    RolloutState state = in(Step.SwitchToStable.class).noting(SettleSteps.NEW_HASH, "bbb");
    Seen seen = taken(state).stable(doc -> doc.with(true, "spec", "paused"));
    seen.shop(seen.stamped(SETTLED, "settled")).endpoints("shop", "n-1", "n-2", "n-3", "c-1");
    assertThat(seen.decideAfterTwoLooks().why())
        .isEqualTo("not seen any more: only new pods of shop are behind the Service");
  }

  @Test
  void copyWhosePodsAServiceTakesInAgainIsLeftOnceMoreBeforeTheyEnd() {
    for (Class<? extends Step> step : List.of(Step.Drain.class, Step.RemoveCandidate.class)) {
      RolloutState state = in(step).noting(SettleSteps.NEW_HASH, "bbb");
      Seen seen = taken(state).stable(doc -> doc.with(true, "spec", "paused"));
      seen.shop(seen.stamped(Seen.ORIGINAL, "settled"));
      Decision decision = seen.decide();
      assertThat(decision.why())
          .isEqualTo("the Service sends to the copy too, whose pods are to end");
      assertThat(((Advance) decision).next().current()).contains(new Step.SwitchToStable());
      seen.shop(seen.stamped(SETTLED, "settled"));
      assertThat(seen.decide().why()).as("it keeps to stable").doesNotContain("too");
    }
  }

  @Test
  void isDrainedWhenTheTimeIsOver() {
    Seen seen = taken(in(Step.Drain.class));
    assertThat(SettleSteps.drain(seen.after(Duration.ofSeconds(36)).sight()))
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(37), "draining for 37s"));
    assertThat(SettleSteps.drain(seen.after(Duration.ofSeconds(37)).sight()).why())
        .isEqualTo("drained");
  }

  @Test
  void theEndOfASwapLeavesNeitherPodsNorClaim() {
    RolloutState retires = Seen.in(Seen.swap(), Step.Retire.class);
    Seen claimed = Seen.at(retires).stable(doc -> doc.with(0, "spec", "replicas"));
    assertThat(SettleSteps.retire(claimed.sight())).as("a claim is left").isInstanceOf(Act.class);
    Seen serving = Seen.at(retires).stable(doc -> doc.without("metadata", "annotations"));
    assertThat(SettleSteps.retire(serving.sight())).as("pods are left").isInstanceOf(Act.class);
    Seen over = serving.stable(doc -> doc.with(0, "spec", "replicas"));
    assertThat(SettleSteps.retire(over.sight()).why()).isEqualTo("shop is kept without pods");
  }
}
