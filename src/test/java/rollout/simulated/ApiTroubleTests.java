package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.RefusedError;
import rollout.port.ClusterException;
import rollout.sim.Behaviour;
import rollout.sim.Fault;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** An API server in trouble. */
@ExtendWith(Seeds.class)
class ApiTroubleTests {

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private static Wish wish() {
    return new Wish().migration().smoke();
  }

  @Test
  void everyWriteRefusedOnceAsStaleOnlyTakesLonger() {
    Map<String, Integer> tries = new HashMap<>();
    scene
        .world()
        .faults(
            call ->
                // Refused before it has begun, the release is somebody else's.
                call.write()
                        && !scene.deployment().claim().isEmpty()
                        && tries.merge(call.verb() + " " + call.target(), 1, Integer::sum) % 2 == 1
                    ? new Fault.Refuse(new ClusterException.Conflict("object has been modified"))
                    : new Fault.None());
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(tries).containsKeys("patch Service shop", "patch Deployment shop-r1");
  }

  /** Whatever is read is refused so often, each by its own count; how often it was asked for. */
  private Map<String, Integer> refusingToBeRead(int times, ClusterException why) {
    Map<String, Integer> tries = new HashMap<>();
    scene
        .world()
        .faults(
            call ->
                !call.write()
                        && tries.merge(call.verb() + " " + call.target(), 1, Integer::sum) <= times
                    ? new Fault.Refuse(why)
                    : new Fault.None());
    return tries;
  }

  @Test
  void questionBeforehandIsAskedThreeTimesAndNoMore() {
    Map<String, Integer> tries =
        refusingToBeRead(2, new ClusterException.Busy("too many", Duration.ZERO));
    Instant begun = scene.world().now();
    assertEnded(driver.release(new Wish().image(Scene.OLD)), Result.UNCHANGED);
    Duration paused = Duration.ofMillis(500L * 2 * tries.size());
    assertThat(scene.world().now()).as("with pauses").isAfterOrEqualTo(begun.plus(paused));

    refusingToBeRead(3, new ClusterException.Unknown("no answer", null));
    assertThat(driver.release(new Wish().image(Scene.OLD)).error())
        .containsInstanceOf(ClusterException.Unknown.class);
  }

  @Tag("long")
  @Test
  void answerLostOfAnyWriteChangesNothing() {
    long writes = writes();
    for (long n = 1; n <= writes; n++) {
      faultAtWrite(n, new Fault.LoseAnswer());
    }
  }

  @Tag("long")
  @Test
  void anyWriteRefusedOnceChangesNothing() {
    long writes = writes();
    for (long n = 1; n <= writes; n++) {
      faultAtWrite(
          n, new Fault.Refuse(new ClusterException.Busy("too many", Duration.ofSeconds(2))));
    }
  }

  @Tag("long")
  @Test
  void anyWriteThatNeverArrivesChangesNothing() {
    long writes = writes();
    for (long n = 1; n <= writes; n++) {
      faultAtWrite(n, new Fault.Refuse(new ClusterException.Unknown("timeout", null)));
    }
  }

  private static long writes() {
    Scene plain = new Scene(Seeds.one());
    assertEnded(plain.operator().release(wish()), Result.DONE);
    return plain.world().journal().stream().filter(call -> call.write()).count();
  }

  private static void faultAtWrite(long number, Fault fault) {
    Scene other = new Scene(Seeds.one());
    long[] count = {0};
    String[] what = {""};
    other
        .world()
        .faults(
            call -> {
              boolean now = call.write() && ++count[0] == number;
              what[0] = now ? fault.getClass().getSimpleName() + " at " + call : what[0];
              return now ? fault : new Fault.None();
            });
    try {
      Ending ending = other.operator().release(wish());
      if (ending.error().isPresent()) {
        // Before anything was changed: the same again must work, a while later.
        other.world().pass(Duration.ofSeconds(20));
        ending = other.operator().release(wish());
      }
      other.afterwards().released(ending, Scene.NEW);
    } catch (AssertionError e) {
      throw new AssertionError(what[0] + ": " + e.getMessage(), e);
    }
  }

