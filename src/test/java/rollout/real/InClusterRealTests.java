package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;
import rollout.model.Phase;

/**
 * Releases as Jobs on a real node, by the program's own image and under the shipped Role, while
 * users come: pods of the driver are evicted, and a laptop's driver is killed.
 */
@Order(1) // among the longest: the others fill the gaps
@ExtendWith(ToolImage.Needed.class)
class InClusterRealTests extends OnTheShop {
  /** How soon the guard must act: the Lease's duration and two seconds (safety.md). */
  private static final Duration GUARD = Duration.ofSeconds(17);

  private static final Duration LONG = Duration.ofMinutes(5);

  private String image = "";

  private DriverJob driver;

  @BeforeEach
  void grantTheShippedRoles() throws IOException {
    image = ToolImage.on(shop.lab());
    driver = DriverJob.underTheShippedRole(shop);
    // Prometheus lives in another namespace, and is asked through the API server.
    String monitoring = parts.prometheus().address().replaceAll("svc:([^/]*)/.*", "$1");
    String role =
        Files.readString(Path.of("manifests", "rbac", "prometheus.yaml"))
            .replace("namespace: shop ", "namespace: " + shop.namespace() + " ");
    shop.lab().apply(monitoring, role);
  }

  private Program release(String... more) {
    List<String> all = new ArrayList<>(List.of("--job-image", image));
    all.addAll(List.of(more));
    return shop.release("demo:v2", all.toArray(String[]::new));
  }

  @Test
  void releaseAsAJobSurvivesTheEvictionOfItsPodTwice() {
    Load load = shop.load();
    Program program = release("--in-cluster", "--bake", "5s");
    List<Duration> gaps = new ArrayList<>();
    for (Phase phase : List.of(Phase.DEPLOY, Phase.SETTLE)) {
      program.awaitPhase(phase.word());
      Instant evicted = Instant.now();
      String gone = driver.evict();
      DriverJob.awaitNextPod(program, gaps.size() + 1);
      gaps.add(Duration.between(evicted, Instant.now()));
      assertThat(driver.pods()).isNotEmpty().doesNotContain(gone);
    }
    Program.Ended ended = program.end(LONG);
    System.out.println("evicted to next pod at work: " + gaps);
    assertEnded(ended, 0, "done");
    assertThat(ended.last().number(0, "revision")).isEqualTo(1);
    assertNoneFailed(load);
    assertShopRuns("demo:v2");
  }

