package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.run.Rollouts.Driving;
import rollout.sim.Call;
import rollout.sim.Fault;
import rollout.sim.TrafficReport;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.simulated.Watch.Excuse;

/** Persons who say back, from another program or with Ctrl-C. */
@ExtendWith(Seeds.class)
class RollbackTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();

  private void assertPersonWins() {
    assertEnded(driver.ending(), Result.LOST);
    scene.afterwards().wentBack(person.ending());
  }

  @Test
  void rollbackBeforeTheSwitch() {
    scene.when("pinned", person::rollback);
    driver.release(new Wish());
    assertPersonWins();
    assertThat(scene.world().traffic().of(Scene.NEW)).isEqualTo(TrafficReport.Answers.NONE);
  }

  @Test
  void sigtermBringsTrafficBackAndEndsWithinTenSeconds() {
    Instant[] told = {Instant.MAX};
    scene.when(
        "switched",
        () -> {
          told[0] = scene.world().now().plusSeconds(5);
          scene.world().at(Duration.ofSeconds(5), driver::terminate);
        });
    scene.world().behaviour(Scene.NEW, rollout.sim.Behaviour.good().drain(Duration.ofSeconds(25)));
    Ending ending = driver.release(new Wish());
    assertEnded(ending, Result.ROLLED_BACK_PARTLY);
    assertThat(ending.outcome().orElseThrow().says()).contains("told to end", "rollback shop");
    assertThat(Duration.between(told[0], scene.world().now())).isLessThan(Duration.ofSeconds(10));
    scene.afterwards().onlyServes(Scene.OLD);
    scene.afterwards().wentBack(person.rollback());
  }

  @Test
  void sigtermThatLeavesTimeEnoughEndsCompletely() {
    scene.world().behaviour(Scene.NEW, rollout.sim.Behaviour.good().drain(Duration.ZERO));
    scene.when("pinned", driver::terminate);
    scene.afterwards().wentBack(driver.release(new Wish()));
  }

  @Test
  void rollbackWhileItIsHeld() {
    scene.world().at(Duration.ofMinutes(1), person::rollback);
    driver.release(new Wish().hold());
    assertPersonWins();
  }

  @Test
  void rollbackInTheBakeWritesTrafficFirstAndAtOnce() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(20), person::rollback));
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    assertPersonWins();
    assertThat(
            scene.world().journal().stream()
                .filter(call -> call.program() == 2 && call.write())
                .findFirst()
                .orElseThrow()
                .target())
        .isEqualTo("Service shop");
    Doc times = person.events(Event.ROLLBACK).getFirst().fields();
    assertThat(Instant.parse(times.textOrEmpty("writtenAt")))
        .isBefore(Instant.parse(times.textOrEmpty("detectedAt")).plusMillis(500));
  }

  @Test
  void rollbackWhileStableTakesTheNewVersionOver() {
    scene.when(
        () -> scene.phase().equals("settle") && !scene.image().equals(Scene.OLD), person::rollback);
    driver.release(new Wish());
    assertPersonWins();
  }

  @Test
  void rollbackWhileHalfOfStableIsReplaced() {
    scene.when(
        () ->
            scene.phase().equals("settle")
                && scene.deployment().doc().number(0, "status", "updatedReplicas") == 2,
        person::rollback);
    driver.release(new Wish());
    assertPersonWins();
  }

  @Test
  void rollbackAsSoonAsItSettles() {
    scene.when("settle", person::rollback);
    driver.release(new Wish());
    assertPersonWins();
  }

  @Test
  void rollbackWhenItIsSettledFinishesAndReturns() {
    scene.when("settled", person::rollback);
    driver.release(new Wish());
    assertEnded(driver.ending(), Result.LOST);
    assertEnded(person.ending(), Result.RETURNED);
    scene.afterwards().asItWas();
  }

  @Test
  void rollbackWhileStableIsShortOfReplicasGoesBackAllTheSame() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    scene.when(
        "switched",
        () -> {
          scene.world().mishaps().unready(scene.podsOf(Scene.OLD).getFirst().name());
          scene.world().at(Duration.ofSeconds(5), person::rollback);
        });
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    assertPersonWins();
  }

  @Test
  void rollbackHoldsWhileStableHasNoReadyPodAndSwitchesAtTheFirst() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    scene.when(
        "switched",
        () -> {
          scene.podsOf(Scene.OLD).forEach(pod -> scene.world().mishaps().unready(pod.name()));
          scene.world().at(Duration.ofSeconds(5), person::rollback);
          scene.world().at(Duration.ofSeconds(50), this::oneIsReadyAgain);
        });
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    assertEnded(driver.ending(), Result.LOST);
    assertEnded(person.ending(), Result.ROLLED_BACK);
    assertThat(person.events(Event.NOTE))
        .anySatisfy(event -> assertThat(event.message()).contains("stable has no ready pod"));
    scene.afterwards().asItWas();
  }

  private void oneIsReadyAgain() {
    assertThat(scene.serving("shop")).containsOnly(Scene.NEW);
    scene.world().mishaps().readyAgain(scene.podsOf(Scene.OLD).getFirst().name());
  }

  @Test
  void rollbackScalesStableUpWhenSomebodyHasTakenItsPods() {
    scene.watch().excuse(Excuse.STABLE_FAILS);
    scene.when(
        "switched",
        () -> {
          scene.scale("shop", 0);
          scene.world().at(Duration.ofSeconds(20), person::rollback);
        });
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    assertPersonWins();
  }

  @Tag("long")
  @Test
  void rollbackAtEveryCallOfARelease() {
    long calls = callsOfARelease();
    for (long n = 1; n <= calls; n += 1 + n % 3) {
      rollbackAtCall(n);
    }
  }

  private static long callsOfARelease() {
    Scene plain = new Scene(Seeds.one());
    Operator first = plain.operator();
    plain.operator(); // draws from the same dice as the person of the other scenes
    Afterwards.assertEnded(first.release(new Wish().migration()), Result.DONE);
    return plain.world().journal().size();
  }

  private static void rollbackAtCall(long number) {
    Scene other = new Scene(Seeds.one());
    Operator first = other.operator();
    Operator second = other.operator();
    other
        .world()
        .faults(
            call ->
                call.number() == number ? new Fault.Meanwhile(second::rollback) : new Fault.None());
    first.release(new Wish().migration());
    Call frozen = other.world().journal().get((int) number - 1);
    String what = "rollback at call " + frozen;
    try {
      inert(other, frozen);
      if (second.ending().error().isPresent()) {
        // Nothing had begun, or nothing was left to do.
        assertThat(first.ending().word()).isIn("DONE", "HeldError");
        other.afterwards().quiet();
      } else if (second.ending().is(Result.RETURNED)) {
        assertThat(first.ending().word()).isIn("LOST", "DONE");
        other.afterwards().asItWas();
      } else {
        assertEnded(first.ending(), Result.LOST);
        other.afterwards().wentBack(second.ending());
      }
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }

  /**
   * A create that was on its way when the rollback ended is done all the same, and harms nobody.
   */
  private static void inert(Scene other, Call frozen) {
    for (String name : List.of("shop-r1", "shop-r1-fresh")) {
      Ref copy = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, name);
      boolean made = other.world().find(copy).isPresent(); // not by the preflight's dry run
      if (frozen.verb().equals("create") && frozen.target().equals("Deployment " + name) && made) {
        assertThat(other.deployment(name).replicas()).isZero();
        other.world().delete(copy);
        other.world().pass(Duration.ofSeconds(1));
      }
    }
  }

  @Test
  void interruptBeforeTheSwitchGoesBack() {
    scene.when("pinned", driver::interrupt);
    scene.afterwards().wentBack(driver.release(new Wish()));
  }

  @Test
  void interruptInTheBakeGoesBack() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(15), driver::interrupt));
    scene.afterwards().wentBack(driver.release(new Wish()));
  }

  @Test
  void interruptWhileSettlingStaysOnTheNewVersionUnsettledAndResumeFinishesIt() {
    scene.when("settle", driver::interrupt);
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.afterwards().onlyServes(Scene.NEW);
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().released(person.resume(), Scene.NEW);
  }

  @Test
  void interruptThatLeavesItOpenCanBeResumed() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(15), driver::interrupt));
    Ending left = driver.release(new Wish(), new Driving(true, false));
    assertEnded(left, Result.INTERRUPTED);
    assertThat(left.outcome().orElseThrow().says())
        .contains("rollout resume shop", "rollout rollback shop");
    scene.afterwards().released(person.resume(), Scene.NEW);
  }

  @Test
  void rollbackWhoseDriverDiedIsResumedBackwards() {
    scene.when("back", driver::kill);
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(15), driver::interrupt));
    driver.release(new Wish());
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().wentBack(person.resume());
  }

  @Test
  void promoteAndResumeOfWhatWasNeverReleasedSaySo() {
    String never = "nothing was ever released on Service shop";
    assertThat(person.promote(false).error().orElseThrow()).hasMessageContaining(never);
    assertThat(person.resume().error().orElseThrow()).hasMessageContaining(never);
  }

  @Test
  void resumeWithNothingInProgressIsRefused() {
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(person.resume().error().orElseThrow())
        .hasMessageContaining("no release of shop is in progress");
  }

  @Test
  void interruptThatLeavesItOpenCanBeRolledBackLater() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(15), driver::interrupt));
    Ending left = driver.release(new Wish(), new Driving(true, false));
    assertEnded(left, Result.INTERRUPTED);
    scene.afterwards().onlyServes(Scene.NEW);
    scene.afterwards().wentBack(person.rollback());
  }

  @Test
  void releaseThatReturnsAtItsGateIsFinishedByAPromotion() {
    Ending waits = driver.release(new Wish().hold(), new Driving(false, true));
    assertEnded(waits, Result.WAITING);
    scene.afterwards().onlyServes(Scene.OLD);
    scene.afterwards().released(person.promote(false), Scene.NEW);
  }

  @Tag("long")
  @Test
  void driverKilledAtAnyCallLeavesWhatARollbackCanFinish() {
    long calls = callsOfARelease();
    for (long n = 1; n <= calls; n += 1 + n % 3) {
      killedAtCall(n, n % 2 == 0);
    }
  }

  private static void killedAtCall(long number, boolean before) {
    Scene other = new Scene(Seeds.one());
    Operator first = other.operator();
    Operator second = other.operator();
    other
        .world()
        .faults(
            call ->
                call.number() != number
                    ? new Fault.None()
                    : before ? new Fault.CrashBefore() : new Fault.CrashAfter());
    first.release(new Wish().migration());
    assertThat(first.ending().crash()).isTrue();
    other.world().pass(Duration.ofSeconds(40));
    Ending ending = second.rollback();
    String what = "killed at call " + other.world().journal().get((int) number - 1);
    try {
      if (ending.error().isPresent()) {
        // Killed before anything began, or after all was over.
        other.afterwards().quiet();
        assertThat(other.image()).isEqualTo(other.serving("shop").getFirst());
      } else {
        assertThat(ending.word()).isIn("ROLLED_BACK", "RETURNED");
        other.afterwards().asItWas();
      }
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
  }
}
