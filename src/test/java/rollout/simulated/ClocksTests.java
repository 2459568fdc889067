package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;

/**
 * Machines whose clocks differ: who drives is judged by what a process sees change, never by the
 * time that another clock has written.
 */
@ExtendWith(Seeds.class)
class ClocksTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  @ParameterizedTest
  @ValueSource(longs = {-3_600, -60, 60, 3_600})
  void driverThatIsDeadIsFollowedWithinTwentySeconds(long secondsAhead) {
    driver.clockAhead(Duration.ofSeconds(secondsAhead));
    scene.when("switched", driver::kill);
    assertThat(driver.release(new Wish()).crash()).isTrue();
    List<String> holders = new ArrayList<>();
    scene.world().at(Duration.ofSeconds(20), () -> holders.add(scene.holder(Scene.LEASE)));

    Ending ending = scene.operator().resume();

    assertThat(holders).singleElement().asString().contains("(program 2)");
    scene.afterwards().released(ending, Scene.NEW);
  }

  @ParameterizedTest
  @ValueSource(longs = {-3_600, -60, 60, 3_600})
  void driverThatLivesIsNotTakenOver(long secondsAhead) {
    scene.when("switched", driver::kill);
    driver.release(new Wish());
    // A driver that goes on elsewhere cannot run beside another: its renewals say all there is.
    scene.renewing(Scene.LEASE, "shop", Duration.ofSeconds(secondsAhead), 20);

    Ending ending = scene.operator().resume();

    assertThat(ending.error().orElseThrow())
        .hasMessageContaining("shop is being released by somebody@elsewhere")
        .hasMessageContaining("just now, by a clock unlike this one's");
    assertThat(scene.holder(Scene.LEASE)).startsWith("somebody@elsewhere");
  }

  /** Another target's migration runs on: whoever resumes does not take the database from it. */
  @Test
  void databaseThatAnotherTargetHasIsLeftToIt() {
    scene.watch().migrates();
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofMinutes(2)));
    scene.when(() -> !scene.podsOf(Scene.MIGRATION).isEmpty(), driver::kill);
    driver.release(new Wish().migration().database("orders"));
    scene.world().pass(Duration.ofSeconds(20));
    scene.renewing(Scene.DATABASE, "till", Duration.ofHours(-1), 10);
    List<String> holders = new ArrayList<>();
    scene.world().at(Duration.ofSeconds(60), () -> holders.add(scene.holder(Scene.DATABASE)));
    scene.world().at(Duration.ofSeconds(80), () -> holders.add(scene.holder(Scene.DATABASE)));

    Ending ending = scene.operator().resume();

    assertThat(holders.getFirst()).startsWith("somebody@elsewhere");
    // Nobody has renewed it since 50 seconds by then.
    assertThat(holders.getLast()).contains("(program 2)");
    scene.afterwards().released(ending, Scene.NEW);
  }
}
