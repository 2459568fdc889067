package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Kind;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.plan.Release.Scaler;
import rollout.plan.Step;

class ScalerStepsTests {
  private static RolloutState forward(Class<? extends Step> step) {
    return Seen.in(Seen.scaled(), step).noting(ScalerSteps.FLOOR, "3");
  }

  private static RolloutState back(Class<? extends Step> step) {
    return Seen.back(Seen.scaled(), Step.Bake.class, step).noting(ScalerSteps.FLOOR, "3");
  }

  private static Decision decide(RolloutState state, Doc scaler) {
    return Seen.at(state).scaler(scaler).decide();
  }

  /** What the scaler is after the one write that is decided. */
  private static Autoscaler written(RolloutState state, Doc scaler) {
    Decision decision = decide(state, scaler);
    assertThat(decision).isInstanceOf(Act.class);
    Action.Change change = (Action.Change) ((Act) decision).action();
    assertThat(change.object().kind()).isEqualTo(Kind.AUTOSCALER);
    assertThat(change.traffic()).isFalse();
    try {
      return new Autoscaler(Kind.AUTOSCALER, change.patch().apply(scaler));
    } catch (Patch.Refused e) {
      throw new AssertionError(e);
    }
  }

  private static boolean goesOn(Decision decision, RolloutState from) {
    return decision instanceof Advance advance && advance.next().step() == from.step() + 1;
  }

  @Test
  void theFloorIsStablesSizeOfNowAndIsRememberedBeforeItIsWritten() {
    RolloutState state = Seen.in(Seen.scaled(), Step.RaiseFloor.class);
    Decision first = decide(state, Seen.autoscaler(2, "shop"));
    assertThat(((Advance) first).next().facts())
        .containsAllEntriesOf(Map.of("floor", "3", "floorBefore", "2"));
    Autoscaler live = written(((Advance) first).next(), Seen.autoscaler(2, "shop"));
    assertThat(live.floor()).contains("3");
    assertThat(live.state().textOrEmpty("floor")).isEqualTo("2");
    assertThat(live.state().textOrEmpty("raised")).isEqualTo("3");
    assertThat(Stamp.in(live.state())).isEqualTo(state.stamp());
  }

  @Test
  void theFloorNeverExceedsTheCeilingNorFalls() {
    Doc low = Seen.autoscaler(1, "shop").with(2, "spec", "maxReplicas");
    assertThat(new Autoscaler(Kind.AUTOSCALER, low).raised(3)).isEqualTo("2");
    assertThat(new Autoscaler(Kind.AUTOSCALER, Seen.autoscaler(5, "shop")).raised(3))
        .isEqualTo("5");
  }

  @Test
  void theTargetMovesWithTheTraffic() {
    RolloutState state = forward(Step.Retarget.class);
    Doc live = Seen.autoscaler(3, "shop", state);
    assertThat(written(state, live).target()).isEqualTo("shop-r2");
    assertThat(goesOn(decide(state, Seen.autoscaler(3, "shop-r2", state)), state)).isTrue();
  }

  @Test
  void aTargetThatSomebodyElseHasChosenStays() {
    RolloutState state = forward(Step.Retarget.class);
    assertThat(goesOn(decide(state, Seen.autoscaler(3, "mail", state)), state)).isTrue();
  }

  @Test
  void goingBackTheTargetAndTheWayAreOneWrite() {
    RolloutState state = back(Step.RetargetBack.class);
    Autoscaler live = written(state, Seen.autoscaler(3, "shop-r2", forward(Step.Bake.class)));
    assertThat(live.target()).isEqualTo("shop");
    assertThat(live.floor()).contains("3");
    assertThat(Stamp.in(live.state()).way()).isEqualTo(Way.BACK);
  }

  @Test
  void whatAFrozenDriverMayStillRaiseIsMarkedThoughNothingHasBeenWritten() {
    RolloutState state = Seen.back(Seen.scaled(), Step.RaiseFloor.class, Step.RetargetBack.class);
    assertThat(Stamp.in(written(state, Seen.autoscaler(2, "shop")).state()).way())
        .isEqualTo(Way.BACK);
    RolloutState before = Seen.back(Seen.scaled(), Step.Pin.class, Step.RetargetBack.class);
    assertThat(goesOn(decide(before, Seen.autoscaler(2, "shop")), before)).isTrue();
  }

  @Test
  void inTheEndItIsAsItWas() {
    RolloutState state = back(Step.LowerFloor.class);
    Autoscaler live = written(state, Seen.autoscaler(3, "shop", state));
    assertThat(live.floor()).contains("2");
    assertThat(live.stateText()).isEmpty();
    assertThat(goesOn(decide(state, Seen.autoscaler(2, "shop")), state)).isTrue();
  }

