package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.model.Marks;
import rollout.model.RefusedError;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;

/** A schema that has been contracted is a wall. */
@ExtendWith(Seeds.class)
class ContractWallTests {
  private static final String HOTFIX = "registry.example/shop:1.1";

  private final Scene scene = new Scene(Seeds.one());

  private Ending release(String image, long schema, long floor) {
    Wish wish = new Wish().image(image).migration().schema(schema, floor).bake(Duration.ZERO);
    return scene.operator().release(wish);
  }

  private static String refused(Ending ending) {
    assertThat(ending.error()).containsInstanceOf(RefusedError.class);
    return ending.error().orElseThrow().getMessage();
  }

  private Ending returnTo(int revision) {
    return scene.operator().rollback(revision);
  }

  @Test
  void contractWaitsUntilTheVersionThatServesKnowsOfIt() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    int calls = scene.world().journal().size();
    assertThat(refused(release(Scene.OTHER, 42, 42)))
        .contains("the version that serves was built with migration 41")
        .contains("only versions built with 42 or newer can run");
    assertThat(scene.world().journal().stream().skip(calls).filter(call -> call.write()))
        .allMatch(call -> call.target().contains("Review") || call.verb().contains("dry"));
  }

  @Test
  void versionBehindTheWallIsNoTargetOfARollbackAndThoseThatCanAreNamed() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    assertEnded(release(Scene.OTHER, 42, 41), Result.DONE);
    assertThat(refused(returnTo(0)))
        .contains("does not say with which migration it was built")
        .contains("Revisions that can: 1, 2.");
    assertEnded(returnTo(1), Result.RETURNED);
    assertThat(scene.deployment().template().texts("metadata", "annotations"))
        .containsEntry(Marks.SCHEMA, "41");
  }

  @Test
  void wallStandsThoughTheReleaseThatContractedWentBack() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    scene.world().behaviour(Scene.OTHER, Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    assertEnded(release(Scene.OTHER, 42, 41), Result.ROLLED_BACK);
    assertThat(refused(returnTo(0))).contains("Revisions that can: 1.");
  }

  @Test
  void hotfixBuiltBeforeTheLastMigrationGoesOut() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    scene.world().behaviour(Scene.OTHER, Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    assertEnded(release(Scene.OTHER, 42, 0), Result.ROLLED_BACK);
    // Built with 41 like what serves; the database is at 42 meanwhile.
    assertEnded(
        scene.operator().release(new Wish().image(HOTFIX).bake(Duration.ZERO)), Result.DONE);
    assertThat(scene.deployment().template().texts("metadata", "annotations"))
        .containsEntry(Marks.SCHEMA, "41");
  }

  @Test
  void migrationThatFailedBuildsNoWall() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(1, Duration.ofSeconds(1)));
    assertEnded(release(Scene.OTHER, 42, 41), Result.ROLLED_BACK);
    assertEnded(returnTo(0), Result.RETURNED);
  }

  @Test
  void wallOutlivesTheHistory() {
    assertEnded(release(Scene.NEW, 41, 0), Result.DONE);
    assertEnded(release(Scene.OTHER, 42, 41), Result.DONE);
    for (int i = 0; i < 25; i++) {
      Wish plain = new Wish().image("registry.example/shop:4." + i).bake(Duration.ZERO);
      assertEnded(scene.operator().release(plain), Result.DONE);
    }
    assertThat(refused(release("registry.example/shop:0.9", 40, 0)))
        .contains("the candidate was built with migration 40");
  }
}
