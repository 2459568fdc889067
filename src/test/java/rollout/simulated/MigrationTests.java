package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.TrafficReport;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** Migrations. */
@ExtendWith(Seeds.class)
class MigrationTests {
  private final Scene scene = new Scene(Seeds.one());

  private Ending release(Behaviour migration) {
    scene.world().behaviour(Scene.MIGRATION, migration);
    scene.watch().migrates();
    return scene.operator().release(new Wish().migration());
  }

  private void assertWentBackBeforeAnyCandidate(Ending ending, String why) {
    scene.afterwards().wentBack(ending);
    assertThat(scene.podsOf(Scene.NEW)).isEmpty();
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
    assertThat(ending.outcome().orElseThrow().says()).contains(why);
  }

  @Test
  void failedMigrationShowsItsLogAndNothingElseHappens() {
    Ending ending =
        release(Behaviour.good().exits(3, Duration.ofSeconds(4)).log(List.of("no such table")));
    assertWentBackBeforeAnyCandidate(ending, "exit code 3");
    Doc last = scene.operators().getFirst().events(Event.MIGRATION).getLast().fields();
    assertThat(last.textOrEmpty("state")).isEqualTo("failed");
    assertThat(last.number(0, "exitCode")).isEqualTo(3);
    assertThat(last.textList("log")).containsExactly("no such table");
  }

  @Test
  void imageOfTheMigrationThatCannotBePulledIsSaidAfterAMinute() {
    Instant start = scene.world().now();
    assertWentBackBeforeAnyCandidate(release(Behaviour.good().cannotPull()), "ErrImagePull");
    assertThat(scene.world().now()).isBefore(start.plus(Duration.ofMinutes(4)));
  }

  @Test
  void migrationWithoutItsSecretIsSaid() {
    scene.world().missingSecret("database");
    Doc job = Manifests.job(World.NAMESPACE, "migrate", Scene.MIGRATION, false);
    Doc container =
        job.doc("spec", "template", "spec")
            .docs("containers")
            .getFirst()
            .with(List.of(Map.of("secretRef", Map.of("name", "database"))), "envFrom");
    Ending ending =
        scene
            .operator()
            .release(
                new Wish()
                    .migration(
                        job.with(
                            List.of(container.members()),
                            "spec",
                            "template",
                            "spec",
                            "containers")));
    assertWentBackBeforeAnyCandidate(ending, "CreateContainerConfigError");
  }

  @Test
  void migrationThatTheQuotaKeepsFromAnyPodIsSaid() {
    scene.when(() -> scene.world().find(Scene.JOURNAL).isPresent(), scene::noMorePods);
    scene.world().latency(Duration.ofMillis(50), Duration.ofMillis(60));
    Ending ending = release(Behaviour.good());
    assertWentBackBeforeAnyCandidate(ending, "exceeded quota");
    scene.world().delete(Scene.NO_PODS);
  }

  @Test
  void migrationWithoutANodeIsSaid() {
    assertWentBackBeforeAnyCandidate(release(Behaviour.good().unschedulable()), "Unschedulable");
  }

