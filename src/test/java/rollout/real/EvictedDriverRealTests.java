package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;
import rollout.model.Phase;

/**
 * The driver's pod is evicted, as by a drain of its node, in each phase of a release: the Job's
 * next pod goes on there. Deploying and settling are {@link InClusterRealTests}', under load.
 */
@ExtendWith({RealParts.class, ToolImage.Needed.class})
@Order(1) // one of the longest: the others fill the gaps
class EvictedDriverRealTests {
  private static final int AT_ONCE = 3;

  private static final Duration LONG = Duration.ofMinutes(5);

  /**
   * A release that stays in a phase long enough to be met there.
   *
   * @param type of the first event that only a driver in this phase tells
   * @param exitCode its end
   * @param image what the shop runs then
   */
  private record Case(Phase phase, String type, int exitCode, String image, List<String> words) {
    static Case good(Phase phase, String command, String... words) {
      List<String> all = new ArrayList<>(List.of(command, "shop", "--image", "shop=demo:v2"));
      all.addAll(List.of(words));
      return new Case(phase, "step-started", 0, "demo:v2", all);
    }

    /** The same, told by another event. */
    Case by(String other) {
      return new Case(phase, other, exitCode, image, words);
    }

    /** The same, ending on the version before. */
    Case back() {
      return new Case(phase, type, 4, "demo:v1", words);
    }

    boolean tells(Doc event) {
      return event.textOrEmpty("phase").equals(phase.word())
          && event.textOrEmpty("type").equals(type);
    }
  }

  /** The one of a phase, with files of this shop. */
  private static Optional<Case> of(Phase phase, Shop shop) {
    return switch (phase) {
      // Planned, and nothing begun: the next pod plans anew.
      case PREFLIGHT ->
          Optional.of(Case.good(phase, "bluegreen", "--bake", "0s", "--guard").by("plan"));
      case MIGRATE ->
          Optional.of(
              Case.good(
                  phase,
                  "bluegreen",
                  "--bake",
                  "0s",
                  "--migrate",
                  job(shop, "migrate", "sleep 5")));
      case VERIFY ->
          Optional.of(
              Case.good(
                  phase, "bluegreen", "--bake", "0s", "--smoke", job(shop, "smoke", "sleep 5")));
      case SHIFT -> Optional.of(Case.good(phase, "canary", "--steps", "50@10s", "--bake", "0s"));
      case BAKE -> Optional.of(Case.good(phase, "bluegreen", "--bake", "10s"));
      case ROLLBACK ->
          Optional.of(
              Case.good(phase, "bluegreen", "--smoke", job(shop, "smoke", "exit 1")).back());
      case DEPLOY, SETTLE, DONE -> Optional.empty();
    };
  }

  private static String job(Shop shop, String name, String command) {
    String manifest = UnderTheRoles.job(name, command);
    return shop.file(name + ".yaml", manifest).toString();
  }

  @Test
  void inEachPhaseTheNextPodGoesOn(Parts parts) throws InterruptedException {
    String image = ToolImage.on(parts.lab());
    List<Phase> phases =
        Stream.of(Phase.values())
            .filter(phase -> phase != Phase.DEPLOY && phase != Phase.SETTLE && phase != Phase.DONE)
            .toList();
    List<String> wrong = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<?>> all = new ArrayList<>();
      phases.forEach(phase -> all.add(executor.submit(() -> evicted(parts, image, phase))));
      for (int i = 0; i < all.size(); i++) {
        try {
          all.get(i).get();
        } catch (ExecutionException e) {
          wrong.add(phases.get(i) + ": " + e.getCause());
        }
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(wrong).isEmpty();
  }

  private static void evicted(Parts parts, String image, Phase phase) {
    try (Shop shop = Shop.unscraped(parts, "EvictedDriverRealTests." + phase.word())) {
      DriverJob driver = DriverJob.underTheShippedRole(shop);
      Case one = of(phase, shop).orElseThrow();
      List<String> words = new ArrayList<>(one.words());
      words.addAll(List.of("--in-cluster", "--job-image", image, "--timeout", "60s"));
      if (!words.contains("--guard")) {
        words.add("--no-guard");
      }
      Program program = shop.rollout(words.toArray(String[]::new));
      program.await("phase " + phase, one::tells);
      String gone = driver.evict();

      Program.Ended ended = program.end(LONG);

      assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(one.exitCode());
      assertThat(driver.pods()).isNotEmpty().doesNotContain(gone);
      assertThat(phaseOfNextPod(ended)).as(ended.transcript()).isEqualTo(phase.word());
      assertThat(ended.last().number(0, "revision")).isEqualTo(1);
      assertThat(shop.shape()).isEqualTo(shop.before());
      assertThat(OnTheShop.imageOf(shop.deployment())).isEqualTo(one.image());
      assertThat(shop.leftovers()).isEmpty();
    }
  }

  /** Where the next pod began: it plans anew, or says that it goes on and with which step. */
  private static String phaseOfNextPod(Program.Ended ended) {
    List<Doc> events = ended.events();
    List<Doc> next = events.stream().dropWhile(event -> !DriverJob.takesOver(event)).toList();
    if (next.isEmpty()) {
      assertThat(ended.events("plan")).as(ended.transcript()).hasSize(2);
      return Phase.PREFLIGHT.word();
    }
    return next.stream()
        .filter(event -> event.textOrEmpty("type").equals("step-started"))
        .findFirst()
        .orElseThrow()
        .textOrEmpty("phase");
  }
}
