package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** A small Job that goes on when the driver of a release dies. */
@ExtendWith(Seeds.class)
class GuardTests {
  private static final Duration AT_MOST = Duration.ofSeconds(17);
  private static final String TOOL = "registry.example/rollout:1";
  private static final Ref JOB = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-driver");

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator guard = scene.operator();
  private Instant acted = Instant.EPOCH;

  private void killedAt(String phase) {
    scene.when(phase, driver::kill);
    driver.release(new Wish());
    scene.when(this::hasActed, () -> acted = scene.world().now());
  }

  private boolean hasActed() {
    return guard.events().stream().anyMatch(event -> event.message().contains("is gone"));
  }

  private Ending guarded(OnLostDriver onLost) {
    return guard.guard(Optional.of(onLost), "");
  }

  @Test
  void driverThatDiesBeforeTheSwitchLeavesAGuardThatGoesBackInTime() {
    killedAt("pinned");
    Instant killed = scene.world().now();

    Ending ending = guard.guard(Optional.empty(), "");

    scene.afterwards().wentBack(ending);
    assertThat(acted).isBetween(killed, killed.plus(AT_MOST));
    assertThat(ending.outcome().orElseThrow().says()).contains("its driver was gone");
  }

  @Test
  void driverThatDiesAfterTheSwitchLeavesAGuardThatGoesOnInTime() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(5), driver::kill));
    driver.release(new Wish().bake(Duration.ofMinutes(1)));
    scene.when(this::hasActed, () -> acted = scene.world().now());
    Instant killed = scene.world().now();

    Ending ending = guard.guard(Optional.empty(), "");

    assertThat(acted).isBetween(killed, killed.plus(AT_MOST));
    scene.afterwards().released(ending, Scene.NEW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"settle", "settled"})
  void settlingIsFinishedWhateverTheGuardWasTold(String phase) {
    killedAt(phase);
    Ending ending = guarded(phase.equals("settled") ? OnLostDriver.ROLLBACK : OnLostDriver.RESUME);
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void guardThatWasToldToGoOnGoesOnBeforeTheSwitchToo() {
    killedAt("pinned");
    scene.afterwards().released(guarded(OnLostDriver.RESUME), Scene.NEW);
  }

  @Test
  void guardThatWasToldToGoBackGoesBackFromTheBakeToo() {
    killedAt("switched");
    scene.afterwards().wentBack(guarded(OnLostDriver.ROLLBACK));
  }

  @ParameterizedTest
  @EnumSource(value = OnLostDriver.class, mode = EnumSource.Mode.EXCLUDE, names = "HOLD")
  void wayBackNeverTurns(OnLostDriver onLost) {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.4));
    scene.when(() -> scene.service().state().textOrEmpty("way").equals("back"), driver::kill);
    driver.release(new Wish().errorRate());

    scene.afterwards().wentBack(guarded(onLost));
  }

  @Test
  void guardThatHoldsSaysSoOnceAndEndsWithTheRelease() {
    killedAt("switched");
    Operator person = scene.operator();
    scene.world().at(Duration.ofMinutes(2), person::resume);

    Ending ending = guarded(OnLostDriver.HOLD);

    assertEnded(ending, Result.ACCEPTED);
    assertThat(guard.events())
        .filteredOn(event -> event.message().contains("was told to hold"))
        .hasSize(1);
    assertThat(guard.events()).noneMatch(event -> event.type().equals("write"));
    scene.afterwards().released(person.ending(), Scene.NEW);
  }

  @Test
  void driverThatLeavesOnPurposeIsNotLost() {
    scene.when("switched", driver::terminate);
    assertEnded(driver.release(new Wish(), new Driving(true, false)), Result.TERMINATED);
    Operator person = scene.operator();
    scene.world().at(Duration.ofMinutes(3), person::resume);

    assertEnded(guard.guard(Optional.empty(), ""), Result.ACCEPTED);

    assertThat(guard.events()).noneMatch(event -> event.message().contains("is gone"));
    scene.afterwards().released(person.ending(), Scene.NEW);
  }

  @Test
  void credentialThatEndsBeforeTheReleaseIsSaidBeforeItBegins() {
    Instant end = scene.world().now().plus(Duration.ofMinutes(3));
    driver.knownUntil(end);
    driver.release(new Wish().bake(Duration.ofMinutes(5)));
    assertThat(driver.events())
        .filteredOn(event -> event.message().contains("the credential of this command ends at"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.message())
                    .contains(end.toString(), "takes 5m at least", "--in-cluster or --guard"));
  }

  @Test
  void nobodyToGuardEndsAfterAWhile() {
    Instant begun = scene.world().now();
    assertEnded(guard.guard(Optional.empty(), ""), Result.ACCEPTED);
    assertThat(scene.world().now())
        .isBetween(begun.plus(Duration.ofMinutes(5)), begun.plus(Duration.ofMinutes(6)));
  }

  @Test
  void jobThatLivesIsGivenAMinuteForItsNextPod() {
    scene.world().behaviour(TOOL, Behaviour.good().runsOn());
    scene.world().create(Kind.JOB, job());
    killedAt("pinned");
    Instant killed = scene.world().now();

    scene.afterwards().but(JOB).wentBack(guard.guard(Optional.empty(), uid()));

    // The last sign of life is five seconds older at most.
    assertThat(acted).isBetween(killed.plusSeconds(50), killed.plusSeconds(67));
  }

  @Test
  void jobThatHasFailedIsNotWaitedFor() {
    scene.world().behaviour(TOOL, Behaviour.good().exits(1, Duration.ofSeconds(1)));
    scene.world().create(Kind.JOB, job());
    killedAt("pinned");
    Instant killed = scene.world().now();

    scene.afterwards().but(JOB).wentBack(guard.guard(Optional.empty(), uid()));

    assertThat(acted).isBefore(killed.plus(AT_MOST));
  }

  private String uid() {
    return scene.world().find(JOB).orElse(Doc.EMPTY).textOrEmpty("metadata", "uid");
  }

  private static Doc job() {
    Doc container = Doc.of("name", "rollout", "image", TOOL);
    Doc pod = Doc.of("restartPolicy", "Never", "containers", List.of(container));
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of("name", JOB.name(), "namespace", World.NAMESPACE),
        "spec",
        Doc.of("backoffLimit", 0, "template", Doc.of("spec", pod)));
  }
}
