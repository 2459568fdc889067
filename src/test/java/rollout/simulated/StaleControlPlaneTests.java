package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.World;

/**
 * Slices that show what was wished and then what was before, since another replica of the control
 * plane takes over with an older cache: no pod may end because they were right once.
 */
@ExtendWith(Seeds.class)
class StaleControlPlaneTests {
  /** After the slices have shown it for the first time, before they are looked at again. */
  private static final Duration BETWEEN_THE_LOOKS = Duration.ofMillis(100);

  private static final Ref CANDIDATE = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-r1");

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();

  private static void newLeader(Scene scene, Duration behind, Duration lasts) {
    scene
        .world()
        .at(BETWEEN_THE_LOOKS, () -> scene.world().controlPlane().newLeader(behind, lasts));
  }

  @Test
  void wayBackEndsNoPodThatOldSlicesSendTo() {
    wayBack(Decider::decide);
  }

  /** A person's rollback in the bake, by a program that thinks like this. */
  static void wayBack(BiFunction<RolloutState, Observation, Decision> mind) {
    Scene scene = new Scene(Seeds.one()).deciding(mind);
    Operator driver = scene.operator();
    Operator person = scene.operator();
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(20), person::rollback));
    scene.when(
        () -> Stamp.in(scene.service().state()).way() == Way.BACK,
        () -> newLeader(scene, Duration.ofSeconds(10), Duration.ofSeconds(10)));
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    scene.afterwards().wentBack(person.ending());
  }

  /** The candidate as a driver makes it that is killed right before it has one. */
  private static Doc candidateOfAKilledOne(Scene scene, Operator driver) {
    Scene twin = new Scene(Seeds.one());
    Operator other = twin.operator();
    twin.when(() -> twin.world().find(CANDIDATE).isPresent(), other::kill);
    other.release(new Wish());
    scene
        .world()
        .faults(
            call ->
                call.write() && call.target().equals(CANDIDATE.toString())
                    ? new Fault.CrashBefore()
                    : new Fault.None());
    assertThat(driver.release(new Wish()).crash()).isTrue();
    scene.world().faults(Faults.NONE);
    Doc made = twin.deployment(CANDIDATE.name()).doc();
    return Doc.EMPTY
        .with(CANDIDATE.name(), "metadata", "name")
        .with(World.NAMESPACE, "metadata", "namespace")
        .with(made.doc("metadata", "labels"), "metadata", "labels")
        .with(made.doc("metadata", "annotations"), "metadata", "annotations")
        .with(made.doc("spec"), "spec");
  }

  /** A create that was under way arrives, and no watch tells of it yet. */
  @Test
  void candidateThatArrivesLateIsFoundByAFreshList() {
    Doc late = candidateOfAKilledOne(scene, driver);
    boolean[] arrives = {true};
    scene
        .world()
        .faults(
            call -> {
              if (call.write() && !person.events(Event.ROLLBACK).isEmpty() && arrives[0]) {
                arrives[0] = false;
                scene.world().watchesStall(Duration.ofSeconds(10));
                scene.world().create(Kind.DEPLOYMENT, late);
              }
              return new Fault.None();
            });
    scene.afterwards().wentBack(person.rollback());
    assertThat(arrives[0]).as("it came in the midst").isFalse();
  }

  @Test
  void copyStaysUntilTheSlicesSendToStableForGood() {
    scene.when("settled", () -> newLeader(scene, Duration.ofSeconds(5), Duration.ofSeconds(20)));
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
  }

  @Test
  void switchIsDoneWhenTheSlicesShowItForGood() {
    scene.when("switched", () -> newLeader(scene, Duration.ofSeconds(5), Duration.ofSeconds(10)));
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
  }

  @Test
  void slicesThatFollowLateOnlyTakeLonger() {
    scene.world().controlPlane().late(Duration.ofSeconds(5));
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
  }

  @Test
  void slicesThatFollowLateOnTheWayBackOnlyTakeLonger() {
    scene.world().controlPlane().late(Duration.ofSeconds(5));
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(20), person::rollback));
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    scene.afterwards().wentBack(person.ending());
  }

  /**
   * Who does not settle leaves the Service with its own selector, which takes the copy in again.
   */
  @Test
  void copyKeepsItsPodsUntilAServiceThatWasLeftUnsettledSendsToStableAlone() {
    scene.world().controlPlane().late(Duration.ofSeconds(3));
    scene.when("settled", () -> scene.world().at(Duration.ofSeconds(10), driver::interrupt));
    assertEnded(driver.release(new Wish()), Result.NOT_SETTLED);
    scene.afterwards().released(person.resume(), Scene.NEW);
  }

  /**
   * The pause may come too late: a ReplicaSet that wants none has a pod that is still ready. One in
   * thousands of worlds has just these delays.
   */
  @Test
  void rollbackWhileSettlingGivesNoTrafficToPodsThatAreToGo() {
    Scene rare = new Scene(90, 1, world -> {});
    Operator first = rare.operator();
    Operator second = rare.operator();
    rare.world().controlPlane().late(Duration.ofSeconds(3));
    rare.when("settle", () -> rare.world().at(Duration.ofMillis(2_500), second::rollback));
    first.release(new Wish());
    rare.afterwards().wentBack(second.ending());
  }

  @Test
  void watchesThatTellOldThingsWhileReadingTellsNewOnesChangeNothing() {
    for (String phase : new String[] {"pinned", "switched", "settle", "settled"}) {
      scene.when(phase, () -> scene.world().watchesStall(Duration.ofSeconds(20)));
    }
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
  }
}
