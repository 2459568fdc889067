package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.plan.Step;

/** Somebody else's template on stable in the midst of a release, and a stable that is broken. */
class StableGuardTests {
  private static final RolloutState BAKES = Seen.in(Seen.copy(), Step.Bake.class);
  private static final Doc THEIRS = Seen.template("demo:v9", Map.of("app", "shop"));

  private static Seen replaced() {
    return Seen.at(BAKES).stable(doc -> doc.with(THEIRS, "spec", "template"));
  }

  @Test
  void anotherTemplateOfAPausedDeploymentIsToldOnceAndLeft() {
    Optional<Decision> told = StableGuard.touched(replaced().sight());
    assertThat(told.map(Decision::why))
        .contains(
            "somebody gave Deployment shop another template; it is paused, so the pods that serve"
                + " stay");
    RolloutState next = ((Advance) told.orElseThrow()).next();
    assertThat(StableGuard.touched(new Sight(next, replaced().look()))).isEmpty();
  }

  @Test
  void anotherTemplateThatIsNotPausedIsPausedFirst() {
    Seen seen = replaced().stable(doc -> doc.without("spec", "paused"));
    Decision decision = StableGuard.touched(seen.sight()).orElseThrow();
    assertThat(decision.why()).isEqualTo("somebody unpaused shop in the midst");
    assertThat(((Act) decision).action().to()).isEqualTo("paused: true");
  }

  @Test
  void aBrokenStableHoldsAReleaseThatGoesForwardUntilAPersonSaysGo() {
    RolloutState broken = BAKES.noting(StableBroken.WHY, "it restarts");
    assertThat(StableBroken.why(broken)).contains("it restarts");
    assertThat(StableBroken.waits(broken)).isTrue();
    assertThat(StableBroken.waits(BAKES)).as("it is well").isFalse();
    assertThat(StableBroken.waits(broken.noting(StableBroken.FORWARD, "ada"))).isFalse();
    RolloutState back =
        Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class)
            .noting(StableBroken.WHY, "it restarts");
    assertThat(StableBroken.why(back)).as("the way back does not wait").isEmpty();
  }
}
