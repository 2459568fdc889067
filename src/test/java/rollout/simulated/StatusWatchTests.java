package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rollout.core.Status;
import rollout.run.Rollouts;
import rollout.run.Rollouts.Driving;
import rollout.sim.Call;

/** {@code status --watch} beside a release that somebody else drives. */
// In its own thread, so that a watch that spins is a failure and no hanging build.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StatusWatchTests {
  private final Scene scene = new Scene(61);
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();
  private final Rollouts watching = new Rollouts(scene.world().ports(event -> {}));
  private final List<Status> seen = new ArrayList<>();

  /** A release that stands in the middle, its driver gone. */
  private void standsInTheBake() {
    scene.when("switched", () -> scene.world().at(Duration.ofSeconds(15), driver::interrupt));
    driver.release(new Wish(), new Driving(true, false));
  }

  private boolean until(Status status, String state) {
    seen.add(status);
    return !status.state().equals(state);
  }

  @Test
  void tellsWhatItFindsAndThenTheEnd() {
    standsInTheBake();
    scene.world().at(Duration.ofSeconds(40), person::resume);
    watching.watch("shop", status -> until(status, "settled"));
    assertThat(seen).extracting(Status::state).containsExactly("in-progress", "settled");
    assertThat(seen.getFirst().phase()).isEqualTo("bake");
  }

  @Test
  void saysWhatToDoWhereTheDriverIsGoneAndNothingOfItWhereItLives() {
    List<Status> driven = new ArrayList<>();
    scene.when("switched", () -> driven.add(person.status().orElseThrow()));
    standsInTheBake();
    assertThat(driven.getFirst().driverAlive()).isTrue();
    assertThat(driven.getFirst().driver()).isPresent();
    assertThat(driven.getFirst().details()).isEmpty();
    scene.world().pass(Duration.ofMinutes(1));
    Status left = person.status().orElseThrow();
    assertThat(left.state()).isEqualTo("in-progress");
    assertThat(left.driver()).isEmpty();
    assertThat(left.details())
        .singleElement()
        .asString()
        .matches(
            "its driver is dead or gone, last heard of 6\\d s ago; go on: rollout resume shop;"
                + " go back: rollout rollback shop");
  }

  @Test
  void asksTheServerOnceAndThenListens() {
    standsInTheBake();
    int before = calls().size();
    scene.world().at(Duration.ofMinutes(10), () -> scene.select(Map.of("app", "none")));
    watching.watch("shop", status -> until(status, "none") && seen.size() < 2);
    assertThat(seen.getLast().traffic()).isEqualTo("no endpoint");
    assertThat(calls().subList(before, calls().size()))
        .extracting(Call::verb)
        .containsExactlyInAnyOrder("get", "get", "get", "list", "follow");
  }

  /** One of all namespaces may be on its way out, and a Role may look at none. */
  @Test
  void listPassesOverWhatHasNoServiceAnyMoreAndAsksNothingOfItsNamespace() {
    driver.release(new Wish());
    scene.world().delete(Scene.SERVICE);
    scene.world().pass(Duration.ofSeconds(5));
    int before = calls().size();
    assertThat(watching.list(true)).isEmpty();
    assertThat(calls().subList(before, calls().size()))
        .extracting(Call::target)
        .isNotEmpty()
        .noneMatch(target -> target.contains("Namespace"));
  }

  @Test
  void seesThatADriverGivesNoSignOfLifeAnyMore() {
    scene.when(
        "switched",
        () -> {
          driver.kill();
          watching.watch("shop", status -> until(status, "none") && seen.size() < 2);
        });
    driver.release(new Wish());
    scene.world().pass(Duration.ofSeconds(30));
    assertThat(seen).extracting(Status::driverAlive).containsExactly(true, false);
  }

  @Test
  void endsWhenTheServiceIsGone() {
    scene.world().at(Duration.ofSeconds(30), () -> scene.world().delete(Scene.SERVICE));
    watching.watch("shop", status -> until(status, "none"));
    assertThat(seen).extracting(Status::state).containsOnly("never-released");
  }

  @Test
  void sameStateIsToldOnce() {
    standsInTheBake();
    scene.world().at(Duration.ofMinutes(3), () -> scene.world().delete(Scene.SERVICE));
    scene.world().at(Duration.ofMinutes(3), () -> scene.world().delete(Scene.JOURNAL));
    watching.watch("shop", status -> until(status, "settled"));
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(seen.getFirst().details().getFirst()).contains("its driver is dead or gone");
  }

  private List<Call> calls() {
    return List.copyOf(scene.world().journal());
  }
}
