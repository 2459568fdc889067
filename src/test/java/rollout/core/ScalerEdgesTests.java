package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Kind;
import rollout.plan.Release;
import rollout.plan.Release.Scaler;
import rollout.plan.Step;

/** What sizes stable by load, when it is another driver's, somebody else's, or a swap's. */
class ScalerEdgesTests {
  private static final String NAME = "HorizontalPodAutoscaler shop";
  private static final Release SWAP = Seen.with(Seen.swap(), Seen.scaler(Scaler.Sizes.SERVING));

  private static RolloutState forward(Class<? extends Step> step) {
    return Seen.in(Seen.scaled(), step).noting(ScalerSteps.FLOOR, "3");
  }

  private static RolloutState back(Class<? extends Step> step) {
    return Seen.back(Seen.scaled(), Step.Bake.class, step).noting(ScalerSteps.FLOOR, "3");
  }

  private static Sight sight(RolloutState state, Doc live) {
    return Seen.at(state).scaler(live).sight();
  }

  private static Patch patch(Decision decision) {
    return ((Action.Change) ((Act) decision).action()).patch();
  }

  private static Autoscaler after(Decision decision, Doc live) {
    try {
      return new Autoscaler(Kind.AUTOSCALER, patch(decision).apply(live));
    } catch (Patch.Refused e) {
      throw new AssertionError(e);
    }
  }

  // ---- floor

  @Test
  void theFloorIsRaisedWhenItStandsThereUnderOurOwnStamp() {
    RolloutState state = forward(Step.RaiseFloor.class);
    RolloutState other = state.takenOver(6, "other", Seen.NOW);
    assertThat(ScalerSteps.raiseFloor(sight(state, Seen.autoscaler(3, "shop", state))).why())
        .isEqualTo(NAME + " takes no pods from stable");
    assertThat(ScalerSteps.raiseFloor(sight(state, Seen.autoscaler(3, "shop", other))))
        .as("another's stamp")
        .isInstanceOf(Act.class);
    assertThat(ScalerSteps.raiseFloor(sight(state, Seen.autoscaler(2, "shop", state))))
        .as("another floor")
        .isInstanceOf(Act.class);
  }

  @Test
  void whatWasRaisedIsAlsoKnownByTheObjectAlone() {
    RolloutState unknown = Seen.back(Seen.scaled(), Step.Bake.class, Step.LowerFloor.class);
    Doc live = Seen.autoscaler(3, "shop", back(Step.LowerFloor.class));
    assertThat(after(ScalerSteps.lowerFloor(sight(unknown, live)), live).floor()).contains("2");
  }

  @Test
  void oneThatWasNeverTouchedIsLeftAsItIs() {
    RolloutState early = Seen.back(Seen.scaled(), Step.Create.class, Step.LowerFloor.class);
    String why = "nothing of the release remains on " + NAME;
    assertThat(ScalerSteps.lowerFloor(sight(early, Seen.autoscaler(2, "shop-r2"))).why())
        .isEqualTo(why);
    Doc stamped = Seen.autoscaler(2, "shop", early);
    assertThat(after(ScalerSteps.lowerFloor(sight(early, stamped)), stamped).stateText()).isEmpty();
    RolloutState late = back(Step.LowerFloor.class);
    assertThat(ScalerSteps.lowerFloor(sight(late, Seen.autoscaler(2, "shop-r2"))))
        .as("it still sizes the candidate")
        .isInstanceOf(Act.class);
  }

  // ---- target

  @Test
  void forwardTheTargetIsAllThatMatters() {
    RolloutState state = forward(Step.RetargetBack.class);
    assertThat(ScalerSteps.retargetBack(sight(state, Seen.autoscaler(3, "shop"))).why())
        .isEqualTo(NAME + " sizes shop");
    assertThat(ScalerSteps.retargetBack(sight(state, Seen.autoscaler(3, "mail"))).why())
        .isEqualTo(NAME + " sizes mail, which somebody else has chosen; it stays");
    assertThat(ScalerSteps.retargetBack(sight(state, Seen.autoscaler(3, "shop-r2"))).why())
        .isEqualTo("stable serves, so it is the one to size");
  }

  @Test
  void backItIsStampedThoughItsTargetIsRight() {
    RolloutState state = back(Step.RetargetBack.class);
    Doc live = Seen.autoscaler(3, "shop", forward(Step.Bake.class));
    assertThat(ScalerSteps.retargetBack(sight(state, live)).why())
        .isEqualTo("nobody may go forward from here any more");
    assertThat(ScalerSteps.retargetBack(sight(state, Seen.autoscaler(3, "shop", state))).why())
        .isEqualTo(NAME + " sizes shop");
  }

  @Test
  void atTheEndOfASwapItSizesWhatServes() {
    RolloutState promoted = Seen.in(SWAP, Step.LowerFloor.class).noting(ScalerSteps.FLOOR, "3");
    Doc live = Seen.autoscaler(3, "shop-green", promoted);
    assertThat(after(ScalerSteps.lowerFloor(sight(promoted, live)), live).target())
        .isEqualTo("shop-green");
    RolloutState returned =
        Seen.back(SWAP, Step.Bake.class, Step.LowerFloor.class).noting(ScalerSteps.FLOOR, "3");
    assertThat(after(ScalerSteps.lowerFloor(sight(returned, live)), live).target())
        .isEqualTo("shop");
  }

