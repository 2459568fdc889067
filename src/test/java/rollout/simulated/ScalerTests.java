package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** Releases of what an autoscaler or KEDA sizes. */
class ScalerTests {
  private static final Ref SCALED_OBJECT = new Ref(Kind.SCALED_OBJECT, World.NAMESPACE, "shop");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Scene scene = new Scene(1, Scene::scaled);

  private Ending release() {
    return scene.operator().release(new Wish());
  }

  private void inTheBake(Runnable event) {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(5), event));
  }

  private void crashing() {
    scene.watch().excuse(Watch.Excuse.CANDIDATE_FAILS);
    scene.world().behaviour(Scene.NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(25)));
  }

  private List<String> notes() {
    return scene.operators().getFirst().events(Event.NOTE).stream().map(Event::message).toList();
  }

  private void everySecond(Runnable event) {
    scene
        .world()
        .at(
            SECOND,
            () -> {
              event.run();
              everySecond(event);
            });
  }

  @Test
  void itSizesWhatServesAndIsAsItWasInTheEnd() {
    List<String> seen = new ArrayList<>();
    inTheBake(() -> seen.add(scene.scaler().target() + " " + scene.scaler().floor().orElse("")));
    Ending ending = release();
    assertThat(seen).containsExactly("shop-r1 3");
    scene.afterwards().released(ending, Scene.NEW);
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void wayBackPutsItBack() {
    crashing();
    scene.afterwards().mayDrop().wentBack(release());
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void loadThatFallsTakesNoPodBeforeTheBakeIsOver() {
    scene.when("pinned", () -> scene.world().load("shop", 5));
    scene.when(
        () -> scene.scaler().floor().equals(Optional.of("3")),
        () ->
            scene.when(
                () -> scene.scaler().stateText().isEmpty(),
                () -> scene.watch().floor(Scene.FLOOR)));
    Ending ending = scene.operator().release(new Wish().bake(Duration.ofMinutes(12)));
    scene.world().pass(Duration.ofMinutes(1));
    // With its floor as before it takes what the load does not need any more.
    assertThat(scene.deployment().replicas()).isEqualTo(Scene.FLOOR);
    scene.afterwards().but(Scene.DEPLOYMENT).released(ending, Scene.NEW);
  }

  @Test
  void itMayWriteEverySecondWhileTheReleaseIsAborted() {
    int[] written = {0};
    everySecond(
        () -> {
          written[0]++;
          scene
              .world()
              .patch(
                  Scene.SCALER,
                  Patch.none()
                      .put(Map.of("synced", String.valueOf(written[0])), "metadata", "labels"));
        });
    Operator person = scene.operator();
    inTheBake(person::rollback);
    release();
    assertThat(written[0]).isGreaterThan(10);
    scene.afterwards().but(Scene.SCALER).wentBack(person.ending());
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void floorThatAPersonSetsMidwayStaysAndIsTold() {
    inTheBake(() -> scene.floor(1));
    Ending ending = release();
    scene.afterwards().but(Scene.SCALER).released(ending, Scene.NEW);
    assertThat(scene.scaler().floor()).contains("1");
    assertThat(scene.scaler().target()).isEqualTo("shop");
    assertThat(notes())
        .anyMatch(one -> one.startsWith("minReplicas of HorizontalPodAutoscaler shop is 1 now"))
        .anyMatch(one -> one.endsWith("which this release has not set; it stays"));
  }

  @Test
  void oneThatIsDeletedMidwayIsToldAndMissedByNobody() {
    inTheBake(() -> scene.world().delete(Scene.SCALER));
    Ending ending = release();
    scene.afterwards().but(Scene.SCALER).released(ending, Scene.NEW);
    assertThat(notes())
        .contains("HorizontalPodAutoscaler shop is gone, or another one: it is left alone");
  }

  @Test
  void whatAGitOpsControllerWritesBackIsSetAgain() {
    List<String> seen = new ArrayList<>();
    inTheBake(
        () -> {
          scene
              .world()
              .patch(
                  Scene.SCALER,
                  Patch.none()
                      .put(Scene.FLOOR, "spec", "minReplicas")
                      .put("shop", "spec", "scaleTargetRef", "name"));
          scene
              .world()
              .at(
                  SECOND,
                  () -> seen.add(scene.scaler().target() + " " + scene.scaler().floor().get()));
        });
    Ending ending = release();
    assertThat(seen).containsExactly("shop-r1 3");
    scene.afterwards().released(ending, Scene.NEW);
    assertThat(notes()).anyMatch(one -> one.endsWith("back as it was; it is set again"));
  }

  @Test
  void whatIsWrittenBackAgainAndAgainIsToldAndLeft() {
    everySecond(() -> scene.floor(Scene.FLOOR));
    Ending ending = release();
    scene.afterwards().released(ending, Scene.NEW);
    scene.afterwards().scalesWhatServes();
    assertThat(notes()).anyMatch(one -> one.contains("again and again, so it is left so"));
    assertThat(scene.world().journal().stream().filter(call -> call.write()))
        .filteredOn(call -> call.toString().contains("horizontalpodautoscalers"))
        .hasSizeLessThan(20);
  }

  @Test
  void loadThatRisesInTheBakeGivesTheCandidatePodsAndStableAsMany() {
    // Half of it stays on connections that were open before.
    scene.when("switched", () -> scene.world().load("shop", 150));
    List<Integer> sizes = new ArrayList<>();
    scene.when("settled", () -> sizes.add(scene.deployment().replicas()));
    Ending ending = scene.operator().release(new Wish().bake(Duration.ofMinutes(2)));
    assertThat(sizes).allMatch(size -> size >= 5).hasSize(1);
    scene.afterwards().but(Scene.DEPLOYMENT).released(ending, Scene.NEW);
    assertThat(scene.serving("shop")).hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void loadThatRisesBeforeTheSwitchGivesStablePodsAndTheCandidateFollows() {
    scene.when("pinned", () -> scene.world().load("shop", 75));
    List<Integer> sizes = new ArrayList<>();
    scene.when("switched", () -> sizes.add(scene.deployment("shop-r1").replicas()));
    Operator other = scene.operator();
    scene.world().at(Duration.ofMinutes(2), () -> other.promote(false));
    Ending ending = scene.operator().release(new Wish().hold());
    assertThat(sizes).allMatch(size -> size >= 5).hasSize(1);
    scene.afterwards().but(Scene.DEPLOYMENT).released(ending, Scene.NEW);
  }

  @Test
  void afterAWayBackStableGetsWhatTheLoadNeeds() {
    // Half of it stays on connections that were open before.
    scene.when("switched", () -> scene.world().load("shop", 150));
    Operator person = scene.operator();
    scene.when(() -> scene.deployment("shop-r1").replicas() > Scene.SIZE, person::rollback);
    scene.operator().release(new Wish().bake(Duration.ofMinutes(5)));
    Afterwards.assertEnded(person.ending(), Result.ROLLED_BACK);
    scene.world().pass(Duration.ofMinutes(1));
    assertThat(scene.deployment().replicas()).isGreaterThanOrEqualTo(5);
    scene.afterwards().scalesWhatServes();
    scene.afterwards().but(Scene.DEPLOYMENT).asItWas();
  }

  @Test
  void killedInTheBakeItIsPutBackByWhoeverResumes() {
    Operator driver = scene.operator();
    inTheBake(driver::kill);
    driver.release(new Wish());
    assertThat(scene.scaler().target()).isEqualTo("shop-r1");
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void rollbackWhileItSettlesPutsItBack() {
    Operator person = scene.operator();
    scene.when(
        () -> scene.phase().equals("settle") && !scene.deployment().paused(), person::rollback);
    release();
    scene.afterwards().wentBack(person.ending());
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void repairPutsItBackWithoutAJournal() {
    Operator driver = scene.operator();
    inTheBake(driver::kill);
    driver.release(new Wish());
    scene.world().pass(Duration.ofMinutes(1));
    scene.withoutJournal();
    Afterwards.assertEnded(scene.operator().repair(false), Result.ROLLED_BACK);
    scene.afterwards().asItWas();
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void wayBackGoesOnWithoutItWhereNobodyMayWriteItAnyMoreAndRepairPutsItBackLater() {
    inTheBake(() -> scene.world().forbid("patch", Kind.AUTOSCALER.plural()));
    crashing();
    Ending ending = release();
    Afterwards.assertEnded(ending, Result.ROLLED_BACK);
    assertThat(scene.world().find(new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-r1"))).isEmpty();
    assertThat(notes()).anyMatch(one -> one.contains("To put it back: rollout repair shop"));
    scene.world().allow("patch", Kind.AUTOSCALER.plural());
    assertThat(scene.operator().release(new Wish().image(Scene.OTHER)).error().orElseThrow())
        .hasMessageContaining("rollout repair shop");
    scene.operator().repair(false);
    scene.afterwards().mayDrop().asItWas();
    scene.afterwards().scalesWhatServes();
  }

  @Test
  void kedaIsAskedToTakeNoPodsAway() {
    scene = new Scene(1, this::keda);
    List<Doc> seen = new ArrayList<>();
    inTheBake(() -> seen.add(scene.world().find(SCALED_OBJECT).orElseThrow()));
    Ending ending = release();
    scene.afterwards().released(ending, Scene.NEW);
    Autoscaler live = new Autoscaler(Kind.SCALED_OBJECT, seen.getFirst());
    assertThat(live.floor()).contains("true");
    assertThat(live.target()).isEqualTo("shop-r1");
    assertThat(live.doc().number(0, "spec", "minReplicaCount")).isEqualTo(2);
  }

  @Test
  void whatKedaWasAskedForBeforeStays() {
    scene =
        new Scene(
            1,
            world -> {
              keda(world);
              world.patch(
                  SCALED_OBJECT,
                  Patch.none()
                      .put(Map.of(Autoscaler.PAUSED_SCALE_IN, "true"), "metadata", "annotations"));
            });
    crashing();
    scene.afterwards().mayDrop().wentBack(release());
  }

  private void keda(World world) {
    world.knows(Kind.SCALED_OBJECT);
    world.create(Kind.SCALED_OBJECT, Manifests.scaledObject(World.NAMESPACE, "shop", "shop"));
  }

  @Test
  void candidateWithOneOfItsOwnLeavesBothWhereTheyPoint() {
    scene =
        new Scene(
            1,
            world -> {
              Scene.scaled(world);
              world.create(
                  Kind.DEPLOYMENT,
                  Manifests.deployment(
                      World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 3));
              world.create(
                  Kind.AUTOSCALER,
                  Manifests.autoscaler(World.NAMESPACE, "green", "shop-green", 3, 8, 80));
            });
    Ref green = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-green");
    List<String> seen = new ArrayList<>();
    inTheBake(() -> seen.add(scene.scaler().target() + " " + scene.scaler().floor().orElse("")));
    Ending ending = scene.operator().release(new Wish().to("shop-green"));
    Afterwards.assertEnded(ending, Result.DONE);
    assertThat(seen).containsExactly("shop 3");
    scene.afterwards().but(Scene.SERVICE, Scene.DEPLOYMENT, green).asBefore();
  }
}
