package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.model.Event;
import rollout.sim.Behaviour;
import rollout.strategy.Canary;

/** What a release tells of itself while it runs. */
@ExtendWith(Seeds.class)
class TellingTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private List<String> steps(String type) {
    return driver.events(type).stream().map(event -> event.fields().textOrEmpty("step")).toList();
  }

  private List<String> messages(String type) {
    return driver.events(type).stream().map(Event::message).toList();
  }

  @Test
  void stepsOfAGoodReleaseBeginAndEndInOrder() {
    scene.watch().migrates();
    scene.afterwards().released(driver.release(new Wish().migration().smoke()), Scene.NEW);
    List<String> begun = steps(Event.STEP_STARTED);
    assertThat(begun).doesNotHaveDuplicates().containsSubsequence("migrate", "switch", "settle");
    assertThat(steps(Event.STEP_DONE)).isEqualTo(begun);
    assertThat(steps(Event.STEP_FAILED)).isEmpty();
    assertThat(messages(Event.STEP_DONE))
        .as("each says why")
        .allMatch(line -> line.matches("(?s)[a-z0-9-]+: .+"));
  }

  @Test
  void stepThatTurnsTheReleaseHasFailedAndSaysWhy() {
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.5));
    scene.afterwards().wentBack(driver.release(new Wish().errorRate().bake(Duration.ofMinutes(3))));
    assertThat(driver.events(Event.STEP_FAILED))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.fields().textOrEmpty("step")).isEqualTo("bake");
              assertThat(event.fields().textOrEmpty("reason")).contains("error");
              assertThat(event.message()).startsWith("bake: ").contains("error");
            });
    assertThat(steps(Event.STEP_DONE))
        .doesNotContain("bake")
        .contains("switch", "traffic-back", "free");
  }

  @Test
  void writeTellsWhatItWasAndWhatItIs() {
    scene.afterwards().released(driver.release(new Wish()), Scene.NEW);
    assertThat(messages(Event.WRITE))
        .anyMatch(line -> line.startsWith("create Deployment shop-r1: no pods yet ("))
        .anyMatch(line -> line.startsWith("patch Deployment shop-r1: replicas 3 → replicas 0 ("))
        .anyMatch(
            line -> line.startsWith("patch Service shop: stays app=shop,rollout/revision=1 ("))
        .anyMatch(line -> line.startsWith("delete Deployment shop-r1 ("));
    assertThat(driver.events(Event.WRITE))
        .allSatisfy(event -> assertThat(event.fields().textOrEmpty("object")).isNotEmpty());
  }

  @Test
  void gateTellsWhatItWaitsFor() {
    Operator person = scene.operator();
    scene.world().at(Duration.ofMinutes(2), () -> person.promote(false));
    Wish wish = new Wish().stages(List.of(new Canary.Gate()));
    scene.afterwards().released(driver.release(wish), Scene.NEW);
    assertThat(messages(Event.NOTE))
        .containsOnlyOnceElementsOf(List.of("waiting for a person: rollout promote shop"));
  }

  @Test
  void lastWordsOfACandidateAreToldBeforeItsPodsGo() {
    scene
        .world()
        .behaviour(
            Scene.NEW,
            Behaviour.good().crashesAfter(Duration.ofSeconds(2)).log(List.of("no such table")));
    scene.afterwards().wentBack(driver.release(new Wish()));
    assertThat(messages(Event.NOTE))
        .filteredOn(
            line -> line.matches("(?s)log of container shop of pod shop-r1-.*no such table"))
        .as("one of each pod")
        .hasSize(Scene.SIZE);
  }
}
