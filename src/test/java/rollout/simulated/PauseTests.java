package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.model.Event;
import rollout.model.RefusedError;
import rollout.port.ClusterException;
import rollout.run.Rollouts.Driving;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.TrafficReport;
import rollout.simulated.Operator.Ending;

/** Persons who say wait. */
@ExtendWith(Seeds.class)
class PauseTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();

  @Test
  void pauseBeforeTheSwitchKeepsTheCandidateFromAllTrafficUntilItIsResumed() {
    scene.when("pinned", person::pause);
    scene
        .world()
        .at(
            Duration.ofMinutes(3),
            () -> {
              assertThat(scene.world().traffic().of(Scene.NEW))
                  .isEqualTo(TrafficReport.Answers.NONE);
              assertThat(scene.operator().status())
                  .hasValueSatisfying(
                      status -> {
                        assertThat(status.state()).isEqualTo("waiting");
                        assertThat(status.details())
                            .anyMatch(line -> line.contains("rollout resume shop"));
                      });
              assertEnded(person.resume(), Result.ACCEPTED);
            });
    Ending ending = driver.release(new Wish());
    scene.afterwards().released(ending, Scene.NEW);
    assertThat(scene.world().now()).isAfter(Instant.parse("2026-01-01T00:03:00Z"));
    assertThat(driver.events(Event.GATE))
        .extracting(event -> event.fields().textOrEmpty("state"))
        .containsExactly("waiting", "passed");
  }

  @Test
  void requestThatMeetsAnotherWriteOfTheJournalIsLeftAgain() {
    int[] refused = {0};
    scene.when(
        "switched",
        () -> {
          scene
              .world()
              .faults(
                  call ->
                      call.write() && refused[0]++ < 2
                          ? new Fault.Refuse(new ClusterException.Conflict("has been modified"))
                          : new Fault.None());
          assertEnded(person.pause(), Result.ACCEPTED);
          scene.world().faults(Faults.NONE);
          scene.world().at(Duration.ofMinutes(3), () -> scene.operator().resume());
        });
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(refused[0]).isEqualTo(3);
    assertThat(scene.world().now()).isAfter(Instant.parse("2026-01-01T00:03:00Z"));
  }

  @Test
  void pauseInTheBakeHoldsItsEnd() {
    scene.when("switched", person::pause);
    scene.world().at(Duration.ofMinutes(4), person::resume);
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(scene.world().now()).isAfter(Instant.parse("2026-01-01T00:04:00Z"));
  }

  @Test
  void versionThatFailsWhileItIsPausedGoesBack() {
    scene.world().behaviour(Scene.NEW, rollout.sim.Behaviour.good().errorRate(0.3));
    scene.when("switched", person::pause);
    scene.afterwards().wentBack(driver.release(new Wish().errorRate()));
  }

  @Test
  void pauseThatNobodyResumesGoesBackAtTheGatesEnd() {
    scene.when("switched", person::pause);
    Ending ending = driver.release(new Wish());
    scene.afterwards().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("nobody resumed it in time");
  }

  @Test
  void rollbackOfAPausedReleaseWaitsForNothing() {
    scene.when("switched", person::pause);
    Operator other = scene.operator();
    scene.world().at(Duration.ofMinutes(1), other::rollback);
    driver.release(new Wish());
    assertEnded(driver.ending(), Result.LOST);
    scene.afterwards().wentBack(other.ending());
  }

  @Test
  void pauseOfAReleaseWithoutADriverIsWrittenAndResumeDrivesOn() {
    scene.when(
        "switched",
        () -> {
          driver.kill();
          scene.world().at(Duration.ofSeconds(30), person::pause);
        });
    driver.release(new Wish());
    scene.world().pass(Duration.ofMinutes(1));
    assertEnded(person.ending(), Result.ACCEPTED);
    assertThat(person.ending().outcome().orElseThrow().says()).contains("no driver is there");
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }

  @Test
  void settlingIsNotPaused() {
    scene.when("settle", person::pause);
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(person.ending().error()).containsInstanceOf(RefusedError.class);
    assertThat(person.ending().error().orElseThrow()).hasMessageContaining("settles");
  }

  @Test
  void nothingToPause() {
    assertThat(person.pause().error().orElseThrow())
        .hasMessageContaining("nothing was ever released on Service shop");
    driver.release(new Wish());
    assertThat(person.pause().error().orElseThrow()).hasMessageContaining("no release of shop");
  }

  @Test
  void pipelineThatDoesNotWaitReturnsWhereItIsPaused() {
    scene.when("switched", person::pause);
    Ending ending = driver.release(new Wish(), new Driving(false, true));
    assertEnded(ending, Result.WAITING);
    assertThat(ending.outcome().orElseThrow().traffic()).isEqualTo("all on shop-r1");
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }
}
