package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.model.Event;
import rollout.simulated.Operator.Ending;

/** A Secret that both versions read: told where it may be seen, and of no weight where not. */
@ExtendWith(Seeds.class)
class SharedSecretTests {
  private static final String OTHER = "YW5kZXJz";

  private final Scene scene = new Scene(Seeds.one(), SharedSecret::mount);
  private final SharedSecret secret = new SharedSecret(scene.world());
  private final Operator driver = scene.operator();

  private void inTheBake(int seconds, Runnable event) {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(seconds), event));
  }

  /** What was told of Secrets. */
  private List<String> told() {
    return scene.operators().stream()
        .flatMap(operator -> operator.events(Event.NOTE).stream())
        .map(Event::message)
        .filter(message -> message.contains("Secret"))
        .toList();
  }

  private void released(Ending ending) {
    scene.afterwards().released(ending, Scene.NEW);
  }

  @Test
  void changeInTheBakeIsToldWithWhoAndTheReleaseGoesOn() {
    inTheBake(12, () -> secret.write(OTHER));
    released(driver.release(new Wish()));
    assertThat(told())
        .singleElement()
        .asString()
        .startsWith("somebody (vault, 2026-01-01T00:")
        .endsWith(
            ") changed Secret shop-db, which both versions read: pods that start from now on are"
                + " not like those before");
    for (String content : List.of(OTHER, SharedSecret.CONTENT)) {
      assertThat(driver.events().toString()).doesNotContain(content);
      assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().json()).doesNotContain(content);
    }
  }

  @Test
  void deletionIsToldAndSoIsAnotherOfItsName() {
    inTheBake(5, secret::delete);
    inTheBake(15, () -> secret.write(OTHER));
    released(driver.release(new Wish()));
    assertThat(told())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("somebody deleted Secret shop-db, which both"),
            second -> assertThat(second).contains(") changed Secret shop-db, which both versions"));
  }

  @Test
  void driverThatMayNotSeeThemReleasesAsEverAndTellsNothing() {
    secret.hide();
    inTheBake(5, () -> secret.write(OTHER));
    inTheBake(15, secret::delete);
    released(driver.release(new Wish()));
    assertThat(told()).isEmpty();
    assertThat(scene.world().journal())
        .as("the same calls")
        .isEqualTo(undisturbed().world().journal());
  }

  /** The same release by one who may not see the Secret, with nobody at it. */
  private static Scene undisturbed() {
    Scene other = new Scene(Seeds.one(), SharedSecret::mount);
    new SharedSecret(other.world()).hide();
    other.afterwards().released(other.operator().release(new Wish()), Scene.NEW);
    return other;
  }

  @Test
  void rightThatIsTakenAwayInTheMidstEndsTheTellingAndNothingElse() {
    inTheBake(2, () -> secret.write(OTHER));
    inTheBake(6, secret::hide);
    inTheBake(8, () -> scene.world().watches(false));
    inTheBake(10, secret::delete);
    inTheBake(12, () -> scene.world().watches(true));
    inTheBake(18, () -> secret.write(SharedSecret.CONTENT));
    released(driver.release(new Wish()));
    assertThat(told()).singleElement().asString().contains("changed Secret shop-db");
  }

  @Test
  void whatBecomesOfItWhileNoWatchRunsIsToldWhenTheyRunAgain() {
    inTheBake(2, () -> scene.world().watches(false));
    inTheBake(4, () -> secret.write(OTHER));
    inTheBake(5, () -> assertThat(told()).as("nobody knows of it").isEmpty());
    inTheBake(12, () -> scene.world().watches(true));
    released(driver.release(new Wish()));
    assertThat(told()).singleElement().asString().contains("changed Secret shop-db");
  }

  @Test
  void driverThatTakesOverComparesWithWhatTheFirstOneSaw() {
    inTheBake(5, driver::kill);
    driver.release(new Wish().bake(Duration.ofMinutes(2)));
    scene.world().pass(Duration.ofMinutes(1));
    released(scene.operator().resume());
    assertThat(told()).as("nothing has changed").isEmpty();
  }

  @Test
  void changeBetweenTwoDriversIsToldByTheSecond() {
    inTheBake(5, driver::kill);
    inTheBake(7, () -> secret.write(OTHER));
    driver.release(new Wish().bake(Duration.ofMinutes(2)));
    scene.world().pass(Duration.ofMinutes(1));
    released(scene.operator().resume());
    assertThat(told()).singleElement().asString().contains("changed Secret shop-db");
  }

  @Test
  void driverThatTakesOverAndMayNotSeeThemDoesNotLook() {
    inTheBake(5, driver::kill);
    inTheBake(7, secret::delete);
    inTheBake(7, secret::hide);
    driver.release(new Wish().bake(Duration.ofMinutes(2)));
    scene.world().pass(Duration.ofMinutes(1));
    released(scene.operator().resume());
    assertThat(told()).isEmpty();
  }
}
