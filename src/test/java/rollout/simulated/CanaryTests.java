package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.RefusedError;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.simulated.Operator.Ending;
import rollout.strategy.Canary;

/** Canaries by replicas: both versions behind the Service, the candidate grows. */
@ExtendWith(Seeds.class)
class CanaryTests {
  private static final Duration WATCHED = Duration.ofSeconds(30);

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();

  private static Wish wish() {
    return new Wish().shares(WATCHED, 25, 40, 50);
  }

  private static List<Long> told(Operator operator, String field) {
    return operator.events(Event.TRAFFIC).stream()
        .map(event -> event.fields().number(-1, field))
        .toList();
  }

  private void atShare(long pods, Runnable event) {
    scene.when(
        () ->
            scene.phase().equals("both")
                && scene.serving("shop").stream().filter(Scene.NEW::equals).count() == pods,
        event);
  }

  /** When the share has been observed. */
  private void soon(Runnable event) {
    scene.world().at(Duration.ofSeconds(5), event);
  }

  @Test
  void goodVersionGetsShareByShareAndThenAll() {
    scene.afterwards().released(driver.release(wish().errorRate()), Scene.NEW);
    assertThat(told(driver, "requested")).containsExactly(25L, 40L, 50L, 100L, 100L);
    assertThat(told(driver, "effective")).containsExactly(25L, 40L, 50L, 100L, 100L);
    assertThat(told(driver, "observed")).containsExactly(25L, 40L, 50L, 100L, 100L);
  }

