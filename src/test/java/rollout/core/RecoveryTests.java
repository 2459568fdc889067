package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Step;

/** What the objects alone tell; the whole way from there is in CrashTests and RepairTests. */
class RecoveryTests {
  private static Optional<RolloutState> of(Seen seen) {
    return Recovery.of(seen.survey(), "shop", Seen.NOW);
  }

  /** A copy carries the marks by which it is known. */
  private static Doc marked(Doc copy) {
    Map<String, String> labels =
        Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop", Marks.REVISION, "2");
    return copy.with(labels, "metadata", "labels")
        .with(Map.of("app", "shop", Marks.REVISION, "2"), "spec", "selector", "matchLabels");
  }

  static List<List<Class<? extends Step>>> steps() {
    return List.of(
        List.of(Step.Create.class, Step.Claim.class),
        List.of(Step.PauseStable.class, Step.Claim.class),
        List.of(Step.StartCandidate.class, Step.Verify.class),
        List.of(Step.Verify.class, Step.Verify.class),
        List.of(Step.Bake.class, Step.Bake.class),
        List.of(Step.SettleStable.class, Step.SettleStable.class));
  }

  @Test
  void whatSizesStableIsKnownByItsState() {
    RolloutState known = Seen.in(Seen.scaled(), Step.Bake.class).noting(ScalerSteps.FLOOR, "3");
    RolloutState found =
        of(Seen.at(known).candidate(RecoveryTests::marked).scaler(Seen.autoscaler(3, "x", known)))
            .orElseThrow();
    assertThat(found.release().scaler()).isEqualTo(Seen.scaled().scaler());
    assertThat(found.facts()).containsEntry(ScalerSteps.FLOOR, "3");
    assertThat(found.current()).containsInstanceOf(Step.Bake.class);
  }

  @Test
  void oneThatNobodyMarkedIsNoneOfIts() {
    RolloutState known = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen = Seen.at(known).candidate(RecoveryTests::marked);
    assertThat(of(seen.scaler(Seen.autoscaler(2, "shop"))).orElseThrow().release().scaler())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theReleaseIsTheSameAtEveryStep(List<Class<? extends Step>> stepAndFound) {
    RolloutState known = Seen.in(Seen.copy(), stepAndFound.getFirst());
    RolloutState found = of(Seen.at(known).candidate(RecoveryTests::marked)).orElseThrow();
    assertThat(found.current()).containsInstanceOf(stepAndFound.getLast());
    assertThat(found.course()).isEqualTo(Course.FORWARD);
    Release release = found.release();
    assertThat(release.revision()).isEqualTo(2);
    assertThat(release.form()).isEqualTo(Form.COPY);
    assertThat(release.stable()).isEqualTo(Seen.copy().stable());
    assertThat(release.services()).isEqualTo(Seen.copy().services());
    assertThat(release.candidate().name()).isEqualTo("shop-r2");
    assertThat(found.epoch()).isEqualTo(7);
    assertThat(found.by()).isEqualTo("me");
  }

  @Test
  void whatHasTurnedBackIsFoundGoingBack() {
    RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class);
    Seen seen = Seen.at(back);
    seen.shop(seen.stamped(Seen.STABLE, "back")).candidate(RecoveryTests::marked);
    RolloutState found = of(seen).orElseThrow();
    assertThat(found.course()).isEqualTo(Course.BACK);
    assertThat(found.passed(Step.Pin.class)).isTrue();
    assertThat(found.going().orElseThrow().shifted()).isTrue();

    RolloutState settle = Seen.back(Seen.copy(), Step.SettleStable.class, Step.RestoreStable.class);
    Seen settling = Seen.at(settle);
    settling.shop(settling.stamped(Seen.CANDIDATE, "settle"));
    assertThat(of(settling).orElseThrow().course()).isEqualTo(Course.BACK_FROM_SETTLE);
  }

  @Test
  void aServiceThatWasNeverMovedIsNotPinnedNow() {
    RolloutState back = Seen.back(Seen.copy(), Step.Create.class, Step.TrafficBack.class);
    Seen seen = Seen.at(back);
    Selector original = Seen.SHOP.original();
    seen.shop(seen.stamped(original, "back"));
    assertThat(of(seen).orElseThrow().passed(Step.Pin.class)).isFalse();
  }

  @Test
  void aSettledOneIsFinished() {
    RolloutState drains = Seen.in(Seen.copy(), Step.Drain.class);
    Seen seen = Seen.at(drains);
    seen.shop(seen.stamped(Seen.SHOP.original().and(Selector.TEMPLATE_HASH, "bbb"), "settled"));
    RolloutState found = of(seen).orElseThrow();
    assertThat(found.current()).containsInstanceOf(Step.SwitchToStable.class);
    assertThat(found.facts())
        .containsEntry(SettleSteps.NEW_HASH, "bbb")
        .containsEntry(SettleSteps.EPOCH_RAISED, "yes");
    RolloutState swapped = Seen.in(Seen.swap(), Step.Drain.class);
    Seen green = Seen.at(swapped);
    green.shop(green.stamped(Seen.swap().target().candidate(), "settled"));
    assertThat(of(green).orElseThrow().current()).containsInstanceOf(Step.Drain.class);
  }

  @Test
  void withoutAnyMarkThereIsNothing() {
    RolloutState untouched = RolloutState.begin(Seen.copy(), Seen.NOW, 1, "me");
    assertThat(of(Seen.at(untouched))).isEmpty();
    assertThat(of(Seen.at(untouched).noService())).isEmpty();
  }

  @Test
  void aSelectorOrACopyAloneTellsOfARelease() {
    RolloutState untouched = RolloutState.begin(Seen.copy(), Seen.NOW, 1, "me");
    Seen pinned = Seen.at(untouched);
    pinned.shop(pinned.shop("shop").doc().with(Seen.STABLE.labels(), "spec", "selector"));
    RolloutState found = of(pinned).orElseThrow();
    assertThat(found.release().target().original()).isEqualTo(Seen.SHOP.original());
    assertThat(found.release().target().stable()).isEqualTo(Seen.STABLE);
    assertThat(found.current()).containsInstanceOf(Step.Claim.class);

    RolloutState made = Seen.in(Seen.copy(), Step.Pin.class);
    Seen copyOnly =
        Seen.at(made)
            .candidate(RecoveryTests::marked)
            .stable(doc -> doc.without("metadata", "annotations").without("spec", "paused"));
    RolloutState left = of(copyOnly).orElseThrow();
    assertThat(left.release().revision()).isEqualTo(2);
    assertThat(left.release().candidate().name()).isEqualTo("shop-r2");
  }
}
