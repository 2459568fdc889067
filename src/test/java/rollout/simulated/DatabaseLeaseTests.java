package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.model.HeldError;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;

/** One database, several targets: one migration at a time. */
@ExtendWith(Seeds.class)
class DatabaseLeaseTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private void slowMigration() {
    scene.watch().migrates();
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofSeconds(40)));
  }

  private String holder() {
    return scene.holder(Scene.DATABASE);
  }

  /** Another target has it, and gives signs of life. */
  private void heldByTill() {
    Operator till = scene.operator();
    scene
        .world()
        .at(
            Duration.ofSeconds(20),
            () -> {
              Ending ending =
                  till.release(new Wish().image(Scene.NEW).migration().database("orders"), "till");
              assertThat(ending.error()).containsInstanceOf(HeldError.class);
              assertThat(ending.error().orElseThrow().getMessage())
                  .contains("the database orders is being migrated for shop by");
            });
  }

  @Test
  void secondTargetOnTheSameDatabaseWaitsItsTurn() {
    slowMigration();
    heldByTill();
    scene
        .afterwards()
        .released(driver.release(new Wish().migration().database("orders")), Scene.NEW);
    assertThat(scene.operators()).hasSize(2);
    assertThat(holder()).isEmpty();
  }

  @Test
  void itIsFreeAgainAsSoonAsStableIsProven() {
    scene.watch().migrates();
    boolean[] free = {false};
    scene.when("switched", () -> free[0] = holder().isEmpty());
    scene.when(
        () -> !scene.podsOf(Scene.MIGRATION).isEmpty(), () -> assertThat(holder()).isNotEmpty());
    scene
        .afterwards()
        .released(driver.release(new Wish().migration().database("orders")), Scene.NEW);
    assertThat(free[0]).isTrue();
  }

  @Test
  void releaseWithoutAMigrationNeedsNone() {
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(scene.world().find(Scene.DATABASE)).isEmpty();
  }

  @Test
  void whoeverResumesHasItToo() {
    slowMigration();
    scene.when(() -> !scene.podsOf(Scene.MIGRATION).isEmpty(), driver::kill);
    assertThat(driver.release(new Wish().migration().database("orders")).crash()).isTrue();
    String dead = holder();
    scene.world().pass(Duration.ofSeconds(20));
    Operator next = scene.operator();
    boolean[] held = {false};
    scene.when(() -> !holder().isEmpty() && !holder().equals(dead), () -> held[0] = true);
    assertEnded(next.resume(), Result.DONE);
    assertThat(held[0]).isTrue();
    assertThat(holder()).isEmpty();
  }

  @Test
  void deadHolderIsWaitedForAndThenReplaced() {
    slowMigration();
    scene.when(() -> !scene.podsOf(Scene.MIGRATION).isEmpty(), driver::kill);
    driver.release(new Wish().migration().database("orders"));
    scene.world().pass(Duration.ofMinutes(2));
    Ending ending =
        scene
            .operator()
            .release(new Wish().image(Scene.NEW).migration().database("orders"), "till");
    assertEnded(ending, Result.DONE);
    assertThat(holder()).isEmpty();
  }
}
