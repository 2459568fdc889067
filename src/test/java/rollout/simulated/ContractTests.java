package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.sim.Behaviour;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.strategy.Preset;

/** {@code rollout migration contract}: when nothing that needs the old schema can run any more. */
@ExtendWith(Seeds.class)
class ContractTests {
  private static final Ref JOB = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r3-migrate");
  private static final String THIRD = "registry.example/shop:4.0";

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private void released(String image, long schema) {
    assertEnded(
        scene
            .operator()
            .release(new Wish().image(image).migration().schema(schema, 0).bake(Duration.ZERO)),
        Result.DONE);
  }

  /** Two releases, which need migrations 41 and 42. */
  private void afterTwo() {
    released(Scene.NEW, 41);
    released(Scene.OTHER, 42);
  }

  private static Wish wish(long floor, String... users) {
    return new Wish().migration().contract(floor, users);
  }

  private String refused(Ending ending) {
    assertThat(ending.error()).containsInstanceOf(RefusedError.class);
    assertThat(scene.world().find(JOB)).isEmpty();
    return ending.error().orElseThrow().getMessage();
  }

  private void workload(Kind kind, String name, Doc spec) {
    scene
        .world()
        .create(
            kind,
            Doc.of(
                "apiVersion",
                kind.apiVersion(),
                "kind",
                kind.kind(),
                "metadata",
                Doc.of("name", name, "namespace", World.NAMESPACE),
                "spec",
                spec));
  }

  private static Doc template(long schema) {
    return Doc.of(
        "metadata",
        Doc.of(
            "labels",
            Doc.of("app", "worker"),
            "annotations",
            Doc.of("rollout/schema", String.valueOf(schema))),
        "spec",
        Doc.of("containers", List.of(Map.of("name", "worker", "image", "worker:1"))));
  }

  @Test
  void contractRunsOnceAndIsAWallForWhatIsBelowIt() {
    afterTwo();
    Ending ending = driver.contract(wish(42));
    assertEnded(ending, Result.DONE);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("contracted: on the database of shop only versions built with migration 42")
        .contains("Traffic: all on shop, never moved");
    Doc container =
        scene
            .world()
            .find(JOB)
            .orElseThrow()
            .docs("spec", "template", "spec", "containers")
            .getFirst();
    assertThat(container.textList("command")).containsExactly("contract");
    Ending back = scene.operator().rollback(1);
    assertThat(back.error()).containsInstanceOf(RefusedError.class);
    assertThat(back.error().orElseThrow().getMessage())
        .contains("was built with migration 41")
        .contains("Revisions that can: 2, 3.");
    released(THIRD, 43);
  }

  @Test
  void planNamesTheRevisionsThatNobodyCanReturnToAnyMore() {
    afterTwo();
    driver.contract(wish(42));
    assertThat(driver.events("note"))
        .anyMatch(note -> note.message().equals("after it nobody can return to revision 0, 1"));
  }

  @Test
  void versionThatServesMustKnowTheFloor() {
    afterTwo();
    assertThat(refused(driver.contract(wish(43)))).contains("the floor 43 is above the newest");
    scene
        .world()
        .edit(
            Scene.DEPLOYMENT,
            doc -> doc.with("41", "spec", "template", "metadata", "annotations", "rollout/schema"));
    scene.world().pass(Duration.ofMinutes(1));
    assertThat(refused(driver.contract(wish(42))))
        .contains("Deployment shop has 3 replicas and was built with migration 41")
        .contains("after the contract only versions built with 42 or newer can run");
  }

