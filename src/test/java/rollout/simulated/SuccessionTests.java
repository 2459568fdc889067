package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  private void whenItGoesOn(Operator next, Runnable event) {
    scene.when(
        () -> next.events().stream().anyMatch(one -> one.message().contains("going on with")),
        event);
  }

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

    Operator second = scene.pod(JOB);
    List<Instant> begun = new ArrayList<>();
    whenItGoesOn(second, () -> begun.add(scene.world().now()));
    Ending next = second.release(wish);

    scene.afterwards().released(next, Scene.NEW);
    assertThat(next.outcome().orElseThrow().revision()).isEqualTo(1);
    assertThat(begun.getFirst())
        .as("the Lease of 15 seconds is waited for once")
        .isBetween(killed.plusSeconds(5), killed.plusSeconds(20));
  }

  @Test
  void nextPodOfADrainedOneWaitsForNoLease() {
    scene.when("switched", first::terminate);
    assertEnded(first.release(new Wish(), LEAVING), Result.TERMINATED);
    Instant begun = scene.world().now();
    Operator next = scene.pod(JOB);
    whenItGoesOn(next, () -> assertThat(scene.world().now()).isBefore(begun.plusSeconds(5)));

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
    assertThat(next.outcome().orElseThrow().traffic()).isEqualTo("on the version before");
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
    assertThat(next.events())
        .as("said once, however often it looks")
        .filteredOn(event -> event.message().contains("this pod watches"))
        .hasSize(1);
  }

  @Test
  void podThatCannotHearTakesNothingFromWhoDrives() {
    scene.when("switched", first::kill);
    first.release(new Wish());
    Instant end = scene.world().now().plusSeconds(120);
    scene.renewing(Scene.LEASE, "shop", Duration.ZERO, 24);
    scene.world().at(Duration.ofSeconds(10), () -> scene.world().watches(false));
    scene.world().at(Duration.ofSeconds(70), () -> scene.world().watches(true));
    Operator next = scene.pod(JOB);
    whenItGoesOn(next, () -> assertThat(scene.world().now()).isAfter(end.plusSeconds(5)));

    scene.afterwards().released(next.release(new Wish()), Scene.NEW);
  }

  @Test
  void nextPodGivesTheResultOfAReleaseThatWasDone() {
    scene.afterwards().released(first.release(new Wish()), Scene.NEW);

    Ending next = scene.pod(JOB).release(new Wish());

    assertEnded(next, Result.DONE);
    assertThat(next.outcome().orElseThrow().revision()).isEqualTo(1);
    assertThat(next.outcome().orElseThrow().traffic()).isEqualTo("on revision 1");
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
    Instant begun = scene.world().now();

    Ending other = scene.pod("9a1b").release(new Wish());

    assertThat(other.error()).containsInstanceOf(HeldError.class);
    assertThat(scene.world().now()).as("at once").isBefore(begun.plusSeconds(5));
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
    Instant killed = scene.world().now();

    assertEnded(next.release(new Wish(), LEAVING), Result.TERMINATED);
    assertThat(scene.world().now()).isBefore(killed.plusSeconds(8));
    scene.afterwards().released(scene.pod(JOB).release(new Wish()), Scene.NEW);
  }
}
