package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Selector;
import rollout.plan.Step;

class RestoreStepsTests {
  private static final Doc PROMOTED = Seen.NEW.with(Map.of("app", "shop"), "metadata", "labels");
  private final RolloutState state =
      Seen.back(Seen.copy(), Step.SettleStable.class, Step.RestoreStable.class);

  /** Stable has taken the new template over, and some of its old pods have left. */
  private Seen half() {
    return Seen.at(state)
        .stable(doc -> doc.with(PROMOTED, "spec", "template").without("spec", "paused"))
        .noPods("s-3");
  }

  private Seen stamped(Seen seen, Selector selector) {
    return seen.shop(seen.stamped(selector, "back"));
  }

  private static void partly(Decision decision, String why) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Finish.class,
            end -> {
              assertThat(end.outcome().result()).isEqualTo(Result.ROLLED_BACK_PARTLY);
              assertThat(end.why()).startsWith(why);
            });
  }

  @Test
  void trafficGoesBackFirstWhileAllOfTheOldPodsAreWarm() {
    Seen seen = Seen.at(state);
    seen.shop(seen.stamped(Seen.CANDIDATE, "settle"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, "settle", Seen.STABLE),
                "back: it crashed"));
  }

  @Test
  void podsThatTheirReplicaSetDoesNotWantAnyMoreDoNotCountThoughTheyAreReady() {
    RolloutState forward = Seen.in(Seen.copy(), Step.SettleStable.class);
    Seen seen = Seen.at(state).fewer(2);
    seen.shop(Seen.at(forward).stamped(Seen.CANDIDATE, "settle"));
    assertThat(((Act) seen.decide()).why()).isEqualTo("nobody may go forward from here any more");
  }

  @Test
  void readsOnceMoreBeforeTrafficGoesToThem() {
    Seen seen = Seen.at(state).watched();
    seen.shop(seen.stamped(Seen.CANDIDATE, "settle"));
    assertThat(seen.decide())
        .isEqualTo(new Wait(Seen.NOW, true, "one more look at the pods that served"));
  }

  @Test
  void stablesPauseComesBeforeAServiceKeepsToItsOldPods() {
    RolloutState forward = Seen.in(Seen.copy(), Step.SettleStable.class);
    Seen seen = Seen.at(state);
    seen.shop(Seen.at(forward).stamped(Seen.CANDIDATE, "settle"))
        .stable(
            doc ->
                doc.without("spec", "paused")
                    .with(
                        Writes.claim(forward).json(), "metadata", "annotations", "rollout/claim"));
    assertThat(((Act) seen.decide()).action().object().name()).isEqualTo("shop");
    assertThat(((Act) seen.decide()).why())
        .isEqualTo("no more of the pods that served before may leave");
    RolloutState unwritten = unwritten();
    Seen unobserved = Seen.at(unwritten).stable(doc -> doc.with(9, "metadata", "generation"));
    unobserved.shop(Seen.at(forward).stamped(Seen.CANDIDATE, "settle"));
    assertThat(Decider.decide(unwritten, unobserved.look()))
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(60), "waiting until the pause is observed"));
    assertThat(Decider.decide(unwritten, unobserved.after(Duration.ofSeconds(60)).look()))
        .isInstanceOf(Act.class);
  }

  private RolloutState unwritten() {
    RolloutState.GoingBack going = state.going().orElseThrow();
    return state.going(
        new RolloutState.GoingBack(
            going.cause(),
            going.reason(),
            going.leftAt(),
            true,
            Seen.NOW,
            Seen.NOW,
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void trafficStaysOnTheCandidateWhenSomeOfThemHaveLeft() {
    RolloutState forward = Seen.in(Seen.copy(), Step.SettleStable.class);
    Seen seen = half().shop(Seen.at(forward).stamped(Seen.CANDIDATE, "settle"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, "settle", Seen.CANDIDATE),
                "nobody may go forward from here any more"));
  }

  @Test
  void notesThatItIsWritten() {
    Seen seen = stamped(half(), Seen.CANDIDATE);
    assertThat(Decider.decide(unwritten(), seen.look())).isEqualTo(new Advance(state, "stamped"));
  }

  @Test
  void stopsTheRolloutThenGivesStableItsOldTemplate() {
    RolloutState forward = Seen.in(Seen.copy(), Step.SettleStable.class);
    Seen seen =
        stamped(half(), Seen.CANDIDATE)
            .stable(
                doc ->
                    doc.with(
                        Writes.claim(forward).json(), "metadata", "annotations", "rollout/claim"));
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(
            Writes.claimBack(
                seen.stable(),
                state,
                Patch.none().put(true, "spec", "paused"),
                "paused: false",
                "paused: true"));
    Seen claimed = stamped(half(), Seen.CANDIDATE).stable(doc -> doc.with(true, "spec", "paused"));
    assertThat(((Act) claimed.decide()).action())
        .isEqualTo(
            Writes.claimBack(
                claimed.stable(),
                state,
                Patch.none()
                    .put(Seen.OLD, "spec", "template")
                    .remove("spec", "paused")
                    .put(3, "spec", "replicas"),
                "the new template",
                "the template of shop-aaa"));
  }

  @Test
  void withoutTheOldReplicaSetTrafficStaysOnTheCandidateAndItIsSaid() {
    Seen seen = stamped(half().noSet("rs-1"), Seen.CANDIDATE);
    partly(
        seen.decide(),
        "ReplicaSet shop-aaa with the old template is gone; traffic stays on shop-r2");
  }

  @Test
  void aReplicaSetMadeAnewFromTheSameTemplateServesAsWell() {
    Seen seen = Seen.at(state).noSet("rs-1").noPods("s-");
    seen.set(Seen.replicaSet("shop-aaa", "rs-9", "d-uid", "aaa", Seen.OLD));
    for (int i = 1; i <= 3; i++) {
      Map<String, String> labels = Map.of("app", "shop", Selector.TEMPLATE_HASH, "aaa");
      seen.pod(Seen.pod("s-" + i, "rs-9", labels));
    }
    assertThat(stamped(seen, Seen.STABLE).decideAfterTwoLooks().why())
        .isEqualTo("traffic is back, observed: 3 endpoints of shop, 0 of shop-r2");
  }

  @Test
  void somebodysTemplateIsNotOverwritten() {
    Doc foreign = Seen.template("demo:v9", Map.of("app", "shop"));
    Seen seen =
        stamped(half(), Seen.CANDIDATE).stable(doc -> doc.with(foreign, "spec", "template"));
    partly(seen.decide(), "somebody gave Deployment shop another template meanwhile");
  }

  @Test
  void waitsForTheOldTemplateAndThenSaysWhatIsMissing() {
    Seen seen =
        stamped(Seen.at(state), Seen.STABLE)
            .stable(doc -> doc.with(2, "status", "availableReplicas").without("spec", "paused"));
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "waiting for shop to run the old version again"));
    partly(
        seen.after(Duration.ofMinutes(11)).decide(),
        "Deployment shop does not get ready with its old template");
  }

  @Test
  void isBackWhenTheEndpointsShowIt() {
    Seen seen = stamped(Seen.at(state), Seen.STABLE);
    Advance advance = (Advance) seen.decideAfterTwoLooks();
    assertThat(advance.next().step()).isEqualTo(1);
    assertThat(advance.next().going().flatMap(RolloutState.GoingBack::observed)).contains(Seen.NOW);
  }

  @Test
  void aStableThatIsGoneIsSaid() {
    partly(
        Seen.at(state).noStable().decide(),
        "Deployment shop was deleted or made anew by somebody else");
  }

  @Test
  void onceItIsWrittenThePauseIsNotWaitedFor() {
    Seen seen = stamped(Seen.at(state), Seen.STABLE);
    seen.stable(doc -> doc.with(9, "metadata", "generation"));
    assertThat(seen.decide().why()).doesNotContain("the pause is observed");
  }

  @Test
  void whoeverKeepsChangingTheSelectorIsNamedAfterFiveTries() {
    assertThat(stamped(Seen.at(tried(4)), Seen.CANDIDATE).decide()).isInstanceOf(Act.class);
    partly(
        stamped(Seen.at(tried(5)), Seen.CANDIDATE).decide(),
        "somebody keeps changing the selector of Service shop");
    Seen foreign = Seen.at(tried(5));
    RolloutState forward = Seen.in(Seen.copy(), Step.SettleStable.class);
    foreign.shop(Seen.at(forward).stamped(Seen.CANDIDATE, "settle"));
    assertThat(foreign.decide()).as("the first write is made in any case").isInstanceOf(Act.class);
    assertThat(stamped(Seen.at(tried(5)), Seen.STABLE).decide())
        .as("it is as it must be")
        .isNotInstanceOf(Finish.class);
  }

  private RolloutState tried(int times) {
    RolloutState now = state;
    for (int i = 0; i < times; i++) {
      now = now.tried();
    }
    return now;
  }

  @Test
  void aPausedRolloutOfTheOldTemplateIsLetGoOn() {
    Seen seen =
        stamped(Seen.at(state), Seen.STABLE)
            .stable(doc -> doc.with(2, "status", "availableReplicas"));
    assertThat(seen.decide().why()).isEqualTo("the old template must be rolled out");
    seen.stable(doc -> doc.with(9, "metadata", "generation"));
    assertThat(seen.decide().why()).isEqualTo("waiting for shop to run the old version again");
  }

  @Test
  void itIsNotBackWhileTheCandidateIsBehindTheService() {
    Seen seen = stamped(Seen.at(state), Seen.STABLE).endpoints("shop", "s-1", "s-2", "s-3", "c-1");
    assertThat(seen.decideAfterTwoLooks().why())
        .isEqualTo("not seen any more: only pods of shop are behind the Service");
  }

  @Test
  void aServiceThatIsGoneDoesNotHoldTheWayBack() {
    assertThat(Seen.at(state).noService().decideAfterTwoLooks().why())
        .startsWith("traffic is back, observed");
  }
}