  private static final String TELLING =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      notify: [{webhookFile: /run/secrets/rollout/url}]
      """;

  @Test
  void whoLooksAgainSeesTheReleaseEndThoughNobodyFollowsItAnyMore() {
    // It would end with 2 where its pod cannot read this.
    shop.kubectl("create", "secret", "generic", "told", "--from-literal=url=http://shop/");
    String strategy = shop.file("strategy.yaml", TELLING).toString();
    // No checks: nobody comes whose requests could be counted.
    List<String> words = new ArrayList<>(List.of("bluegreen", "shop", "-s", strategy));
    words.addAll(List.of("--image", "shop=demo:v2", "--bake", "3s", "--timeout", "45s"));
    words.addAll(List.of("--in-cluster", "--no-guard", "--job-image", image));
    words.addAll(List.of("--job-secret", "told"));
    Program follows = shop.rollout(words.toArray(String[]::new));
    follows.awaitPhase("deploy");
    follows.signal("INT");
    assertEnded(follows.end(), 130, "detached");

    Program.Ended looks = shop.rollout("status", "shop", "--watch").end(LONG);

    assertThat(looks.exitCode()).as(looks.transcript()).isZero();
    assertThat(looks.events().getFirst().textOrEmpty("state")).isEqualTo("in-progress");
    assertThat(looks.last().textOrEmpty("state")).isEqualTo("settled");
    assertThat(looks.last().number(0, "revision")).isEqualTo(1);
    assertShopRuns("demo:v2");
    shop.kubectl("wait", "--for=condition=Complete", "job/rollout-shop-driver", "--timeout=30s");
  }

  @Test
  void laptopThatDiesInTheBakeLeavesAGuardThatGoesOn() {
    Load load = shop.load();
    Program laptop = release("--guard", "--bake", "10s");
    laptop.await("bake", event -> event.textOrEmpty("phase").equals("bake"));
    Instant killed = killed(laptop);

    Doc result = guardsResult();

    assertThat(result.textOrEmpty("outcome")).as(guardsLog()).isEqualTo("done");
    assertInTime(killed, "the guard goes on in its place");
    assertNoneFailed(load);
    assertShopRuns("demo:v2");
  }

  @Test
  void laptopThatDiesBeforeTheSwitchLeavesAGuardThatGoesBack() {
    Load load = shop.load();
    Program laptop = release("--guard", "--hold");
    laptop.await("the gate", event -> event.textOrEmpty("type").equals("gate"));
    Instant killed = killed(laptop);

    Doc result = guardsResult();

    assertThat(result.textOrEmpty("outcome")).as(guardsLog()).isEqualTo("rolled-back");
    assertInTime(killed, "the guard brings the traffic back");
    assertNoneFailed(load);
    assertShopRuns("demo:v1");
  }

  private static Instant killed(Program laptop) {
    laptop.signal("KILL");
    return Instant.now();
  }

  private Doc guardsResult() {
    shop.kubectl("wait", "--for=condition=Complete", "job/rollout-shop-guard", "--timeout=240s");
    return guardsEvents().stream()
        .filter(event -> event.textOrEmpty("type").equals("result"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(guardsLog()));
  }

  private List<Doc> guardsEvents() {
    return guardsLog().lines().filter(line -> line.startsWith("{")).map(Doc::parse).toList();
  }

  private String guardsLog() {
    return shop.kubectl("logs", "job/rollout-shop-guard");
  }

  private void assertInTime(Instant killed, String words) {
    Instant acted =
        guardsEvents().stream()
            .filter(event -> event.textOrEmpty("message").contains(words))
            .map(event -> Instant.parse(event.textOrEmpty("time")))
            .findFirst()
            .orElseThrow(() -> new AssertionError(guardsLog()));
    Duration took = Duration.between(killed, acted);
    System.out.println("killed to " + words + ": " + took.toMillis() + " ms");
    assertThat(took).isBetween(Duration.ZERO, GUARD);
  }

  @Test
  void imageThatIsNotThereIsSaidInOneSentenceAndLeavesNothing() {
    Program program = shop.release("demo:v2", "--in-cluster", "--job-image", "rollout:none");
    assertCannotBegin(program, "the Job that would drive cannot begin: ");
  }

  @Test
  void quotaWithoutRoomForItsPodIsSaidInOneSentenceAndLeavesNothing() {
    shop.kubectl("create", "quota", "full", "--hard=pods=0");
    Program program = release("--in-cluster");
    assertCannotBegin(program, "exceeded quota: full, requested: pods=1");
  }

  @Test
  void quotaWithoutRoomForItsJobIsSaidInOneSentenceAndLeavesNothing() {
    shop.kubectl("create", "quota", "full", "--hard=count/jobs.batch=0");
    Program program = release("--in-cluster");
    assertCannotBegin(program, "exceeded quota: full, requested: count/jobs.batch=1");
  }

  private void assertCannotBegin(Program program, String why) {
    Program.Ended ended = program.end();
    assertEnded(ended, 3, "refused");
    String message = ended.last().textOrEmpty("message");
    assertThat(message).contains(why);
    assertThat(message.lines()).hasSize(1);
    // A deleted Job goes when its pods have gone.
    shop.kubectl("wait", "--for=delete", "job/rollout-shop-driver", "--timeout=60s");
    assertThat(shop.kubectl("get", "jobs", "-o", "name")).isEmpty();
    assertShopRuns("demo:v1");
  }
}
