package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.plan.ToolJob;
import rollout.port.ClusterException;
import rollout.run.DriverOrder;
import rollout.run.JobEnd;
import rollout.sim.Behaviour;
import rollout.sim.Fault;
import rollout.sim.World;

/** A release that runs as a Job, seen by who has asked for it. */
@ExtendWith(Seeds.class)
class DriverRunTests {
  private static final String TOOL = "registry.example/rollout:1";
  private static final Ref JOB = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-driver");
  private static final String BAKES =
      "{'time':'t','seq':7,'type':'note','phase':'bake','message':'baking','revision':4}"
          .replace('\'', '"');
  private static final String DONE =
      "{'type':'result','phase':'done','message':'done: all on shop','exitCode':0,'outcome':'done'}"
          .replace('\'', '"');

  private final Scene scene = new Scene(Seeds.one());
  private final Operator person = scene.operator();

  private static DriverOrder order() {
    ToolJob job = new ToolJob(TOOL, "rollout", List.of("bluegreen", "shop"), Map.of());
    Map<String, String> files = Map.of("deploy/shop.yaml", "kind: Deployment\n");
    return new DriverOrder("shop", "", job, files, Optional.of("rollout-notify"));
  }

  @BeforeEach
  void goodTool() {
    tool(Behaviour.good().log(List.of("NOTE: a runtime's word", BAKES, DONE)), 0);
  }

  private void tool(Behaviour behaviour, int code) {
    scene.world().behaviour(TOOL, behaviour.exits(code, Duration.ofSeconds(30)));
  }

  private void assertCannotBegin(String why) {
    assertThatThrownBy(() -> person.inCluster(order()))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("the Job that would drive cannot begin: ")
        .hasMessageContaining(why);
    scene.world().pass(Duration.ofMinutes(1));
    assertThat(scene.world().find(JOB)).isEmpty();
  }

  @Test
  void whatItsPodTellsIsToldHereAndItsCodeReturned() {
    JobEnd end = person.inCluster(order());

    assertThat(end.exitCode()).isZero();
    assertThat(end.message()).isEqualTo("done: all on shop");
    assertThat(end.fields().textOrEmpty("outcome")).isEqualTo("done");
    assertThat(person.events().getFirst().message())
        .isEqualTo("Job rollout-shop-driver drives; this command follows it");
    assertThat(person.events())
        .anySatisfy(
            event -> {
              assertThat(event.message()).isEqualTo("baking");
              assertThat(event.fields().number(0, "revision")).isEqualTo(4);
              assertThat(event.fields().has("seq")).isFalse();
            });
    assertThat(person.events("result")).as("told by who returns the code").isEmpty();
  }

  @Test
  void filesComeBeforeItsPodAndGoWithIt() {
    person.inCluster(order());

    List<Doc> maps =
        scene.world().list(Query.all(Kind.CONFIG_MAP, World.NAMESPACE)).stream()
            .filter(one -> one.textOrEmpty("metadata", "name").startsWith("rollout-shop.files-"))
            .toList();
    assertThat(maps).hasSize(1);
    assertThat(maps.getFirst().texts("data")).containsEntry("file-1", "kind: Deployment\n");
    assertThat(maps.getFirst().docs("metadata", "ownerReferences").getFirst().textOrEmpty("uid"))
        .isEqualTo(scene.world().find(JOB).orElseThrow().textOrEmpty("metadata", "uid"));
  }

  @Test
  void jobOfAnEarlierReleaseMakesRoom() {
    person.inCluster(order());
    String first = scene.world().find(JOB).orElseThrow().textOrEmpty("metadata", "uid");

    assertThat(scene.operator().inCluster(order()).exitCode()).isZero();

    assertThat(scene.world().find(JOB).orElseThrow().textOrEmpty("metadata", "uid"))
        .isNotEqualTo(first);
  }

