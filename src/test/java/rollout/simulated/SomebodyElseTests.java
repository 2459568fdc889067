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
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.simulated.Watch.Excuse;

/** Somebody else, who writes to the same objects. */
@ExtendWith(Seeds.class)
class SomebodyElseTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private void inTheBake(Runnable event) {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(12), event));
  }

  @Test
  void deploymentAppliedBeforeTheSwitchIsLeftPausedAfterARollback() {
    Operator person = scene.operator();
    scene.when(
        "pinned",
        () -> {
          scene.apply(Scene.OTHER);
          scene.world().at(Duration.ofSeconds(20), person::rollback);
        });
    driver.release(new Wish().hold());
    assertEnded(driver.ending(), Result.LOST);
    assertEnded(person.ending(), Result.ROLLED_BACK_PARTLY);
    scene.afterwards().onlyServes(Scene.OLD);
    scene.afterwards().quiet();
    assertThat(scene.image()).isEqualTo(Scene.OTHER);
    assertThat(scene.deployment().paused()).isTrue();
    assertThat(person.ending().outcome().orElseThrow().says()).contains("another template");
  }

  @Test
  void deploymentAppliedInTheBakeIsNotOverwritten() {
    inTheBake(() -> scene.apply(Scene.OTHER));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.afterwards().onlyServes(Scene.NEW);
    scene.afterwards().quiet();
    assertThat(scene.image()).isEqualTo(Scene.OTHER);
  }

  @Test
  void deploymentAppliedWhileItTakesTheNewVersionOverIsNotSwitchedTo() {
    scene.when(
        () -> scene.phase().equals("settle") && scene.image().equals(Scene.NEW),
        () -> scene.apply(Scene.OTHER));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.afterwards().onlyServes(Scene.NEW);
    scene.afterwards().quiet();
  }

  @Test
  void deploymentAppliedWhileTheCopyDrainsLosesNoRequest() {
    scene.when(
        "settled", () -> scene.world().at(Duration.ofSeconds(10), () -> scene.apply(Scene.OTHER)));
    assertEnded(driver.release(new Wish()), Result.DONE);
    scene.afterwards().but(Scene.DEPLOYMENT).quiet();
    scene.afterwards().but(Scene.DEPLOYMENT).asBefore();
    scene.afterwards().onlyServes(Scene.OTHER);
  }

  @Test
  void releaseThatIsLeftUnsettledBearsALaterApply() {
    scene.when("settled", driver::interrupt);
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.apply(Scene.OTHER);
    scene.afterwards().quiet();
    scene.afterwards().onlyServes(Scene.NEW);
    assertEnded(scene.operator().resume(), Result.DONE);
    scene.afterwards().but(Scene.DEPLOYMENT).quiet();
    scene.afterwards().onlyServes(Scene.OTHER);
  }

  @Test
  void driverKilledWhileTheCopyDrainsThenAnApplyAnHourLaterEmptiesNoService() {
    scene.when("settled", () -> scene.world().at(Duration.ofSeconds(5), driver::kill));
    driver.release(new Wish());
    scene.world().pass(Duration.ofHours(1));
    scene.apply(Scene.OTHER);
    scene.afterwards().quiet();
    scene.afterwards().onlyServes(Scene.NEW);
    assertEnded(scene.operator().resume(), Result.DONE);
    scene.afterwards().but(Scene.DEPLOYMENT).quiet();
    scene.afterwards().but(Scene.DEPLOYMENT).asBefore();
    scene.afterwards().onlyServes(Scene.OTHER);
  }

  @Test
  void unsettledReleasePastItsDeadlineCanStillBeFinished() {
    Ending ending = driver.release(new Wish().bake(Duration.ZERO).deadline(Duration.ofSeconds(40)));
    assertEnded(ending, Result.NOT_SETTLED);
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }

  @Test
  void deploymentThatSomebodyUnpausesIsPausedAgain() {
    inTheBake(
        () -> {
          scene.world().patch(Scene.DEPLOYMENT, Patch.none().put(false, "spec", "paused"));
          scene
              .world()
              .at(
                  Duration.ofSeconds(1),
                  () -> assertThat(scene.deployment().paused()).as("paused again").isTrue());
        });
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
  }

  @Test
  void deploymentThatSomebodyAppliesAndUnpausesGetsItsPodsAndItsTemplateBack() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    inTheBake(
        () -> {
          scene.apply(Scene.OTHER);
          scene.world().patch(Scene.DEPLOYMENT, Patch.none().put(false, "spec", "paused"));
          scene.world().pass(Duration.ofSeconds(12)); // before the driver looks again
        });
    scene.afterwards().released(driver.release(new Wish().bake(Duration.ofMinutes(2))), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(told -> told.contains("it gets its template back"));
  }

  @Test
  void deploymentThatSomebodyRestartsInTheBakeIsToldAndLeftToTheEnd() {
    inTheBake(
        () ->
            scene
                .world()
                .patch(
                    Scene.DEPLOYMENT,
                    Patch.none()
                        .put(
                            Map.of("kubectl.kubernetes.io/restartedAt", "now"),
                            "spec",
                            "template",
                            "metadata",
                            "annotations")));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(told -> told.contains("gave Deployment shop another template"));
    scene.afterwards().onlyServes(Scene.NEW);
    scene.afterwards().quiet();
  }

  private static final Ref CONFIG = new Ref(Kind.CONFIG_MAP, World.NAMESPACE, "shop-config");

  /** A shop whose versions both read a ConfigMap. */
  private static Scene reading() {
    return new Scene(
        Seeds.one(),
        world -> {
          world.create(
              Kind.CONFIG_MAP,
              Doc.of(
                  "metadata",
                  Doc.of("name", "shop-config", "namespace", World.NAMESPACE),
                  "data",
                  Doc.of("limit", "10")));
          Scene.mounting(
              world, Doc.of("name", "config", "configMap", Doc.of("name", "shop-config")));
        });
  }

  private static List<String> toldOfConfig(Operator operator) {
    return operator.events(Event.NOTE).stream()
        .map(Event::message)
        .filter(told -> told.contains("ConfigMap shop-config"))
        .toList();
  }

  @Test
  void configMapThatBothVersionsReadAndSomebodyChangesIsToldWithWhoAndTheReleaseGoesOn() {
    Scene reading = reading();
    reading
        .world()
        .at(
            Duration.ofSeconds(30),
            () -> reading.world().edit(CONFIG, live -> live.with("20", "data", "limit")));
    Operator operator = reading.operator();
    reading.afterwards().released(operator.release(new Wish()), Scene.NEW);
    assertThat(toldOfConfig(operator))
        .singleElement()
        .asString()
        .contains("somebody")
        .contains("changed ConfigMap shop-config, which both versions read");
  }

  private static void rewrite(Scene scene, int left) {
    scene.world().edit(CONFIG, live -> live.with(Integer.toString(left), "data", "limit"));
    if (left > 0) {
      scene.world().at(Duration.ofMillis(10), () -> rewrite(scene, left - 1));
    }
  }

  @Test
  void configMapThatIsRewrittenAllTheTimeKeepsNothingFromGoingBack() {
    Scene reading = reading();
    reading.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.5));
    reading.when("switched", () -> rewrite(reading, 12_000));
    Operator operator = reading.operator();
    reading
        .afterwards()
        .wentBack(operator.release(new Wish().errorRate().bake(Duration.ofMinutes(3))));
    Doc rollback = operator.events(Event.ROLLBACK).getFirst().fields();
    assertThat(Instant.parse(rollback.textOrEmpty("writtenAt")))
        .isBefore(reading.world().traffic().of(Scene.NEW).first().plusSeconds(20));
    assertThat(toldOfConfig(operator)).hasSizeBetween(1, 3);
  }

  private void unpause(int left) {
    if (scene.deployment().paused()) {
      scene.world().patch(Scene.DEPLOYMENT, Patch.none().put(false, "spec", "paused"));
    }
    if (left > 0) {
      scene.world().at(Duration.ofMillis(1), () -> unpause(left - 1));
    }
  }

  @Test
  void deploymentThatAnOperatorUnpausesAtOnceKeepsNothingFromGoingBack() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.5));
    scene.when("switched", () -> unpause(120_000));
    scene.afterwards().wentBack(driver.release(new Wish().errorRate().bake(Duration.ofMinutes(3))));
    Doc rollback = driver.events(Event.ROLLBACK).getFirst().fields();
    assertThat(Instant.parse(rollback.textOrEmpty("writtenAt")))
        .isBefore(scene.world().traffic().of(Scene.NEW).first().plusSeconds(20));
  }

  private boolean pinned() {
    return scene.service().selector().labels().containsKey("pod-template-hash");
  }

  private void writeSelectorBack(int left) {
    if (pinned()) {
      scene.select(Map.of("app", "shop"));
    }
    if (left > 0) {
      scene.world().at(Duration.ofMillis(1), () -> writeSelectorBack(left - 1));
    }
  }

  @Test
  void selectorThatAnOperatorWritesBackAtOnceSendsTheReleaseBack() {
    scene.watch().excuse(Excuse.SELECTOR_WRITTEN);
    scene.when("pinned", () -> writeSelectorBack(120_000));
    Instant began = scene.world().now();
    assertEnded(driver.release(new Wish()), Result.ROLLED_BACK_PARTLY);
    scene.afterwards().onlyServes(Scene.OLD);
    assertThat(scene.world().now()).as("bounded").isBefore(began.plusSeconds(60));
    assertThat(driver.ending().outcome().orElseThrow().says())
        .contains("somebody changed the selector of Service shop to app=shop, again and again");
  }

  @Test
  void selectorWrittenBackBeforeTheSwitchIsPinnedAgainAtOnceAndHeldForAPerson() {
    Operator person = scene.operator();
    scene.world().at(Duration.ofMinutes(1), () -> scene.select(Map.of("app", "shop")));
    scene.world().at(Duration.ofSeconds(61), () -> assertThat(pinned()).isTrue());
    scene
        .world()
        .at(
            Duration.ofMinutes(2),
            () -> {
              assertThat(person.status().orElseThrow().details())
                  .anyMatch(line -> line.contains("somebody writes the Service's selector back"));
              assertThat(person.status().orElseThrow().state()).isEqualTo("waiting");
              assertEnded(person.promote(false), Result.ACCEPTED);
            });
    scene.afterwards().released(driver.release(new Wish().hold()), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .anyMatch(event -> event.message().contains("changed the selector of Service shop"));
  }

  @Test
  void selectorWrittenBackAFourthTimeBeforeTheSwitchSendsBack() {
    for (int time = 1; time <= 4; time++) {
      scene.world().at(Duration.ofSeconds(30L * time), () -> scene.select(Map.of("app", "shop")));
    }
    Ending ending = driver.release(new Wish().hold());
    scene.afterwards().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("again and again");
  }

  @Test
  void anotherSelectorBeforeTheSwitchSendsBack() {
    scene.watch().excuse(Excuse.SELECTOR_WRITTEN, Excuse.STABLE_FAILS);
    scene.when("pinned", () -> scene.select(Map.of("app", "shop", "zone", "a")));
    Ending ending = driver.release(new Wish().hold());
    scene.afterwards().mayDrop().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("changed the selector");
  }

  @Test
  void selectorAppliedInTheBakeSendsBack() {
    inTheBake(() -> scene.select(Map.of("app", "shop")));
    Ending ending = driver.release(new Wish().bake(Duration.ofMinutes(2)));
    scene.afterwards().wentBack(ending);
    assertThat(ending.outcome().orElseThrow().says()).contains("selector");
  }

  @Test
  void selectorAppliedWhileItSettlesEndsUnsettled() {
    scene.when("settled", () -> scene.select(Map.of("app", "shop")));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.afterwards().onlyServes(Scene.NEW);
  }

  @Test
  void releaseThatASelectorLeftUnsettledIsFinishedByWhoeverResumesIt() {
    scene.when("settled", () -> scene.select(Map.of("app", "shop")));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    Operator person = scene.operator();
    scene.afterwards().released(person.resume(), Scene.NEW);
    assertThat(person.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(told -> told.endsWith("; it is put back"));
  }

  @Test
  void deletedDeploymentLeavesTrafficWherePodsAreReady() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    inTheBake(() -> scene.world().delete(Scene.DEPLOYMENT));
    Ending ending = driver.release(new Wish().bake(Duration.ofMinutes(1)));
    assertThat(ending.word()).isIn("NOT_SETTLED", "ROLLED_BACK_PARTLY");
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(told -> told.contains("traffic stays where pods are ready"));
    scene.afterwards().onlyServes(Scene.NEW);
    scene.afterwards().quiet();
  }

  @Test
  void candidateThatSomebodyDeletesBeforeTheSwitchSendsBack() {
    scene.when(
        () -> scene.podsOf(Scene.NEW).stream().anyMatch(Pod::ready),
        () -> scene.world().delete(new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-r1")));
    scene.afterwards().wentBack(driver.release(new Wish().hold()));
  }

  @Test
  void candidateThatSomebodyDeletesInTheBakeSendsBack() {
    scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    inTheBake(() -> scene.world().delete(new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-r1")));
    scene.afterwards().mayDrop().wentBack(driver.release(new Wish().bake(Duration.ofMinutes(2))));
  }

  @Test
  void serviceThatSharesThePodsIsRefusedUnlessNamed() {
    Scene two = withSecond();
    Ending refused = two.operator().release(new Wish());
    assertThat(refused.error().orElseThrow()).hasMessageContaining("--also");
    two.afterwards().asItWas();
  }

  @Test
  void serviceThatSharesThePodsMovesToo() {
    Scene two = withSecond();
    two.world().load("shop-internal", 20);
    movesWithTheFirst(two);
    Ending ending = two.operator().release(new Wish().also("shop-internal"));
    two.afterwards().released(ending, Scene.NEW);
    assertThat(two.serving("shop-internal")).hasSize(Scene.SIZE).containsOnly(Scene.NEW);
  }

  @Test
  void serviceThatSharesThePodsGoesBackToo() {
    Scene two = withSecond();
    two.world().load("shop-internal", 20);
    two.world().behaviour(Scene.NEW, Behaviour.good().errorRate(1));
    movesWithTheFirst(two);
    Ending ending =
        two.operator()
            .release(new Wish().also("shop-internal").errorRate().bake(Duration.ofMinutes(2)));
    two.afterwards().wentBack(ending);
    assertThat(two.serving("shop-internal")).hasSize(Scene.SIZE).containsOnly(Scene.OLD);
  }

  /** In the end it has the right pods whoever moves it: what counts is what it had on the way. */
  private static void movesWithTheFirst(Scene two) {
    two.when(
        () -> two.phase().equals("pinned") && two.podsOf(Scene.NEW).stream().anyMatch(Pod::ready),
        () -> assertThat(two.serving("shop-internal")).containsOnly(Scene.OLD));
    two.when(
        "switched",
        () ->
            two.world()
                .at(
                    Duration.ofSeconds(2),
                    () -> assertThat(two.serving("shop-internal")).containsOnly(Scene.NEW)));
  }

  @Test
  void ignoredServiceIsLeftAlone() {
    Scene two = withSecond();
    Ending ending = two.operator().release(new Wish().ignoring("shop-internal"));
    two.afterwards().released(ending, Scene.NEW);
  }

  private static Scene withSecond() {
    return new Scene(
        Seeds.one(),
        world ->
            world.create(
                Kind.SERVICE,
                Manifests.service(World.NAMESPACE, "shop-internal", Map.of("app", "shop"))));
  }

  @Test
  void secondReleaseOfTheSameShopIsHeldOff() {
    Operator other = scene.operator();
    inTheBake(() -> other.release(new Wish().image(Scene.OTHER)));
    Ending ending = driver.release(new Wish());
    assertThat(other.ending().word()).isEqualTo("HeldError");
    scene.afterwards().released(ending, Scene.NEW);
  }
}