  @Test
  void sidecarThatLivesOnDoesNotHoldTheReleaseUp() {
    String proxy = "registry.example/proxy:1";
    scene.world().behaviour(proxy, Behaviour.good().runsOn());
    Doc job = Manifests.job(World.NAMESPACE, "migrate", Scene.MIGRATION, false);
    Doc main = job.doc("spec", "template", "spec").docs("containers").getFirst();
    Doc two =
        job.with(
            List.of(main.members(), Map.of("name", "proxy", "image", proxy)),
            "spec",
            "template",
            "spec",
            "containers");
    scene.watch().migrates();
    Ending ending = scene.operator().release(new Wish().migration(two));
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void jobThatVanishesIsNoSuccess() {
    scene.when(
        () -> !scene.podsOf(Scene.MIGRATION).isEmpty(),
        () -> scene.world().delete(new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-migrate")));
    Ending ending = release(Behaviour.good().exits(0, Duration.ofSeconds(30)));
    assertWentBackBeforeAnyCandidate(ending, "vanished");
  }

  @Test
  void migrationThatHangsEndsAtItsOwnDeadline() {
    Ending ending = release(Behaviour.good().runsOn());
    assertWentBackBeforeAnyCandidate(ending, "DeadlineExceeded");
  }

  @Test
  void evictedMigrationIsNotTriedAgain() {
    scene.when(
        () -> scene.podsOf(Scene.MIGRATION).stream().anyMatch(Pod::ready),
        () -> scene.world().mishaps().evict(scene.podsOf(Scene.MIGRATION).getFirst().name()));
    Ending ending = release(Behaviour.good().exits(0, Duration.ofSeconds(30)));
    scene.afterwards().wentBack(ending);
  }

  @Test
  void runningMigrationIsNeverKilledByARollback() {
    Operator person = scene.operator();
    scene.when(() -> scene.podsOf(Scene.MIGRATION).stream().anyMatch(Pod::ready), person::rollback);
    Ending ending = release(Behaviour.good().exits(0, Duration.ofSeconds(40)));
    assertEnded(ending, Result.LOST);
    scene.afterwards().wentBack(person.ending());
    assertThat(scene.podsOf(Scene.MIGRATION).getFirst().doc().textOrEmpty("status", "phase"))
        .isEqualTo("Succeeded");
    assertThat(scene.podsOf(Scene.NEW)).isEmpty();
  }

  @Test
  void smokeTestThatFailsGoesBackBeforeTheSwitch() {
    scene.world().behaviour(Scene.SMOKE, Behaviour.good().exits(1, Duration.ofSeconds(3)));
    Ending ending = scene.operator().release(new Wish().smoke());
    scene.afterwards().wentBack(ending);
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
  }

  @Test
  void queueThatSuspendsTheJobAgainIsWaitedForAndItsDeadlineDoesNotRun() {
    Ref job = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-migrate");
    scene.when(
        () -> scene.world().find(job).filter(doc -> !doc.isTrue("spec", "suspend")).isPresent(),
        () -> {
          scene.world().edit(job, doc -> doc.with(true, "spec", "suspend"));
          scene
              .world()
              .at(
                  Duration.ofHours(2),
                  () -> scene.world().edit(job, doc -> doc.with(false, "spec", "suspend")));
        });
    Instant start = scene.world().now();
    scene.afterwards().released(release(Behaviour.good()), Scene.NEW);
    assertThat(scene.world().now()).isAfter(start.plus(Duration.ofHours(2)));
    assertThat(scene.operators().getFirst().events())
        .anyMatch(event -> event.message().contains("is suspended by"));
  }

  @Test
  void volumeThatIsNotThereIsSaid() {
    scene.when(
        () -> !scene.podsOf(Scene.MIGRATION).isEmpty(),
        () ->
            scene.cannotMount(
                scene.podsOf(Scene.MIGRATION).getFirst(), "configmap \"sql\" not found"));
    assertWentBackBeforeAnyCandidate(
        release(Behaviour.good().cannotStart("ContainerCreating")),
        "cannot start: FailedMount (configmap \"sql\" not found)");
  }

  @Test
  void logOfAContainerThatWasStartedAgainIsTold() {
    scene.watch().migrates();
    scene
        .world()
        .behaviour(
            Scene.MIGRATION,
            Behaviour.good().exits(1, Duration.ofSeconds(2)).log(List.of("no such table")));
    Doc job =
        Manifests.job(World.NAMESPACE, "migrate", Scene.MIGRATION, false)
            .with("OnFailure", "spec", "template", "spec", "restartPolicy")
            .with(3, "spec", "backoffLimit");
    scene.afterwards().wentBack(scene.operator().release(new Wish().migration(job)));
    long told =
        scene.operators().getFirst().events(Event.MIGRATION).stream()
            .filter(event -> event.fields().textOrEmpty("state").equals("running"))
            .flatMap(event -> event.fields().textList("log").stream())
            .filter("no such table"::equals)
            .count();
    assertThat(told).as("once for each start").isBetween(3L, 4L);
  }

  @Test
  void tagThatWasMovedInTheMidstIsSeenByItsDigest() {
    Doc job = Manifests.job(World.NAMESPACE, "migrate", Scene.NEW, false);
    scene.world().behaviour(Scene.NEW, Behaviour.good().exits(0, Duration.ofSeconds(3)));
    scene.when(
        () ->
            scene.podsOf(Scene.NEW).stream()
                .anyMatch(pod -> pod.doc().textOrEmpty("status", "phase").equals("Succeeded")),
        () -> {
          scene.world().behaviour(Scene.NEW, Behaviour.good());
          scene.world().tagMoves(Scene.NEW);
        });
    Ending ending = scene.operator().release(new Wish().migration(job));
    scene.afterwards().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("the tag of " + Scene.NEW + " was moved: the migration ran")
        .contains("the candidate runs");
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
  }
}