  @Test
  void jobThatRunsHolds() {
    Operator other = scene.operator();
    scene
        .world()
        .at(
            Duration.ofSeconds(10),
            () ->
                assertThatThrownBy(() -> other.inCluster(order()))
                    .isInstanceOf(HeldError.class)
                    .hasMessageContaining("is being released by Job rollout-shop-driver"));
    assertThat(person.inCluster(order()).exitCode()).isZero();
  }

  @Test
  void jobOfSomebodyElseStays() {
    scene
        .world()
        .create(
            Kind.JOB,
            Doc.of(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "metadata",
                Doc.of("name", JOB.name(), "namespace", World.NAMESPACE),
                "spec",
                Doc.of(
                    "suspend",
                    true,
                    "template",
                    Doc.of(
                        "spec",
                        Doc.of(
                            "restartPolicy",
                            "Never",
                            "containers",
                            List.of(Doc.of("name", "x", "image", TOOL)))))));

    assertThatThrownBy(() -> person.inCluster(order()))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("that is not rollout's");
    assertThat(scene.world().find(JOB)).isPresent();
  }

  @Test
  void imageThatCannotBePulledEndsItWithNothingLeft() {
    scene.world().behaviour(TOOL, Behaviour.good().cannotPull());

    assertCannotBegin("Pull");
  }

  @Test
  void serverThatGivesNoAnswerAtFirstIsAskedAgain() {
    ClusterException none = new ClusterException.Unknown("no answer in 5000 ms", null);
    AtomicInteger calls = new AtomicInteger();
    scene
        .world()
        .faults(call -> calls.incrementAndGet() <= 2 ? new Fault.Refuse(none) : new Fault.None());

    assertThat(person.inCluster(order()).exitCode()).isZero();
  }

  @Test
  void secretThatIsNotThereIsNamedAndEndsItWithNothingLeft() {
    scene.world().behaviour(TOOL, Behaviour.good().cannotStart("ContainerCreating"));
    scene.when(
        () -> !scene.podsOf(TOOL).isEmpty(),
        () ->
            scene.cannotMount(
                scene.podsOf(TOOL).getFirst(), "secret \"rollout-notify\" not found"));

    assertCannotBegin("cannot begin: FailedMount (secret \"rollout-notify\" not found)");
  }

  @Test
  void quotaWithoutRoomEndsItWithNothingLeft() {
    scene.noMorePods();

    assertCannotBegin("exceeded quota");
  }

  @Test
  void jobThatEndsWithoutAWordSaysWhereToLook() {
    tool(Behaviour.good().log(List.of("Error: Could not find or load main class")), 1);

    JobEnd end = person.inCluster(order());

    assertThat(end.exitCode()).isEqualTo(1);
    assertThat(end.message())
        .contains("has ended without a word", "rollout status shop")
        .doesNotContain("it ended");
  }

  @Test
  void roomForNoPodEndsItAfterAWhile() {
    scene.world().behaviour(TOOL, Behaviour.good().unschedulable());

    assertThatThrownBy(() -> person.inCluster(order()))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("no pod of it has started in 5 minutes");
  }

  @Test
  void whoStopsToFollowLeavesItRunning() {
    scene.world().at(Duration.ofSeconds(12), person::interrupt);

    JobEnd end = person.inCluster(order());

    assertThat(end.detached()).isTrue();
    assertThat(end.message()).contains("goes on in the cluster", "rollout status shop --watch");
    assertThat(scene.world().find(JOB)).isPresent();
  }

  @Test
  void jobThatIsDeletedUnderWayIsSaidToBeGone() {
    scene
        .world()
        .at(
            Duration.ofSeconds(12),
            () -> {
              scene.world().patch(JOB, Patch.none().put(List.of(), "metadata", "finalizers"));
              scene.world().delete(JOB);
            });

    JobEnd end = person.inCluster(order());

    assertThat(end.detached()).isFalse();
    assertThat(end.exitCode()).isNotZero();
  }
}