  @Test
  void aFloorThatNobodyHadSetIsTakenAway() {
    RolloutState state = back(Step.LowerFloor.class).noting("floorBefore", "absent");
    assertThat(written(state, Seen.autoscaler(3, "shop", state)).floor()).isEmpty();
  }

  @Test
  void aFloorThatSomebodyElseHasSetStaysAndIsTold() {
    RolloutState state = back(Step.LowerFloor.class);
    Decision told = decide(state, Seen.autoscaler(5, "shop", state));
    assertThat(told.why())
        .isEqualTo(
            "minReplicas of HorizontalPodAutoscaler shop is 5, which this release has not set; it"
                + " stays");
    Autoscaler live = written(((Advance) told).next(), Seen.autoscaler(5, "shop", state));
    assertThat(live.floor()).contains("5");
    assertThat(live.stateText()).isEmpty();
  }

  @Test
  void kedasAnnotationGoesAgain() {
    Scaler scaler =
        new Scaler(Kind.SCALED_OBJECT, "shop", "h-uid", Optional.empty(), Scaler.Sizes.SERVING);
    RolloutState state =
        Seen.back(Seen.with(Seen.copy(), scaler), Step.Bake.class, Step.LowerFloor.class)
            .noting(ScalerSteps.FLOOR, "true");
    Doc live =
        Seen.autoscaler(2, "shop", state)
            .with("true", "metadata", "annotations", Autoscaler.PAUSED_SCALE_IN);
    Action.Change change = (Action.Change) ((Act) decide(state, live)).action();
    assertThat(change.patch().json())
        .contains("\"op\":\"remove\",\"path\":\"/metadata/annotations/autoscaling.keda.sh~1")
        .doesNotContain("minReplicas");
  }

  @Test
  void oneThatIsGoneOrAnotherHoldsNothingUp() {
    for (RolloutState state :
        java.util.List.of(
            Seen.in(Seen.scaled(), Step.RaiseFloor.class),
            back(Step.RetargetBack.class),
            back(Step.LowerFloor.class))) {
      assertThat(goesOn(Seen.at(state).decide(), state)).isTrue();
      Doc another = Seen.autoscaler(3, "shop-r2").with("other", "metadata", "uid");
      assertThat(goesOn(decide(state, another), state)).isTrue();
    }
  }

  @Test
  void aWriteThatIsRefusedAgainAndAgainDoesNotHoldTheWayBack() {
    RolloutState state = back(Step.RetargetBack.class);
    for (int i = 0; i < Timings.REWRITES; i++) {
      state = state.tried();
    }
    assertThat(goesOn(decide(state, Seen.autoscaler(3, "shop-r2")), state)).isTrue();
    RolloutState forward = forward(Step.LowerFloor.class);
    for (int i = 0; i < Timings.REWRITES; i++) {
      forward = forward.tried();
    }
    Decision end = decide(forward, Seen.autoscaler(3, "shop", forward));
    assertThat(((Finish) end).outcome().result()).isEqualTo(Result.NOT_SETTLED);
  }

  @Test
  void aHigherStampOnItEndsThisDriver() {
    RolloutState state = forward(Step.Bake.class);
    RolloutState other = state.takenOver(8, "other", Seen.NOW);
    Decision decision = decide(state, Seen.autoscaler(3, "shop-r2", other));
    assertThat(((Finish) decision).outcome().result()).isEqualTo(Result.LOST);
  }

  @Test
  void whoTakesOverStampsIt() {
    RolloutState before = forward(Step.Bake.class);
    RolloutState state = before.takenOver(8, "me-too", Seen.NOW);
    Seen seen = Seen.at(state).scaler(Seen.autoscaler(3, "shop-r2", before));
    Act act = (Act) seen.decide();
    assertThat(act.action().object().kind()).isEqualTo(Kind.AUTOSCALER);
    assertThat(((Action.Change) act.action()).patch().json()).contains("me-too");
  }

  @Test
  void whatIsWrittenBackIsToldThenSetAgainThreeTimes() {
    RolloutState state = forward(Step.Bake.class);
    Doc live = Seen.autoscaler(2, "shop", state);
    Decision told = decide(state, live);
    assertThat(told.why())
        .endsWith("wrote HorizontalPodAutoscaler shop back as it was; it is set again");
    Autoscaler again = written(((Advance) told).next(), live);
    assertThat(again.floor()).contains("3");
    assertThat(again.target()).isEqualTo("shop-r2");
    Decision left = decide(state.noting("scalerRewritten", "3"), live);
    assertThat(left.why()).contains("again and again, so it is left so");
    assertThat(decide(((Advance) left).next(), live)).isNotInstanceOf(Act.class);
  }
}
