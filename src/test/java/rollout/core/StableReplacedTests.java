package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.document.Doc;
import rollout.model.Selector;
import rollout.plan.Step;

/** Somebody gives stable yet another template while a release ends. */
class StableReplacedTests {
  private static final Doc PROMOTED = Seen.NEW.with(Map.of("app", "shop"), "metadata", "labels");
  private static final Doc THEIRS = Seen.template("demo:v9", Map.of("app", "shop"));
  private static final Selector PINNED = Seen.ORIGINAL.and(Selector.TEMPLATE_HASH, "bbb");
  private static final String SAYS = "somebody gave Deployment shop another template";

  /** The Service keeps to stable's new pods, and the hash of these is known. */
  private static Seen pinned(Class<? extends Step> step) {
    Seen seen = Seen.at(Seen.in(Seen.copy(), step).noting(SettleSteps.NEW_HASH, "bbb"));
    return seen.shop(seen.stamped(PINNED, "settled"))
        .set(Seen.replicaSet("shop-bbb", "rs-2", "d-uid", "bbb", PROMOTED))
        .stable(doc -> doc.with(THEIRS, "spec", "template").without("spec", "paused"));
  }

  private static Optional<Decision> leave(Seen seen) {
    return StableReplaced.pinnedPodsLeave(seen.sight());
  }

  @Test
  void aServiceLetsGoOfPodsThatLeave() {
    Seen seen = pinned(Step.Drain.class);
    String why = SAYS + ": its pods leave, so the Service takes all that it has";
    assertThat(leave(seen))
        .contains(
            new Act(
                Writes.steer(seen.shop("shop"), seen.state(), Seen.SHOP, "settled", Seen.ORIGINAL),
                why));
    seen.set(Seen.replicaSet("shop-zzz", "rs-9", "d-uid", "zzz", THEIRS));
    assertThat(leave(seen)).as("its new pods have another hash").isPresent();
    assertThat(leave(pinned(Step.SwitchToStable.class))).isPresent();
  }

  @Test
  void podsThatStayKeepTheirService() {
    assertThat(leave(pinned(Step.Drain.class).stable(doc -> doc.with(true, "spec", "paused"))))
        .as("a paused Deployment replaces nothing")
        .isEmpty();
    assertThat(
            leave(pinned(Step.Drain.class).stable(doc -> doc.with(PROMOTED, "spec", "template"))))
        .as("it is the template of these pods")
        .isEmpty();
    assertThat(leave(pinned(Step.Drain.class).noStable())).as("it is gone").isEmpty();
  }

  @Test
  void onlyWhatThisReleaseHasPinnedIsLetGo() {
    assertThat(leave(pinned(Step.SettleStable.class))).as("not yet").isEmpty();
    assertThat(leave(pinned(Step.Free.class))).as("the last step does it anyway").isEmpty();
    Seen moved = pinned(Step.Drain.class);
    assertThat(leave(moved.shop(moved.stamped(Seen.CANDIDATE, "settled"))))
        .as("another selector")
        .isEmpty();
    assertThat(leave(pinned(Step.Drain.class).noService())).as("no Service").isEmpty();
    RolloutState unknown = Seen.in(Seen.copy(), Step.Drain.class);
    assertThat(StableReplaced.unpinned(Seen.at(unknown).sight(), "so")).as("no hash").isEmpty();
    Seen early = pinned(Step.SettleStable.class);
    assertThat(StableReplaced.unpinned(early.sight(), "so")).as("before the switch").isEmpty();
  }

  // ---- before the switch, and after it

  private static Optional<Decision> before(Seen seen) {
    return StableReplaced.beforeTheEnd(seen.sight(), seen.stable());
  }

  @Test
  void beforeTheSwitchTheirTemplateIsNotOverwritten() {
    Seen seen = pinned(Step.SwitchToStable.class);
    seen.shop(seen.stamped(Seen.CANDIDATE, "settle"));
    Decision decision = before(seen).orElseThrow();
    assertThat(decision).isInstanceOf(Finish.class);
    assertThat(decision.why()).isEqualTo(SAYS + ", which is not overwritten");
  }

  @Test
  void afterTheSwitchTheRestGoesOn() {
    Seen seen = pinned(Step.SwitchToStable.class);
    assertThat(before(seen)).contains(new Advance(seen.state().next(Seen.NOW), SAYS));
  }

  @Test
  void theCandidatesTemplateIsNoReplacement() {
    Seen ours = pinned(Step.SwitchToStable.class);
    ours.stable(doc -> doc.with(PROMOTED, "spec", "template"));
    assertThat(before(ours)).isEmpty();
    assertThat(before(pinned(Step.SwitchToStable.class).noCandidate()))
        .as("without a candidate nobody can tell")
        .isEmpty();
  }
}