  @Test
  void brokenWatchesMakeItReadInstead() {
    scene.when("pinned", () -> scene.world().watches(false));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void watchesThatBreakAndComeBackChangeNothing() {
    for (int i = 0; i < 10; i++) {
      scene.world().at(Duration.ofSeconds(5 + 10 * i), () -> scene.world().watches(false));
      scene.world().at(Duration.ofSeconds(10 + 10 * i), () -> scene.world().watches(true));
    }
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void lateWatchesChangeNothing() {
    scene.world().watchDelay(Duration.ofSeconds(2));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void badVersionGoesBackWithLateWatches() {
    scene.world().watchDelay(Duration.ofSeconds(2));
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(1));
    scene.afterwards().wentBack(driver.release(wish().errorRate().bake(Duration.ofMinutes(2))));
  }

  @Test
  void serverThatIsAwayForAMinuteInTheBakeIsWaitedFor() {
    scene.when(
        "switched",
        () -> {
          scene.world().watches(false);
          scene
              .world()
              .faults(call -> new Fault.Refuse(new ClusterException.Unknown("refused", null)));
          scene
              .world()
              .at(
                  Duration.ofMinutes(1),
                  () -> {
                    scene.world().faults(rollout.sim.Faults.NONE);
                    scene.world().watches(true);
                  });
        });
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void serverThatStaysAwayIsGivenUpAndSomebodyRollsBackLater() {
    scene.when(
        "switched",
        () -> {
          scene.world().watches(false);
          scene
              .world()
              .faults(call -> new Fault.Refuse(new ClusterException.Unknown("refused", null)));
        });
    assertEnded(driver.release(wish().bake(Duration.ofMinutes(30))), Result.UNREACHABLE);
    scene.world().faults(rollout.sim.Faults.NONE);
    scene.world().watches(true);
    scene.afterwards().wentBack(scene.operator().rollback());
  }

  @Test
  void permissionThatIsMissingIsSaidBeforeAnyWrite() {
    scene.world().forbid("patch", "services");
    Ending ending = driver.release(wish());
    assertThat(ending.error().orElseThrow()).hasMessageContaining("patch services");
    assertThat(scene.world().journal()).noneMatch(call -> call.write());
  }

  @Test
  void secretAmongTheManifestsNeedsNoRightOnSecretsToBeNamed() {
    scene.world().forbid("get", "secrets");
    Doc secret =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "Secret",
            "metadata",
            Doc.of("name", "shop", "namespace", World.NAMESPACE));
    Doc deployment =
        Manifests.deployment(World.NAMESPACE, "shop", Map.of("app", "shop"), Scene.NEW, Scene.SIZE);
    Ending ending = scene.operator().release(new Wish().manifests(deployment, secret));
    assertThat(ending.error()).containsInstanceOf(RefusedError.class);
    assertThat(ending.error().orElseThrow().getMessage())
        .contains("shop.yaml:41: no permission to read Secret/shop")
        .contains("Leave it out of what is given with -f");
    Doc hook = secret.with("pre-upgrade", "metadata", "annotations", "helm.sh/hook");
    assertEnded(scene.operator().release(new Wish().manifests(deployment, hook)), Result.DONE);
  }

  @Test
  void permissionToSwitchThatIsTakenAwayInTheMidstEndsPartlyAndIsFinishedLater() {
    scene.when("pinned", () -> scene.world().forbid("patch", "services"));
    Ending ending = driver.release(wish());
    assertThat(ending.word()).isIn("ROLLED_BACK_PARTLY", "UNREACHABLE");
    scene.afterwards().onlyServes(Scene.OLD);
    scene.world().allow("patch", "services");
    scene.afterwards().wentBack(scene.operator().rollback());
  }

  @Test
  void permissionToScaleThatIsTakenAwayInTheMidstIsGivenBackLater() {
    scene.when("pinned", () -> scene.world().forbid("patch", "deployments"));
    Ending ending = driver.release(wish());
    assertThat(ending.word()).isIn("ROLLED_BACK_PARTLY", "UNREACHABLE");
    scene.afterwards().onlyServes(Scene.OLD);
    scene.world().allow("patch", "deployments");
    scene.afterwards().wentBack(scene.operator().rollback());
  }

  @Test
  void permissionThatIsTakenAwayWhileItSettlesEndsAndIsFinishedLater() {
    scene.when("settle", () -> scene.world().forbid("patch", "services"));
    Ending ending = driver.release(wish());
    assertThat(ending.word()).isIn("NOT_SETTLED", "UNREACHABLE");
    scene.afterwards().onlyServes(Scene.NEW);
    scene.world().allow("patch", "services");
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }

  @Test
  void journalThatCannotBeWrittenDoesNotStopAWayBack() {
    Operator person = scene.operator();
    scene.when(
        "switched",
        () -> {
          scene.world().forbid("patch", "configmaps");
          scene.world().at(Duration.ofSeconds(10), person::rollback);
          scene
              .world()
              .at(Duration.ofSeconds(35), () -> scene.world().allow("patch", "configmaps"));
        });
    driver.release(wish().bake(Duration.ofMinutes(5)));
    assertEnded(driver.ending(), Result.LOST);
    scene.afterwards().wentBack(person.ending());
  }

  @Test
  void afterASleepJournalAndLeaseAreReadBeforeTheNextWrite() {
    int[] before = {0};
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(5),
                    () -> {
                      before[0] = scene.world().journal().size();
                      scene.world().clockJumps(Duration.ofMinutes(1));
                    }));
    scene.afterwards().released(driver.release(new Wish().bake(Duration.ofMinutes(5))), Scene.NEW);
    assertThat(scene.world().journal().stream().skip(before[0]).takeWhile(call -> !call.write()))
        .extracting(call -> call.verb() + " " + call.target())
        .contains("get ConfigMap rollout-shop", "get Lease rollout-shop");
  }

  @Test
  void clockThatJumpsChangesNothing() {
    scene.when("switched", () -> scene.world().clockJumps(Duration.ofHours(3)));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }
}
