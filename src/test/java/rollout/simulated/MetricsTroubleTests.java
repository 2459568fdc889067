package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.model.Event;
import rollout.model.RefusedError;
import rollout.sim.MetricsState;
import rollout.simulated.Operator.Ending;
import rollout.strategy.Strategy.OnMissing;

/** A Prometheus in trouble: what nobody knows is never good. */
@ExtendWith(Seeds.class)
class MetricsTroubleTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private static Wish checked() {
    return new Wish().errorRate().bake(Duration.ofMinutes(3));
  }

  private void assertHoldsThenGoesBack(MetricsState state) {
    scene.when(
        "switched",
        () -> scene.world().at(Duration.ofSeconds(30), () -> scene.world().prometheus(state)));
    Instant start = scene.world().now();
    Ending ending = driver.release(checked());
    scene.afterwards().wentBack(ending);
    assertThat(driver.events(Event.ROLLBACK).getFirst().fields().textOrEmpty("cause"))
        .isEqualTo("no-data");
    assertThat(scene.world().now()).isAfter(start.plus(Duration.ofMinutes(2)));
  }

  @Test
  void prometheusThatIsDownHoldsThenSendsBack() {
    assertHoldsThenGoesBack(MetricsState.DOWN);
  }

  @Test
  void prometheusThatIsSlowHoldsThenSendsBack() {
    assertHoldsThenGoesBack(MetricsState.SLOW);
  }

  @Test
  void prometheusThatAnswersNotANumberHoldsThenSendsBack() {
    assertHoldsThenGoesBack(MetricsState.NAN);
  }

  @Test
  void prometheusThatAnswersNothingHoldsThenSendsBack() {
    assertHoldsThenGoesBack(MetricsState.EMPTY);
  }

  @Test
  void prometheusThatRefusesHoldsThenSendsBack() {
    assertHoldsThenGoesBack(MetricsState.REFUSING);
  }

  @Test
  void shortOutageOnlyHolds() {
    scene.when(
        "switched",
        () -> {
          scene
              .world()
              .at(Duration.ofSeconds(30), () -> scene.world().prometheus(MetricsState.DOWN));
          scene.world().at(Duration.ofSeconds(90), () -> scene.world().prometheus(MetricsState.UP));
        });
    scene.afterwards().released(driver.release(checked()), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .anySatisfy(event -> assertThat(event.message()).contains("numbers again"));
  }

  @Test
  void noDataMayCountAsGoodWhenTheUserSaysSo() {
    scene.when("switched", () -> scene.world().prometheus(MetricsState.EMPTY));
    scene.afterwards().released(driver.release(checked().onNoData(OnMissing.PASS)), Scene.NEW);
  }

  @Test
  void noDataMaySendBackAtOnceWhenTheUserSaysSo() {
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(Duration.ofSeconds(30), () -> scene.world().prometheus(MetricsState.EMPTY)));
    scene.afterwards().wentBack(driver.release(checked().onNoData(OnMissing.ROLLBACK)));
  }

  @Test
  void prometheusThatIsDownBeforehandIsRefusedAndNothingIsWritten() {
    scene.world().prometheus(MetricsState.DOWN);
    assertRefused("Prometheus");
  }

  private void assertRefused(String... words) {
    assertThat(driver.release(checked()).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .message()
        .contains(words);
    assertThat(scene.world().journal()).noneMatch(call -> call.write());
  }

  @Test
  void queryThatPrometheusRefusesBeforehandIsNamed() {
    scene.world().prometheus(MetricsState.REFUSING);
    assertRefused("Prometheus refuses the query ", "Correct it");
  }

  @Test
  void prometheusThatCountsNothingOfTheShopBeforehandIsRefused() {
    scene.world().prometheus(MetricsState.EMPTY);
    assertRefused(
        "Prometheus has no series of the pods of shop under the names tried (", "0 series match");
  }

  @Test
  void prometheusThatIsAwayForAMomentBeforehandIsAskedAgain() {
    scene.world().prometheus(MetricsState.DOWN);
    scene.world().at(Duration.ofSeconds(3), () -> scene.world().prometheus(MetricsState.UP));
    scene.afterwards().released(driver.release(checked()), Scene.NEW);
  }

  @Test
  void tooFewRequestsAreUndecidedAndHoldThenSendBack() {
    scene.world().load("shop", 0.05);
    Ending ending = driver.release(checked());
    scene.afterwards().wentBack(ending);
  }

  @Test
  void tooFewRequestsMayCountAsGood() {
    scene.world().load("shop", 0.2);
    Ending ending = driver.release(checked().onUndecided(OnMissing.PASS).onNoData(OnMissing.PASS));
    scene.afterwards().released(ending, Scene.NEW);
  }
}
