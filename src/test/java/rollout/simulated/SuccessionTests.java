package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.Outcome.Result;
import rollout.model.HeldError;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;

/** One Job makes one release, however many pods it needs for it. */
@ExtendWith(Seeds.class)
class SuccessionTests {
  private static final String JOB = "0f4c";
  private static final Driving LEAVING = new Driving(true, false);
  private final Scene scene = new Scene(Seeds.one());
  private final Operator first = scene.pod(JOB);

  private int revision() {
    return scene.operator().status().orElseThrow().revision();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pinned", "switched", "settle", "settled"})
  void nextPodGoesOnWithWhatTheKilledOneBegan(String phase) {
    scene.watch().migrates();
    scene.when(phase, first::kill);
    Wish wish = new Wish().migration();
    first.release(wish);
    Instant killed = scene.world().now();

    Ending next = scene.pod(JOB).release(wish);

    scene.afterwards().released(next, Scene.NEW);
    assertThat(next.outcome().orElseThrow().revision()).isEqualTo(1);
    assertThat(killed).isBefore(scene.world().now());
  }

  @Test
  void nextPodOfADrainedOneWaitsForNoLease() {
    scene.when("switched", first::terminate);
    assertEnded(first.release(new Wish(), LEAVING), Result.TERMINATED);
    Instant begun = scene.world().now();
    Operator next = scene.pod(JOB);
    scene.when(
        () -> next.events().stream().anyMatch(event -> event.message().contains("going on with")),
        () -> assertThat(scene.world().now()).isBefore(begun.plusSeconds(5)));

    scene.afterwards().released(next.release(new Wish()), Scene.NEW);

    assertThat(next.events()).anyMatch(event -> event.message().contains("going on with it"));
  }

  @Test
  void nextPodOfADrainedOneFinishesItsWayBack() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3));
    scene.when(() -> !first.events("rollback").isEmpty(), first::terminate);
    Wish wish = new Wish().errorRate();
    assertEnded(first.release(wish, LEAVING), Result.TERMINATED);
    Operator next = scene.pod(JOB);

    scene.afterwards().wentBack(next.release(wish));

    assertThat(next.events()).anyMatch(event -> event.message().contains("going on with it"));
  }

  @Test
  void nextPodDoesNotReleaseAgainWhatAPersonHasRolledBack() {
    Operator person = scene.operator();
    scene.when("switched", person::rollback);
    assertEnded(first.release(new Wish()), Result.LOST);

    Ending next = scene.pod(JOB).release(new Wish());

    assertThat(next.outcome().orElseThrow().says())
        .contains("this Job's release, revision 1, has ended: rolled-back (rolled back by ")
        .contains("rollout status shop");
    scene.afterwards().wentBack(next);
    assertThat(revision()).isEqualTo(1);
  }

  @Test
  void nextPodWatchesAPersonWhoDrivesAndEndsAsThatEnds() {
    Operator person = scene.operator();
    Operator next = scene.pod(JOB);
    scene.when(
        "switched",
        () -> {
          first.kill();
          // Begins while the next pod waits for the dead one's Lease.
          scene.world().at(Duration.ofSeconds(5), person::rollback);
        });
    first.release(new Wish());

    Ending ending = next.release(new Wish());

    scene.afterwards().wentBack(ending);
    assertThat(next.events()).noneMatch(event -> event.type().equals("write"));
  }

  @Test
  void nextPodGivesTheResultOfAReleaseThatWasDone() {
    scene.afterwards().released(first.release(new Wish()), Scene.NEW);

    Ending next = scene.pod(JOB).release(new Wish());

    assertEnded(next, Result.DONE);
    assertThat(next.outcome().orElseThrow().revision()).isEqualTo(1);
    assertThat(revision()).isEqualTo(1);
  }

  @Test
  void resultOfABadVersionStaysBadForTheNextPod() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3));
    scene.afterwards().wentBack(first.release(new Wish().errorRate()));

    assertEnded(scene.pod(JOB).release(new Wish().errorRate()), Result.ROLLED_BACK);
    assertThat(revision()).isEqualTo(1);
  }

  @Test
  void podOfAnotherJobMayNotFollow() {
    scene.when("switched", first::kill);
    first.release(new Wish());

    Ending other = scene.pod("9a1b").release(new Wish());

    assertThat(other.error()).containsInstanceOf(HeldError.class);
    scene.afterwards().released(scene.pod(JOB).release(new Wish()), Scene.NEW);
  }

  @Test
  void anotherJobsReleaseOfALaterVersionIsItsOwn() {
    scene.afterwards().released(first.release(new Wish()), Scene.NEW);

    Ending other = scene.pod("9a1b").release(new Wish().image(Scene.OTHER));

    assertEnded(other, Result.DONE);
    assertThat(other.outcome().orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void waitingPodThatIsToldToEndEnds() {
    Operator next = scene.pod(JOB);
    scene.when(
        "switched",
        () -> {
          first.kill();
          scene.world().at(Duration.ofSeconds(5), next::terminate);
        });
    first.release(new Wish());

    assertEnded(next.release(new Wish(), LEAVING), Result.TERMINATED);
    scene.afterwards().released(scene.pod(JOB).release(new Wish()), Scene.NEW);
  }
}
