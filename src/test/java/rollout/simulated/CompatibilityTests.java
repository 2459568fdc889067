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
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.MetricsState;
import rollout.sim.TrafficReport;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy.OnMissing;

/** Whether the version that serves can live with the new schema. */
@ExtendWith(Seeds.class)
class CompatibilityTests {
  private static final String FRESH = "shop-r1-fresh";
  private static final Ref FRESH_COPY = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, FRESH);
  private static final Ref MIGRATION =
      new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-migrate");
  private static final Ref UNDO = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-undo");

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private static Compatibility on(OnStableBroken what) {
    return new Compatibility(true, List.of(), Duration.ofMinutes(1), what);
  }

  private Wish wish() {
    scene.watch().migrates();
    return new Wish().migration();
  }

  /** On the new schema stable behaves like this. */
  private void afterTheMigration(Behaviour stable) {
    scene.when(() -> has(MIGRATION, "Complete"), () -> scene.world().behaviour(Scene.OLD, stable));
  }

  private boolean has(Ref job, String condition) {
    return scene.world().find(job).stream()
        .flatMap(doc -> doc.docs("status", "conditions").stream())
        .anyMatch(one -> one.textOrEmpty("type").equals(condition));
  }

  private void assertNoCandidateEverServed() {
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
    assertThat(scene.podsOf(Scene.NEW)).isEmpty();
    assertThat(scene.world().find(FRESH_COPY)).isEmpty();
  }

  private List<String> told(String type) {
    return driver.events(type).stream().map(Event::message).toList();
  }

  @Test
  void stableThatLivesWithTheNewSchemaLetsTheReleaseThrough() {
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(scene.world().find(FRESH_COPY)).isEmpty();
    assertThat(driver.events(Event.STEP_STARTED))
        .extracting(event -> event.fields().textOrEmpty("step"))
        .containsSubsequence("migrate", "pause", "pin", "prove", "remove-fresh", "start", "switch");
  }

  @Test
  void swapProvesItTooThoughOnlyTheFreshPodNeedsThePin() {
    Scene two =
        new Scene(
            Seeds.one(),
            world ->
                world.create(
                    Kind.DEPLOYMENT,
                    Manifests.deployment(
                        World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 0)));
    two.watch().migrates();
    Ending ending = two.operator().release(new Wish().migration().to("shop-green"));
    assertEnded(ending, Result.DONE);
    two.afterwards().onlyServes(Scene.NEW);
    assertThat(two.deployment().paused()).isFalse();
    assertThat(two.deployment().replicas()).isZero();
    assertThat(two.world().journal()).hasSizeLessThan(2000);
  }

  @Test
  void freshPodStaysReadyForThirtySecondsBeforeAnyPodOfTheCandidateIsMade() {
    Instant[] ready = {Instant.MAX};
    Instant[] candidate = {Instant.MAX};
    scene.when(() -> fresh().stream().anyMatch(Pod::ready), () -> ready[0] = scene.world().now());
    scene.when(() -> !scene.podsOf(Scene.NEW).isEmpty(), () -> candidate[0] = scene.world().now());
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(Duration.between(ready[0], candidate[0])).isGreaterThan(Duration.ofSeconds(30));
  }

  private List<Pod> fresh() {
    return scene.pods().stream()
        .filter(pod -> pod.labels().getOrDefault("rollout/role", "").equals("fresh"))
        .toList();
  }

  @Test
  void freshPodGetsNoTraffic() {
    boolean[] seen = {false};
    scene.when(() -> fresh().stream().anyMatch(Pod::ready), () -> seen[0] = true);
    scene.when(
        () -> scene.serving("shop").size() > Scene.SIZE,
        () -> {
          throw new AssertionError("the fresh pod serves");
        });
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(seen[0]).isTrue();
  }

  @Test
  void stableThatCannotStartOnTheNewSchemaHoldsAndGoesBackByItself() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    Ending ending = driver.release(wish());
    scene.afterwards().wentBack(ending);
    assertNoCandidateEverServed();
    assertThat(ending.outcome().orElseThrow().says())
        .contains("shop cannot live with the new schema: a fresh pod of it: container")
        .contains("nobody went forward in time")
        .contains("Traffic: all on shop");
    assertThat(told(Event.GATE))
        .anyMatch(line -> line.startsWith("shop cannot live with the new schema"));
  }

  @Test
  void whatTheFreshPodHadToSayIsTold() {
    afterTheMigration(
        Behaviour.good()
            .crashesAfter(Duration.ofSeconds(1))
            .log(List.of("column orders.note does not exist")));
    driver.release(wish());
    assertThat(told(Event.NOTE)).anyMatch(line -> line.contains("orders.note does not exist"));
  }

  @Test
  void personMayGoForwardThoughStableIsHurt() {
    Operator person = scene.operator();
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene
        .world()
        .at(
            Duration.ofMinutes(3),
            () -> {
              assertThat(person.status().orElseThrow().state()).isEqualTo("waiting");
              assertThat(person.status().orElseThrow().details())
                  .anyMatch(line -> line.contains("cannot live with the schema"))
                  .anyMatch(line -> line.contains("rollout promote shop"))
                  .anyMatch(line -> line.contains("rollout rollback shop"));
              assertEnded(person.promote(false), Result.ACCEPTED);
            });
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(scene.world().find(FRESH_COPY)).isEmpty();
  }

  @Test
  void personMayGoBackWhileItIsHeld() {
    Operator person = scene.operator();
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene.world().at(Duration.ofMinutes(3), person::rollback);
    driver.release(wish());
    scene.afterwards().wentBack(person.ending());
    assertNoCandidateEverServed();
  }

  @Test
  void pipelineThatDoesNotWaitEndsAtTheGate() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    Ending ending = driver.release(wish(), new Driving(false, true));
    assertEnded(ending, Result.WAITING);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("rollout rollback shop")
        .contains("rollout promote shop")
        .contains("Traffic: all on shop");
    scene.afterwards().wentBack(scene.operator().rollback());
    assertNoCandidateEverServed();
  }

  @Test
  void onStableBrokenForwardGoesOn() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene
        .afterwards()
        .released(driver.release(wish().compatibility(on(OnStableBroken.FORWARD))), Scene.NEW);
    assertThat(told(Event.GATE)).anyMatch(line -> line.contains("onStableBroken: forward"));
  }

  @Test
  void onStableBrokenUndoTakesTheMigrationBack() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene.when(
        () -> has(UNDO, "Complete"), () -> scene.world().behaviour(Scene.OLD, Behaviour.good()));
    Ending ending =
        driver.release(wish().compatibility(on(OnStableBroken.UNDO), "migrate", "down"));
    scene.afterwards().wentBack(ending);
    assertNoCandidateEverServed();
    assertThat(has(UNDO, "Complete")).isTrue();
    assertThat(
            scene.world().find(UNDO).orElseThrow().docs("spec", "template", "spec", "containers"))
        .extracting(container -> container.textList("command"))
        .containsExactly(List.of("migrate", "down"));
  }

  @Test
  void undoNeverRunsForAnotherReason() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.5));
    Ending ending =
        driver.release(
            wish().errorRate().compatibility(on(OnStableBroken.UNDO), "migrate", "down"));
    scene.afterwards().wentBack(ending);
    assertThat(scene.world().find(UNDO).orElseThrow().isTrue("spec", "suspend")).isTrue();
  }

  @Test
  void undoThatFailsIsSaidAndLeavesTheRest() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene.when(
        () -> fresh().stream().findAny().isPresent(),
        () ->
            scene
                .world()
                .behaviour(Scene.MIGRATION, Behaviour.good().exits(1, Duration.ofSeconds(1))));
    Ending ending =
        driver.release(wish().compatibility(on(OnStableBroken.UNDO), "migrate", "down"));
    assertEnded(ending, Result.ROLLED_BACK_PARTLY);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("the undo of the migration failed with exit code 1");
    assertThat(scene.serving("shop")).hasSize(Scene.SIZE);
  }

  @Test
  void testOfItsOwnMustSucceed() {
    Compatibility selfTest =
        new Compatibility(
            true, List.of("/app/selftest"), Duration.ofMinutes(1), OnStableBroken.HOLD);
    scene.world().behaviour(Scene.OLD, Behaviour.good().exits(7, Duration.ofSeconds(1)));
    Ending ending = driver.release(wish().compatibility(selfTest));
    scene.afterwards().wentBack(ending);
    assertNoCandidateEverServed();
    assertThat(ending.outcome().orElseThrow().says())
        .contains("cannot live with the new schema: its own test failed with exit code 7");
  }

  @Test
  void testOfItsOwnRunsWithTheImageThatServes() {
    Compatibility selfTest =
        new Compatibility(false, List.of("/app/selftest"), Duration.ZERO, OnStableBroken.HOLD);
    scene.afterwards().released(driver.release(wish().compatibility(selfTest)), Scene.NEW);
    List<rollout.document.Doc> containers =
        scene
            .world()
            .find(new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-self-test"))
            .orElseThrow()
            .docs("spec", "template", "spec", "containers");
    assertThat(containers).hasSize(1);
    assertThat(containers.getFirst().textOrEmpty("image")).isEqualTo(Scene.OLD);
    assertThat(containers.getFirst().textList("command")).containsExactly("/app/selftest");
    assertThat(containers.getFirst().has("readinessProbe")).isFalse();
  }

  @Test
  void stableWhoseErrorsRiseInProductionHoldsTheRelease() {
    afterTheMigration(Behaviour.good().errorRate(0.2));
    scene.watch().excuse(Watch.Excuse.STABLE_FAILS);
    Ending ending = driver.release(wish().errorRate());
    scene.afterwards().mayDrop().wentBack(ending);
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("worse than before, stable errors: error rate");
  }

  @Test
  void stableThatGetsSlowInProductionHoldsTheRelease() {
    afterTheMigration(Behaviour.good().latency(Duration.ofSeconds(2)));
    Ending ending = driver.release(wish().errorRate());
    scene.afterwards().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("stable latency: p99");
  }

  @Test
  void stableThatHadErrorsBeforeIsNotBlamedOnTheMigration() {
    scene.world().behaviour(Scene.OLD, Behaviour.good().errorRate(0.2));
    scene.watch().excuse(Watch.Excuse.STABLE_FAILS);
    scene.world().pass(Duration.ofMinutes(3));
    Ending ending = driver.release(wish().errorRate());
    assertEnded(ending, Result.DONE);
  }

  @Test
  void stableThatRestartsInProductionHoldsTheRelease() {
    scene.watch().excuse(Watch.Excuse.STABLE_FAILS);
    scene.when(
        () -> fresh().stream().anyMatch(Pod::ready),
        () -> scene.world().mishaps().crash(scene.podsOf(Scene.OLD).getFirst().name(), 1, "Error"));
    Ending ending = driver.release(wish());
    scene.afterwards().mayDrop().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("in production, container");
  }

  @Test
  void withoutNumbersOfStableNothingMoves() {
    scene.when(() -> has(MIGRATION, "Complete"), () -> scene.world().prometheus(MetricsState.DOWN));
    Ending ending = driver.release(wish().errorRate());
    scene.afterwards().wentBack(ending);
    assertNoCandidateEverServed();
    assertThat(ending.outcome().orElseThrow().says()).contains("stable on the new schema:");
  }

  @Test
  void withoutNumbersItGoesOnWhereTheUserSaysSo() {
    scene.when(() -> has(MIGRATION, "Complete"), () -> scene.world().prometheus(MetricsState.DOWN));
    scene.when(
        () -> !scene.podsOf(Scene.NEW).isEmpty(), () -> scene.world().prometheus(MetricsState.UP));
    scene
        .afterwards()
        .released(
            driver.release(wish().errorRate().onNoData(OnMissing.PASS).onUndecided(OnMissing.PASS)),
            Scene.NEW);
  }

  @Test
  void stableThatIsNotWholeIsNotAskedForItMayBeWhatIsCured() {
    scene.watch().excuse(Watch.Excuse.STABLE_FAILS);
    scene.world().mishaps().unready(scene.podsOf(Scene.OLD).getFirst().name());
    scene.world().pass(Duration.ofSeconds(5));
    scene.afterwards().mayDrop().released(driver.release(wish()), Scene.NEW);
    assertThat(told(Event.NOTE)).anyMatch(line -> line.contains("shop is not whole"));
  }

  @Test
  void killedAtTheGateSomebodyElseGoesBackAndNothingRemains() {
    afterTheMigration(Behaviour.good().crashesAfter(Duration.ofSeconds(1)));
    scene.world().at(Duration.ofMinutes(5), driver::kill);
    driver.release(wish());
    scene.withoutJournal();
    Ending ending = scene.operator().repair(true);
    assertThat(ending.outcome()).isPresent();
    scene.afterwards().onlyServes(Scene.OLD);
    assertThat(scene.world().list(Query.all(Kind.DEPLOYMENT, World.NAMESPACE)))
        .extracting(doc -> doc.textOrEmpty("metadata", "name"))
        .containsExactlyInAnyOrder("shop", "till");
    assertThat(scene.service().stateText()).isEmpty();
    assertThat(scene.deployment().claimText()).isEmpty();
  }
}
