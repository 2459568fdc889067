package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.sim.Manifests;
import rollout.sim.TrafficReport;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** Good versions. */
@ExtendWith(Seeds.class)
class GoodReleaseTests {
  private static final Ref GREEN = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-green");

  private final Scene scene = new Scene(Seeds.one());

  @Test
  void newImageEndsInTheShopsOwnDeployment() {
    Ending ending = scene.operator().release(new Wish().migration().errorRate().latency());
    scene.afterwards().released(ending, Scene.NEW);
    assertThat(scene.podsOf(Scene.MIGRATION)).hasSize(1);
  }

  @Test
  void noRequestMeetsTheNewVersionBeforeTheMigrationIsOver() {
    scene.watch().migrates();
    Ending ending = scene.operator().release(new Wish().migration());
    scene.afterwards().released(ending, Scene.NEW);
    Instant finished =
        scene.podsOf(Scene.MIGRATION).getFirst().containers().stream()
            .map(one -> Instant.parse(one.textOrEmpty("state", "terminated", "finishedAt")))
            .findFirst()
            .orElseThrow();
    assertThat(scene.world().traffic().of(Scene.NEW).first()).isAfter(finished);
  }

  @Test
  void manifestsAreReleasedLikeAnImage() {
    Doc manifest =
        Manifests.deployment(World.NAMESPACE, "shop", Map.of("app", "shop"), Scene.NEW, Scene.SIZE);
    Ending ending = scene.operator().release(new Wish().manifests(manifest));
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void smokeTestAndPreviewComeAndGo() {
    Ending ending = scene.operator().release(new Wish().smoke());
    scene.afterwards().released(ending, Scene.NEW);
    assertThat(scene.podsOf(Scene.SMOKE)).hasSize(1);
  }

  @Test
  void previewServiceOfTheUsersGetsItsSelectorBack() {
    Scene withPreview =
        new Scene(
            Seeds.one(),
            world ->
                world.create(
                    Kind.SERVICE,
                    Manifests.service(World.NAMESPACE, "look", Map.of("app", "nobody"))));
    Ending ending = withPreview.operator().release(new Wish().preview("look").smoke());
    withPreview.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void releaseOfWhatServesIsUnchangedAndWritesNothing() {
    Ending ending = scene.operator().release(new Wish().image(Scene.OLD));
    assertEnded(ending, Result.UNCHANGED);
    assertThat(scene.world().journal()).noneMatch(call -> call.write());
  }

  @Test
  void heldReleaseGoesOnWhenSomebodyPromotesIt() {
    Operator person = scene.operator();
    scene.world().at(Duration.ofMinutes(2), () -> person.promote(false));
    Ending ending = scene.operator().release(new Wish().hold());
    assertEnded(person.ending(), Result.ACCEPTED);
    scene.afterwards().released(ending, Scene.NEW);
    assertThat(scene.world().traffic().of(Scene.NEW).first())
        .isAfter(World.START.plus(Duration.ofMinutes(2)));
  }

  @Test
  void heldReleaseThatNobodyPromotesGoesBack() {
    Ending ending = scene.operator().release(new Wish().hold());
    scene.afterwards().wentBack(ending);
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
  }

  @Test
  void fullPromotionEndsTheBakeEarly() {
    Operator person = scene.operator();
    scene.when(
        "switched", () -> scene.world().at(Duration.ofSeconds(20), () -> person.promote(true)));
    Instant start = scene.world().now();
    Ending ending = scene.operator().release(new Wish().bake(Duration.ofHours(2)));
    assertThat(scene.world().now()).isBefore(start.plus(Duration.ofMinutes(10)));
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void firstReleaseIsInstalled() {
    Ending ending = scene.operator().release(new Wish().manifests(kiosk()).migration(), "kiosk");
    assertEnded(ending, Result.INSTALLED);
    assertThat(scene.serving("kiosk")).containsExactly(Scene.NEW, Scene.NEW);
    scene.world().load("kiosk", 10);
    scene.world().pass(Duration.ofMinutes(1));
    assertThat(scene.world().traffic().failed()).isZero();
  }

  @Test
  void firstReleaseThatFailsLeavesNothingBehind() {
    scene.world().behaviour(Scene.NEW, rollout.sim.Behaviour.good().neverReady());
    Ending ending = scene.operator().release(new Wish().manifests(kiosk()), "kiosk");
    assertEnded(ending, Result.ROLLED_BACK);
    scene.afterwards().asItWas();
    assertThat(ending.outcome().orElseThrow().traffic()).isEqualTo("none");
  }

  private static Doc[] kiosk() {
    Map<String, String> labels = Map.of("app", "kiosk");
    return new Doc[] {
      Manifests.deployment(World.NAMESPACE, "kiosk", labels, Scene.NEW, 2),
      Manifests.service(World.NAMESPACE, "kiosk", labels)
    };
  }

  @Test
  void rollbackWithNothingRunningReturnsToTheVersionBefore() {
    assertEnded(scene.operator().release(new Wish()), Result.DONE);
    Ending ending = scene.operator().rollback();
    assertEnded(ending, Result.RETURNED);
    scene.afterwards().asItWas();
  }

  @Test
  void rollbackAfterTwoReleasesReturnsToTheFirstOfThem() {
    assertEnded(scene.operator().release(new Wish()), Result.DONE);
    assertEnded(scene.operator().release(new Wish().image(Scene.OTHER)), Result.DONE);
    assertEnded(scene.operator().rollback(), Result.RETURNED);
    scene.afterwards().onlyServes(Scene.NEW);
  }

  @Test
  void returnToARevisionThatDidNotServeNamesThoseThatDid() {
    assertEnded(scene.operator().release(new Wish()), Result.DONE);
    scene.world().behaviour(Scene.OTHER, rollout.sim.Behaviour.good().neverReady());
    assertEnded(scene.operator().release(new Wish().image(Scene.OTHER)), Result.ROLLED_BACK);
    assertThat(scene.operator().rollback(2).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("revision 2 is not in the history of shop as a version that served")
        .hasMessageContaining("Those that served: 0, 1.");
    scene.afterwards().onlyServes(Scene.NEW);
  }

  @Test
  void promotionOfWhatWaitsForNobodyIsRefused() {
    Operator person = scene.operator();
    scene.when("settle", () -> person.promote(false));
    scene.afterwards().released(scene.operator().release(new Wish()), Scene.NEW);
    assertThat(person.ending().error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("revision 1 of shop waits for nobody: it is in step ");
    assertThat(scene.operator().promote(false).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("nothing of shop waits for a promotion");
  }

  @Test
  void rollbackOfNothingSaysSo() {
    Ending ending = scene.operator().rollback();
    assertThat(ending.error().orElseThrow()).hasMessageContaining("nothing was ever released");
    scene.afterwards().asItWas();
  }

  @Test
  void deploymentOfTheUsersTakesOverAndTheOldOneIsKeptAtZero() {
    Scene two = withGreen(0);
    Ending ending = two.operator().release(new Wish().to("shop-green").errorRate());
    assertEnded(ending, Result.DONE);
    Afterwards after = two.afterwards().but(Scene.SERVICE, Scene.DEPLOYMENT, GREEN);
    after.onlyServes(Scene.NEW);
    after.quiet();
    after.onlyServes(Scene.NEW);
    after.asBefore();
    after.closed();
    assertThat(two.deployment().replicas()).isZero();
    assertThat(two.deployment().paused()).isFalse();
    assertThat(two.service().selector().labels()).containsEntry("app", "green");
    assertThat(two.podsOf(Scene.OLD)).isEmpty();
  }

  @Test
  void swapThatGoesBackLeavesBothAsTheyWere() {
    Scene two = withGreen(1);
    Operator person = two.operator();
    two.when("switched", () -> two.world().at(Duration.ofSeconds(20), person::rollback));
    Ending ending = two.operator().release(new Wish().to("shop-green").bake(Duration.ofMinutes(5)));
    assertEnded(ending, Result.LOST);
    two.afterwards().wentBack(person.ending());
  }

  @Test
  void returnAfterASwapScalesTheOldOneUpFirst() {
    Scene two = withGreen(0);
    assertEnded(two.operator().release(new Wish().to("shop-green")), Result.DONE);
    Ending ending = two.operator().rollback();
    assertEnded(ending, Result.RETURNED);
    two.afterwards().onlyServes(Scene.OLD);
    two.afterwards().quiet();
    assertThat(two.deployment().replicas()).isEqualTo(Scene.SIZE);
  }

  static Scene withGreen(int size) {
    return new Scene(
        Seeds.one(),
        world ->
            world.create(
                Kind.DEPLOYMENT,
                Manifests.deployment(
                    World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, size)));
  }
}
