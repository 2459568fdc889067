package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.plan.ToolJob;
import rollout.run.GuardOrder;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** The Job that guards is there, and watches, before a release changes anything. */
@ExtendWith(Seeds.class)
class GuardingTests {
  private static final String TOOL = "registry.example/rollout:1";
  private static final Ref JOB = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-guard");
  private static final String WATCHES =
      "{'type':'note','phase':'preflight','message':'the guard watches','guard':true}"
          .replace('\'', '"');
  private static final String REFUSED =
      "{'type':'result','phase':'preflight','message':'no permission to get leases','exitCode':3}"
          .replace('\'', '"');

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private static Driving guarded() {
    ToolJob job = new ToolJob(TOOL, "rollout", List.of("guard", "shop"), Map.of());
    return new Driving(false, false, Optional.of(new GuardOrder(job)));
  }

  @BeforeEach
  void guardWatches() {
    scene.world().behaviour(TOOL, Behaviour.good().log(List.of(WATCHES)).runsOn());
  }

  private String uid() {
    return scene.world().find(JOB).orElse(Doc.EMPTY).textOrEmpty("metadata", "uid");
  }

  private Ending refused() {
    Ending ending = driver.release(new Wish(), guarded());
    assertThat(ending.error()).containsInstanceOf(RefusedError.class);
    assertThat(driver.events("write")).isEmpty();
    scene.world().pass(Duration.ofMinutes(1));
    assertThat(scene.world().find(JOB)).isEmpty();
    assertThat(scene.world().find(Scene.JOURNAL)).isEmpty();
    return ending;
  }

  @Test
  void releaseBeginsWhenItWatches() {
    Ending ending = driver.release(new Wish(), guarded());

    assertThat(ending.is(Result.DONE)).isTrue();
    assertThat(uid()).isNotEmpty();
  }

  @Test
  void guardThatCannotBePulledRefusesTheRelease() {
    scene.world().behaviour(TOOL, Behaviour.good().cannotPull());
    assertThat(refused().error().orElseThrow()).hasMessageContaining("the guard cannot begin: ");
  }

  @Test
  void guardWithoutRightsRefusesTheReleaseByItsOwnWords() {
    scene
        .world()
        .behaviour(TOOL, Behaviour.good().log(List.of(REFUSED)).exits(3, Duration.ofSeconds(1)));
    assertThat(refused().error().orElseThrow())
        .hasMessageContaining("the guard cannot watch: no permission to get leases")
        .hasMessageContaining("--no-guard");
  }

  @Test
  void guardThatGuardsNothingMakesRoom() {
    driver.release(new Wish(), guarded());
    String first = uid();

    Ending ending = scene.operator().release(new Wish().image(Scene.OTHER), guarded());

    assertThat(ending.is(Result.DONE)).isTrue();
    assertThat(uid()).isNotEmpty().isNotEqualTo(first);
  }
}
