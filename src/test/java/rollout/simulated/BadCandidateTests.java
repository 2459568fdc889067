package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.sim.Behaviour;
import rollout.sim.TrafficReport;
import rollout.simulated.Operator.Ending;
import rollout.simulated.Watch.Excuse;

/** Versions that must not stay. */
@ExtendWith(Seeds.class)
class BadCandidateTests {
  private final Scene scene = new Scene(Seeds.one());

  private Ending release(Behaviour candidate, Wish wish) {
    scene.world().behaviour(Scene.NEW, candidate);
    return scene.operator().release(wish);
  }

  private static Wish checked() {
    return new Wish().errorRate().latency().bake(Duration.ofMinutes(3));
  }

  private void assertNeverServed() {
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
  }

  private Doc rollback() {
    return scene.operators().getFirst().events(Event.ROLLBACK).getFirst().fields();
  }

  @Test
  void versionThatAnswers500GoesBackAndIsRefusedTheNextTime() {
    Ending ending = release(Behaviour.good().errorRate(0.5), checked());
    scene.afterwards().wentBack(ending);
    Instant switched = scene.world().traffic().of(Scene.NEW).first();
    assertThat(Instant.parse(rollback().textOrEmpty("writtenAt")))
        .isBefore(switched.plusSeconds(20));
    Ending again = scene.operator().release(checked());
    assertThat(again.error().orElseThrow()).hasMessageContaining("--force");
  }

  @Test
  void versionThatIsSlowGoesBack() {
    Ending ending = release(Behaviour.good().latency(Duration.ofSeconds(2)), checked());
    scene.afterwards().wentBack(ending);
    assertThat(rollback().textOrEmpty("reason")).contains("p99");
  }

  @Test
  void versionThatCrashesUnderTrafficGoesBackWithoutMetricsWithinASecond() {
    scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    Ending ending =
        release(
            Behaviour.good().crashesAfter(Duration.ofSeconds(20), 137, "OOMKilled"),
            new Wish().bake(Duration.ofMinutes(3)));
    scene.afterwards().wentBack(ending);
    assertThat(rollback().textOrEmpty("reason")).contains("137").contains("OOMKilled");
    Doc times = rollback();
    assertThat(Instant.parse(times.textOrEmpty("writtenAt")))
        .isBefore(Instant.parse(times.textOrEmpty("detectedAt")).plusSeconds(1));
  }

  @Test
  void crashLoopNeverServes() {
    scene
        .afterwards()
        .wentBack(release(Behaviour.good().crashesAfter(Duration.ofSeconds(1)), checked()));
    assertNeverServed();
    assertThat(rollback().textOrEmpty("reason")).contains("ended with exit code");
  }

  @Test
  void imageThatCannotBePulledIsSaidLongBeforeTheDeadline() {
    Instant start = scene.world().now();
    scene.afterwards().wentBack(release(Behaviour.good().cannotPull(), checked()));
    assertNeverServed();
    assertThat(rollback().textOrEmpty("reason")).contains("ImagePull");
    assertThat(Instant.parse(rollback().textOrEmpty("writtenAt"))).isBefore(start.plusSeconds(60));
  }

  @Test
  void versionThatNeverGetsReadyGoesAtItsDeadline() {
    scene.afterwards().wentBack(release(Behaviour.good().neverReady(), checked()));
    assertNeverServed();
    assertThat(rollback().textOrEmpty("reason")).contains("not ready in time");
  }

  @Test
  void versionWithoutANodeGoesAtItsDeadline() {
    scene.afterwards().wentBack(release(Behaviour.good().unschedulable(), checked()));
    assertNeverServed();
    assertThat(rollback().textOrEmpty("reason")).contains("on no node");
  }

  @Test
  void versionThatLeaksMemoryGoesBack() {
    Behaviour leaks = Behaviour.good().crashesAfter(Duration.ofSeconds(40), 137, "OOMKilled");
    Ending ending = release(leaks, new Wish().bake(Duration.ofMinutes(2)));
    scene.afterwards().mayDrop().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("OOMKilled");
  }

  @Test
  void versionThatDiesAfterItWasReadyGoesBack() {
    scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(10),
                    () ->
                        scene
                            .podsOf(Scene.NEW)
                            .forEach(
                                pod -> scene.world().mishaps().crash(pod.name(), 1, "Error"))));
    scene.afterwards().wentBack(release(Behaviour.good(), checked()));
    assertThat(rollback().textOrEmpty("reason")).contains("ended with exit code 1");
  }

  @Test
  void versionThatLosesItsReadinessUnderTrafficGoesBack() {
    scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(10),
                    () ->
                        scene
                            .podsOf(Scene.NEW)
                            .forEach(pod -> scene.world().mishaps().unready(pod.name()))));
    scene
        .afterwards()
        .mayDrop()
        .wentBack(release(Behaviour.good(), new Wish().bake(Duration.ofMinutes(3))));
  }

  @Test
  void failedVersionIsKeptForALookWithoutTraffic() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(1));
    scene
        .world()
        .at(
            Duration.ofMinutes(2),
            () -> {
              assertThat(scene.podsOf(Scene.NEW)).hasSize(Scene.SIZE);
              scene.afterwards().onlyServes(Scene.OLD);
            });
    Instant start = scene.world().now();
    Ending ending = scene.operator().release(checked().keepFailed(Duration.ofMinutes(10)));
    scene.afterwards().wentBack(ending);
    assertThat(scene.world().now()).isAfter(start.plus(Duration.ofMinutes(10)));
  }

  @Test
  void releasePastItsDeadlineGoesBack() {
    Ending ending =
        release(
            Behaviour.good(), new Wish().bake(Duration.ofHours(1)).deadline(Duration.ofMinutes(2)));
    scene.afterwards().wentBack(ending);
    assertThat(rollback().textOrEmpty("cause")).isEqualTo("deadline");
  }

  @Test
  void badStableDoesNotBlockItsCure() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    scene.pods().stream()
        .filter(pod -> Scene.imageOf(pod.doc()).equals(Scene.OLD))
        .forEach(pod -> scene.world().mishaps().unready(pod.name()));
    scene.world().pass(Duration.ofSeconds(5));
    Ending refused = scene.operator().release(new Wish());
    assertThat(refused.error().orElseThrow()).hasMessageContaining("--no-way-back");
    Ending ending = scene.operator().release(new Wish().noWayBack());
    scene.afterwards().mayDrop().released(ending, Scene.NEW);
  }

  @Test
  void sizeThatSomebodyGivesStableInTheMidstIsTheCandidatesToo() {
    scene.when("pinned", () -> scene.scale("shop", 5));
    Ending ending = scene.operator().release(new Wish());
    assertEnded(ending, Result.DONE);
    scene.afterwards().but(Scene.DEPLOYMENT).quiet();
    assertThat(scene.serving("shop")).hasSize(5).containsOnly(Scene.NEW);
    assertThat(scene.deployment().replicas()).isEqualTo(5);
  }
}
