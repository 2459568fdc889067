package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.PlantedBugs;
import rollout.core.RolloutState;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.sim.Behaviour;
import rollout.sim.Fault;
import rollout.sim.Manifests;
import rollout.sim.MetricsState;
import rollout.sim.World;

/**
 * For each rule a mistake that breaks it, and the simulation finds it; the same story is well
 * without the mistake. The rules without one here: I11 is no decision (SecretsTests holds it), I14
 * is judged before anything is decided (ContractWallTests holds it).
 */
@Tag("long")
class PlantedBugsTests {

  @ParameterizedTest
  @EnumSource(PlantedBugs.class)
  void theSimulationFindsIt(PlantedBugs bug) {
    assertThatThrownBy(() -> play(bug, bug.mind()))
        .as("a mistake that nothing finds")
        .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(PlantedBugs.class)
  void withoutItTheSameStoryIsWell(PlantedBugs bug) {
    assertThatCode(() -> play(bug, Decider::decide)).doesNotThrowAnyException();
  }

  private static void play(PlantedBugs bug, BiFunction<RolloutState, Observation, Decision> mind) {
    switch (bug) {
      case I1_SWITCHES_BEFORE_READY, I4_STABLE_LEAVES_EARLY, I15_LEAVES_ITS_MARKS -> good(mind);
      case I4_LETS_STABLE_BE_SHRUNK, I15_LEAVES_THE_FLOOR -> scaled(mind);
      case I2_DONE_UNOBSERVED -> good(mind);
      case I2_BELIEVES_ONE_LOOK -> StaleControlPlaneTests.wayBack(mind);
      case I3_CANDIDATE_BEFORE_MIGRATION, I9_MIGRATES_TWICE -> migrating(mind);
      case I5_FIGHTS_FOR_THE_TARGET -> person(mind);
      case I6_RESUMES_ONE_STEP_TOO_FAR -> resumed(mind);
      case I7_NO_DATA_PASSES -> withoutMetrics(mind);
      case I8_WAITS_FOR_THE_CANDIDATE -> crashing(mind);
      case I10_DELETES_WHAT_IT_DID_NOT_MAKE -> swapped(mind);
      case I12_DRIFT_IS_OVERWRITTEN -> drifting(mind);
      case I13_WAITS_FOR_EVER -> neverReady(mind);
    }
  }

  private static void good(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.afterwards().released(scene.operator().release(new Wish()), Scene.NEW);
  }

  /** Nobody waits so long for less load but an autoscaler. */
  private static void scaled(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1, Scene::scaled).deciding(mind);
    scene.when("pinned", () -> scene.world().load("shop", 5));
    scene.when("settled", () -> scene.watch().floor(Scene.FLOOR));
    scene.operator().release(new Wish().bake(Duration.ofMinutes(12)));
    scene.afterwards().but(Scene.DEPLOYMENT).quiet();
    scene.afterwards().but(Scene.DEPLOYMENT).asBefore();
  }

  private static void migrating(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    // Longer than stable needs to prove itself.
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofMinutes(3)));
    scene.watch().migrates();
    scene.afterwards().released(scene.operator().release(new Wish().migration()), Scene.NEW);
  }

  /** The person's program dies after its first write, so that the driver finds its stamp. */
  private static void person(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    Operator driver = scene.operator();
    Operator person = scene.operator();
    scene
        .world()
        .faults(
            call ->
                call.program() == 2 && call.write() ? new Fault.CrashAfter() : new Fault.None());
    scene.when("switched", person::rollback);
    driver.release(new Wish().bake(Duration.ofMinutes(2)));
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().wentBack(scene.operator().rollback());
  }

  private static void resumed(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofMinutes(2)));
    scene.watch().migrates();
    Operator driver = scene.operator();
    scene.when(() -> !scene.podsOf(Scene.MIGRATION).isEmpty(), driver::kill);
    driver.release(new Wish().migration());
    scene.world().pass(Duration.ofSeconds(20));
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }

  private static void withoutMetrics(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.when("switched", () -> scene.world().prometheus(MetricsState.EMPTY));
    scene.afterwards().wentBack(scene.operator().release(new Wish().errorRate()));
  }

  /** One pod of the candidate is not ready any more, and a person says back. */
  private static void crashing(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.watch().excuse(Watch.Excuse.CANDIDATE_FAILS);
    Operator driver = scene.operator();
    Operator person = scene.operator();
    scene.when(
        "switched",
        () -> {
          scene.world().mishaps().unready(scene.podsOf(Scene.NEW).getFirst().name());
          person.rollback();
        });
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    scene.afterwards().wentBack(person.ending());
  }

  private static void swapped(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene =
        new Scene(
                1,
                world ->
                    world.create(
                        Kind.DEPLOYMENT,
                        Manifests.deployment(
                            World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 0)))
            .deciding(mind);
    scene.operator().release(new Wish().to("shop-green"));
    assertThat(scene.world().find(Scene.DEPLOYMENT)).isPresent();
  }

  private static void drifting(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(5),
                    () ->
                        scene
                            .world()
                            .patch(
                                Scene.SERVICE,
                                Patch.none().put(Map.of("app", "shop"), "spec", "selector"))));
    scene.afterwards().wentBack(scene.operator().release(new Wish()));
  }

  private static void neverReady(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(1).deciding(mind);
    scene.world().behaviour(Scene.NEW, Behaviour.good().neverReady());
    Instant latest = scene.world().now().plus(Duration.ofMinutes(10));
    scene
        .world()
        .at(
            Duration.ofHours(1),
            () -> {
              throw new AssertionError("still waiting");
            });
    scene.operator().release(new Wish());
    assertThat(scene.world().now()).isBefore(latest);
  }
}
