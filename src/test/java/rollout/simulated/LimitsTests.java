package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
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
@Tag("long")
class LimitsTests {
  private static final int RELEASES = 500;
  private static final int MOST_BYTES = 512 * 1024;

  private static Result release(World world, String image, String service) {
    Ports ports = world.ports(event -> {});
    return new Rollouts(ports)
        .release(
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
  void threadsAndDescriptorsAreTheSameAfterTwoHundredReleases() throws IOException {
    release(running(), "registry.example/shop:2.0", "shop");
    int threads = Thread.activeCount();
    long descriptors = descriptors();
    for (int i = 0; i < 200; i++) {
      assertThat(release(running(), "registry.example/shop:2.0", "shop")).isEqualTo(Result.DONE);
    }
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
  }

  private static World running() {
    World world = new World(1);
    world.deploy("shop", "registry.example/shop:1.0", 1);
    return world;
  }

  private static long descriptors() throws IOException {
    Path open = Path.of("/proc/self/fd");
    if (!Files.isDirectory(open)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(open)) {
      return all.count();
    }
  }

  /** What a driver keeps of what it saw would show as memory that grows from day to day. */
  @Test
  void memoryStaysFlatOverWeekOfBake() {
    World world = running();
    world.load("shop", 5);
    world.scrapeEvery(Duration.ofMinutes(1));
    world.pass(Duration.ofMinutes(3));
    Ports ports = world.ports(event -> {});
    List<Long> used = new ArrayList<>();
    for (int day = 1; day <= 7; day++) {
      world.at(
          Duration.ofDays(day),
          () -> {
            world.forgetCalls();
            used.add(used());
          });
    }
    Wish week = new Wish().image("registry.example/shop:2.0").bake(Duration.ofDays(8)).errorRate();
    Result result =
        new Rollouts(ports).release(week.asked("shop"), new Driving(false, false)).result();
    assertThat(result).isEqualTo(Result.DONE);
    assertThat(used).hasSize(7);
    long grown = used.getLast() - used.getFirst();
    assertThat(grown)
        .as("bytes more after seven days than after one: %s", used)
        .isLessThan(2 << 20);
  }

  private static long used() {
    // Twice: what the first collection finds is free only after the second.
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void thousandPodsAreReleased() {
    World world = new World(1);
    world.deploy("shop", "registry.example/shop:1.0", 1000);
    assertThat(release(world, "registry.example/shop:2.0", "shop")).isEqualTo(Result.DONE);
    assertThat(world.endpoints("shop")).isEqualTo(1000);
  }
}
