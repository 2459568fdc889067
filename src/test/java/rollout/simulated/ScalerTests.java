package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;

/** Releases of what an autoscaler or KEDA sizes. */
class ScalerTests {
  private final Scene scene = new Scene(1, Scene::scaled);

  private Ending release() {
    return scene.operator().release(new Wish());
  }

  @Test
  void itSizesWhatServesAndIsAsItWasInTheEnd() {
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(5),
                    () -> {
                      assertThat(scene.scaler().target()).isEqualTo("shop-r1");
                      assertThat(scene.scaler().floor()).contains("3");
                    }));
    Ending ending = release();
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void wayBackPutsItBackToo() {
    scene.watch().excuse(Watch.Excuse.CANDIDATE_FAILS);
    scene.world().behaviour(Scene.NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(25)));
    scene.afterwards().mayDrop().wentBack(release());
  }
}