  // ---- what a write holds for

  private static Action.Change marked(RolloutState state, Doc live) {
    return ScalerWrites.marked(
        new Autoscaler(Kind.AUTOSCALER, live), state, Optional.of("4"), "shop-r2");
  }

  @Test
  void forwardAWriteHoldsForTheVersionThatWasSeen() throws Patch.Refused {
    RolloutState state = forward(Step.Retarget.class);
    Doc live = Seen.autoscaler(3, "shop", state);
    Action.Change change = marked(state, live);
    assertThat(change.from()).isEqualTo("minReplicas 3, target shop");
    assertThat(change.to()).isEqualTo("minReplicas 4, target shop-r2");
    assertThat(change.patch().json()).contains("/metadata/resourceVersion");
    Doc changed = live.with(7, "spec", "minReplicas").with("x", "spec", "scaleTargetRef", "name");
    assertThat(change.patch().apply(changed).number(0, "spec", "minReplicas"))
        .as("the version alone would refuse it")
        .isEqualTo(4);
  }

  @Test
  void backItHoldsForWhatStandsThereWhateverTheVersion() throws Patch.Refused {
    RolloutState state = back(Step.RetargetBack.class);
    Doc live = Seen.autoscaler(3, "shop", forward(Step.Bake.class));
    Patch patch = marked(state, live).patch();
    Doc newer = live.with("99", "metadata", "resourceVersion");
    assertThat(patch.apply(newer).textOrEmpty("metadata", "resourceVersion")).isEqualTo("99");
    Doc floor = live.with(7, "spec", "minReplicas");
    assertThatThrownBy(() -> patch.apply(floor)).isInstanceOf(Patch.Refused.class);
    Doc target = live.with("mail", "spec", "scaleTargetRef", "name");
    assertThatThrownBy(() -> patch.apply(target)).isInstanceOf(Patch.Refused.class);
    Doc anew = live.with("new-uid", "metadata", "uid");
    assertThatThrownBy(() -> patch.apply(anew)).isInstanceOf(Patch.Refused.class);
  }

  // ---- what somebody does to it meanwhile

  private static Optional<Decision> touched(RolloutState state, Doc live) {
    return ScalerGuard.touched(sight(state, live));
  }

  @Test
  void oneThatIsGoneIsToldOnce() {
    RolloutState state = forward(Step.Bake.class);
    Optional<Decision> told = ScalerGuard.touched(Seen.at(state).sight());
    assertThat(told.map(Decision::why))
        .contains(NAME + " is gone, or another one: it is left alone");
    RolloutState next = ((Advance) told.orElseThrow()).next();
    assertThat(ScalerGuard.touched(Seen.at(next).sight())).isEmpty();
  }

  @Test
  void aFloorThatSomebodySetsStaysAndIsToldOnce() {
    RolloutState state = forward(Step.Bake.class);
    Doc live = Seen.autoscaler(5, "shop-r2", state);
    Optional<Decision> told = touched(state, live);
    assertThat(told.map(Decision::why))
        .contains("minReplicas of " + NAME + " is 5 now, set by somebody; it stays");
    assertThat(touched(((Advance) told.orElseThrow()).next(), live)).isEmpty();
    assertThat(touched(state, Seen.autoscaler(3, "shop-r2", state))).as("as written").isEmpty();
  }

  @Test
  void eachTimeThatItIsSetAgainIsCounted() {
    RolloutState state = forward(Step.Bake.class);
    Doc back = Seen.autoscaler(2, "shop-r2", state);
    RolloutState told = ((Advance) touched(state, back).orElseThrow()).next();
    RolloutState once =
        ((Advance) touched(told, Seen.autoscaler(3, "shop-r2", state)).orElseThrow()).next();
    assertThat(once.facts()).containsEntry("scalerRewritten", "1");
    assertThat(touched(once, back).map(Decision::why))
        .contains("somebody wrote " + NAME + " back as it was; it is set again");
    RolloutState busy = once;
    for (int i = 0; i < Timings.REWRITES; i++) {
      busy = busy.tried();
    }
    assertThat(touched(busy, back).orElseThrow().why())
        .startsWith("somebody wrote " + NAME + " back as it was again and again");
  }

  @Test
  void freeingItHoldsForItsVersionOnlyOnTheWayForward() {
    RolloutState forward = forward(Step.LowerFloor.class);
    Doc live = Seen.autoscaler(3, "shop", forward);
    assertThat(patch(ScalerSteps.lowerFloor(sight(forward, live))).json())
        .contains("/metadata/resourceVersion");
    assertThat(patch(ScalerSteps.lowerFloor(sight(back(Step.LowerFloor.class), live))).json())
        .doesNotContain("/metadata/resourceVersion");
  }
}