  @Test
  void itsShareOfTheRequestsIsThatOfThePods() {
    atShare(
        1,
        () -> {
          long before = scene.world().traffic().of(Scene.NEW).good();
          long all = before + scene.world().traffic().of(Scene.OLD).good();
          scene
              .world()
              .at(
                  Duration.ofSeconds(20),
                  () -> {
                    long now = scene.world().traffic().of(Scene.NEW).good();
                    long total = now + scene.world().traffic().of(Scene.OLD).good();
                    // Half of the requests stay on connections that were open before.
                    assertThat((double) (now - before) / (total - all)).isBetween(0.1, 0.3);
                  });
        });
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void versionWithErrorsGoesBackFromItsFirstShare() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3));
    Ending ending = driver.release(wish().errorRate());
    scene.afterwards().wentBack(ending);
    assertThat(told(driver, "requested")).containsExactly(25L, 0L);
    assertThat(ending.outcome().orElseThrow().says()).contains("error rate");
  }

  @Test
  void versionThatIsBadOnlyUnderLoadGoesBackFromALaterShare() {
    atShare(2, () -> scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    scene.afterwards().wentBack(driver.release(wish().errorRate()));
    assertThat(told(driver, "requested")).containsExactly(25L, 40L, 0L);
  }

  @Test
  void versionThatCrashesGoesBackWithoutMetrics() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(40)));
    scene.watch().excuse(Watch.Excuse.CANDIDATE_FAILS);
    scene.afterwards().wentBack(driver.release(wish()));
  }

  @Test
  void nothingIsShiftedBeforeTheMigration() {
    scene.watch().migrates();
    scene.afterwards().released(driver.release(wish().migration()), Scene.NEW);
  }

  private static Wish gated() {
    return new Wish()
        .stages(
            List.of(
                new Canary.Weight(25, WATCHED, List.of()),
                new Canary.Gate(),
                new Canary.Weight(50, WATCHED, List.of())))
        .errorRate();
  }

  @Test
  void gateWaitsForAPerson() {
    scene
        .world()
        .at(
            Duration.ofMinutes(3),
            () -> {
              assertThat(scene.phase()).isEqualTo("both");
              assertThat(scene.operator().status().orElseThrow().state()).isEqualTo("waiting");
              person.promote(false);
            });
    scene.afterwards().released(driver.release(gated()), Scene.NEW);
    assertEnded(person.ending(), Result.ACCEPTED);
    assertThat(driver.events(Event.GATE))
        .extracting(event -> event.fields().textOrEmpty("state"))
        .containsExactly("waiting", "passed");
  }

  @Test
  void gateThatNobodyPassesGoesBack() {
    scene.afterwards().wentBack(driver.release(gated()));
    assertThat(driver.ending().outcome().orElseThrow().says())
        .contains("nobody promoted it in time");
  }

  @Test
  void versionThatFailsWhileItWaitsAtAGateGoesBack() {
    scene.when(
        () -> scene.operator().status().filter(one -> one.state().equals("waiting")).isPresent(),
        () -> scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    scene.afterwards().wentBack(driver.release(gated()));
    assertThat(driver.ending().outcome().orElseThrow().says()).contains("error rate");
  }

  @Test
  void pipelineThatDoesNotWaitReturnsAtTheGate() {
    assertEnded(driver.release(gated(), new Driving(false, true)), Result.WAITING);
    assertThat(driver.ending().outcome().orElseThrow().traffic()).contains("25 %");
    scene.afterwards().released(promoted(false), Scene.NEW);
  }

  private Operator.Ending promoted(boolean full) {
    return person.promote(full);
  }

  @Test
  void promotionGoesToTheNextShareOnly() {
    atShare(1, () -> soon(() -> person.promote(false)));
    Wish slow = new Wish().shares(Duration.ofHours(1), 25, 40);
    scene
        .world()
        .at(
            Duration.ofMinutes(5),
            () -> {
              assertThat(scene.serving("shop")).filteredOn(Scene.NEW::equals).hasSize(2);
              scene.operator().promote(false);
            });
    scene.afterwards().released(driver.release(slow), Scene.NEW);
    assertThat(told(driver, "requested")).containsExactly(25L, 40L, 100L, 100L);
  }

  @Test
  void fullPromotionSkipsTheRestAndSaysWhat() {
    atShare(1, () -> soon(() -> person.promote(true)));
    Wish slow = new Wish().shares(Duration.ofHours(1), 25, 40, 50).bake(Duration.ofHours(1));
    scene.afterwards().released(driver.release(slow), Scene.NEW);
    assertThat(told(driver, "requested")).containsExactly(25L, 100L, 100L);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("skipped: 40 %, 50 %, the bake"));
  }

  @Test
  void pauseHoldsItsShare() {
    atShare(1, person::pause);
    scene
        .world()
        .at(
            Duration.ofMinutes(3),
            () -> {
              assertThat(scene.serving("shop")).filteredOn(Scene.NEW::equals).hasSize(1);
              person.resume();
            });
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
  }

  @Test
  void rollbackAtAShareIsOneWriteAService() {
    atShare(2, person::rollback);
    driver.release(wish());
    assertEnded(driver.ending(), Result.LOST);
    scene.afterwards().wentBack(person.ending());
  }

  @Test
  void newerReleaseIsRefusedAtAShareUnlessItReplaces() {
    Operator other = scene.operator();
    atShare(2, () -> other.release(new Wish().image(Scene.OTHER)));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(other.ending().error().orElseThrow()).isInstanceOf(rollout.model.HeldError.class);
  }

  @Test
  void driverThatDiesAtAShareIsFollowed() {
    atShare(2, driver::kill);
    driver.release(wish());
    scene.world().pass(Duration.ofMinutes(1));
    scene.afterwards().released(scene.operator().resume(), Scene.NEW);
  }

  @Test
  void selectorThatSomebodyWritesAtAShareSendsItBack() {
    atShare(1, () -> scene.select(Map.of("app", "shop", "rollout/revision", "1")));
    scene.afterwards().mayDrop().wentBack(driver.release(wish()));
  }

  @Test
  void sharesThatThePodsCannotMakeAreRefused() {
    Operator.Ending ending = driver.release(new Wish().shares(WATCHED, 5));
    assertThat(ending.error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("1 of the candidate would get 25 % of the requests")
        .hasMessageContaining("With 6 pods of shop one would be 14 %");
    assertThat(scene.world().journal()).noneMatch(call -> call.write());
  }

  @Test
  void serviceThatKeepsClientsOnTheirPodsIsRefused() {
    scene.world().edit(Scene.SERVICE, doc -> doc.with("ClientIP", "spec", "sessionAffinity"));
    assertThat(driver.release(wish()).error().orElseThrow())
        .hasMessageContaining("sessionAffinity: ClientIP");
  }

  @Test
  void labelsThatTellTheVersionsApartStayOutOfTheSelectorForBoth() {
    Scene prepared =
        new Scene(
            Seeds.one(),
            world -> {
              world.edit(
                  Scene.SERVICE, doc -> doc.with("stable", "spec", "selector", "rollout/track"));
              world.edit(
                  Scene.DEPLOYMENT,
                  doc ->
                      doc.with(
                          "stable", "spec", "template", "metadata", "labels", "rollout/track"));
              world.pass(Duration.ofMinutes(2));
            });
    Operator other = prepared.operator();
    List<Doc> selectors = new java.util.ArrayList<>();
    prepared
        .world()
        .onChange(
            ref -> {
              if (ref.equals(Scene.SERVICE)) {
                selectors.add(prepared.service().selector().doc());
              }
            });
    prepared.afterwards().released(other.release(wish()), Scene.NEW);
    assertThat(selectors).contains(Doc.of("app", "shop"));
  }
}