  @Test
  void othersOnTheDatabaseAreAsked() {
    afterTwo();
    workload(
        Kind.DEPLOYMENT,
        "worker",
        Doc.of(
            "replicas",
            1,
            "selector",
            Doc.of("matchLabels", Doc.of("app", "worker")),
            "template",
            template(41)));
    workload(
        Kind.CRON_JOB,
        "report",
        Doc.of(
            "schedule",
            "@daily",
            "suspend",
            false,
            "jobTemplate",
            Doc.of("spec", Doc.of("template", template(0)))));
    String message = refused(driver.contract(wish(42, "worker", "report")));
    assertThat(message)
        .contains("Deployment worker has 1 replicas and was built with migration 41")
        .contains(
            "CronJob report is not suspended and does not say with which migration it was built");
    scene
        .world()
        .edit(
            new Ref(Kind.CRON_JOB, World.NAMESPACE, "report"),
            doc -> doc.with(true, "spec", "suspend"));
    scene
        .world()
        .edit(
            new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "worker"),
            doc -> doc.with(0, "spec", "replicas"));
    assertEnded(driver.contract(wish(42, "worker", "report")), Result.DONE);
  }

  @Test
  void whatRunsOnEveryNodeOrHasNotEndedIsBelowItToo() {
    afterTwo();
    workload(Kind.DAEMON_SET, "agent", Doc.of("template", template(41)));
    workload(Kind.STATEFUL_SET, "queue", Doc.of("replicas", 2, "template", template(41)));
    scene
        .world()
        .create(
            Kind.JOB,
            Manifests.job(World.NAMESPACE, "backfill", "registry.example/backfill:1", false));
    scene.world().behaviour("registry.example/backfill:1", Behaviour.good().runsOn());
    scene.world().pass(Duration.ofSeconds(10));
    assertThat(refused(driver.contract(wish(42, "agent", "queue", "backfill"))))
        .contains("DaemonSet agent runs on every node and was built with migration 41")
        .contains("StatefulSet queue has 2 replicas and was built with migration 41")
        .contains("Job backfill has not ended and does not say with which migration");
  }

  @Test
  void jobThatIsOverOrSuspendedIsNobody() {
    afterTwo();
    scene
        .world()
        .create(
            Kind.JOB,
            Manifests.job(World.NAMESPACE, "backfill", "registry.example/backfill:1", false));
    scene.world().pass(Duration.ofMinutes(1));
    scene
        .world()
        .create(
            Kind.JOB, Manifests.job(World.NAMESPACE, "later", "registry.example/backfill:1", true));
    assertEnded(driver.contract(wish(42, "backfill", "later")), Result.DONE);
  }

  @Test
  void copyThatWasKeptIsBelowIt() {
    afterTwo();
    scene
        .world()
        .create(
            Kind.DEPLOYMENT,
            Manifests.deployment(World.NAMESPACE, "shop-old", Map.of("app", "kept"), Scene.OLD, 1)
                .with("shop", "metadata", "labels", "rollout/target")
                .with("41", "spec", "template", "metadata", "annotations", "rollout/schema"));
    scene.world().pass(Duration.ofSeconds(20));
    assertThat(refused(driver.contract(wish(42))))
        .contains("Deployment shop-old has 1 replicas and was built with migration 41");
  }

  @Test
  void nameThatNobodyHasIsNoAnswer() {
    afterTwo();
    assertThat(refused(driver.contract(wish(42, "nobody"))))
        .contains("sharedBy names nobody, but there is no Deployment, StatefulSet, CronJob");
  }

  @Test
  void strategyWithoutAContractIsRefused() {
    afterTwo();
    assertThat(refused(driver.contract(new Wish().migration())))
        .contains("the strategy has no contract");
  }

  @Test
  void releaseThatIsNotOverIsWaitedFor() {
    afterTwo();
    Operator other = scene.operator();
    scene
        .world()
        .at(
            Duration.ofSeconds(20),
            () ->
                assertThat(driver.contract(wish(42)).error()).containsInstanceOf(HeldError.class));
    other.release(new Wish().image(THIRD).migration().schema(43, 0).bake(Duration.ofMinutes(1)));
    assertThat(driver.hasEnded()).isTrue();
  }

  @Test
  void contractThatFailsIsAWallAllTheSame() {
    afterTwo();
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(1, Duration.ofSeconds(1)));
    Ending ending = driver.contract(wish(42));
    assertEnded(ending, Result.ROLLED_BACK);
    assertThat(ending.outcome().orElseThrow().says())
        .contains("the contract failed with exit code 1");
    assertThat(scene.operator().rollback(1).error()).containsInstanceOf(RefusedError.class);
  }

  @Test
  void databaseThatIsDirtyIsNotContracted() {
    afterTwo();
    scene
        .world()
        .behaviour(
            Scene.MIGRATION,
            Behaviour.good().exits(0, Duration.ofSeconds(1)).log(List.of("42 (dirty)")));
    Wish dirty = new Wish().tool(Preset.GOLANG_MIGRATE).contract(42);
    assertThat(refused(driver.contract(dirty))).contains("migration 42 is dirty");
  }

  @Tag("long")
  @Test
  void whereverItIsKilledSomebodyEndsItAndTheJobRunsOnce() {
    afterTwo();
    long first = scene.world().journal().getLast().number();
    assertEnded(driver.contract(wish(42)), Result.DONE);
    long last = scene.world().journal().getLast().number();
    for (long call = first + 1; call <= last; call++) {
      for (boolean before : List.of(true, false)) {
        new ContractTests().killedAt(call, before);
      }
    }
  }

  private void killedAt(long number, boolean before) {
    afterTwo();
    int[] jobs = {0};
    scene.when(() -> !scene.podsOf(Scene.MIGRATION).isEmpty(), () -> jobs[0]++);
    scene
        .world()
        .faults(
            call ->
                call.number() != number
                    ? new Fault.None()
                    : before ? new Fault.CrashBefore() : new Fault.CrashAfter());
    String what = "killed at call " + number;
    assertThat(driver.contract(wish(42)).crash()).as(what).isTrue();
    scene.world().faults(Faults.NONE);
    scene.world().pass(Duration.ofSeconds(40));
    Ending ending = scene.operator().resume();
    boolean nothingRan =
        ending.outcome().filter(one -> one.says().contains("was never made")).isPresent();
    if (ending.error().isPresent() || nothingRan) {
      // It had not begun, or it was over: the same command does it, and once more does no harm.
      ending = scene.operator().contract(wish(42));
    }
    assertThat(ending.is(Result.DONE)).as(what + ": " + ending).isTrue();
    assertThat(scene.operator().rollback(1).error())
        .as(what)
        .containsInstanceOf(RefusedError.class);
  }
}
