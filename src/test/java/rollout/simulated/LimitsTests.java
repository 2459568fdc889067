package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.port.Ports;
import rollout.run.Rollouts;
import rollout.run.Rollouts.Driving;
import rollout.sim.World;

/** Many releases, and large ones. */
class LimitsTests {
  private static final int RELEASES = 500;
  private static final int MOST_BYTES = 512 * 1024;

  private static Result release(World world, String image, String service) {
    Ports ports = world.ports(event -> {});
    return new Rollouts(ports)
        .blueGreen(
            new Wish().image(image).bake(Duration.ZERO).asked(service), new Driving(false, false))
        .result();
  }

  @Test
  void journalStaysSmallAfterFiveHundredReleases() {
    World world = new World(1);
    world.deploy("shop", "registry.example/shop:0", 1);
    for (int i = 1; i <= RELEASES; i++) {
      assertThat(release(world, "registry.example/shop:" + i, "shop")).isEqualTo(Result.DONE);
    }
    Doc journal = world.find(Scene.JOURNAL).orElseThrow();
    int bytes = journal.json().getBytes(StandardCharsets.UTF_8).length;
    assertThat(bytes).isLessThan(MOST_BYTES);
    List<Doc> revisions =
        Doc.parse(journal.texts("data").getOrDefault("history.json", "{}")).docs("revisions");
    assertThat(revisions).hasSize(20);
    assertThat(revisions.getLast().number(0, "revision")).isEqualTo(RELEASES);
    assertThat(world.list(Query.all(Kind.DEPLOYMENT, World.NAMESPACE))).hasSize(1);
  }

  @Test
  void thousandPodsAreReleased() {
    World world = new World(1);
    world.deploy("shop", "registry.example/shop:1.0", 1000);
    assertThat(release(world, "registry.example/shop:2.0", "shop")).isEqualTo(Result.DONE);
    assertThat(world.endpoints("shop")).isEqualTo(1000);
  }
}
