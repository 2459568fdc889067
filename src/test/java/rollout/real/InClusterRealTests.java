package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import rollout.document.Doc;

/**
 * Releases as Jobs on a real node, by the program's own image and under the shipped Role, while
 * users come: pods of the driver are evicted, and a laptop's driver is killed.
 */
@Order(1) // among the longest: the others fill the gaps
@ExtendWith(InClusterRealTests.NeedsImage.class)
class InClusterRealTests extends OnTheShop {
  /** How soon the guard must act: the Lease's duration and two seconds (safety.md). */
  private static final Duration GUARD = Duration.ofSeconds(17);

  private static final Duration LONG = Duration.ofMinutes(5);

  /** The image is one part more. */
  static final class NeedsImage implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return ToolImage.possible()
          ? ConditionEvaluationResult.enabled("the image can be built")
          : ConditionEvaluationResult.disabled(
              Level4.skipped("buildah and debootstrap are not here to build the image"));
    }
  }

  private String image = "";

  @BeforeEach
  void grantTheShippedRole() {
    image = ToolImage.on(shop.lab());
    shop.kubectl("apply", "-f", "manifests/rbac.yaml");
    // Prometheus lives in another namespace, and is asked through the API server.
    String monitoring = parts.prometheus().address().replaceAll("svc:([^/]*)/.*", "$1");
    shop.lab()
        .apply(
            monitoring,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: %1$s}
            rules: [{apiGroups: [""], resources: [services/proxy], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
            subjects: [{kind: ServiceAccount, name: rollout, namespace: %1$s}]
            """
                .formatted(shop.namespace()));
  }

  private Program release(String... more) {
    List<String> all = new ArrayList<>(List.of("--job-image", image));
    all.addAll(List.of(more));
    return shop.release("demo:v2", all.toArray(String[]::new));
  }

  @Test
  void releaseAsAJobSurvivesTheEvictionOfItsPodAtEveryPhase() {
    Load load = shop.load();
    Program program = release("--in-cluster", "--bake", "15s");
    List<Duration> gaps = new ArrayList<>();
    for (String phase : List.of("deploy", "bake", "settle")) {
      int known = evicted(program, phase);
      Instant evicted = Instant.now();
      program.await(
          "an event of the next pod after " + phase,
          event ->
              event.textOrEmpty("message").contains("going on with it")
                  && count(program, "going on with it") > known);
      gaps.add(Duration.between(evicted, Instant.now()));
    }
    Program.Ended ended = program.end(LONG);
    System.out.println("evicted to next pod at work: " + gaps);
    assertEnded(ended, 0, "done");
    assertThat(ended.last().number(0, "revision")).isEqualTo(1);
    assertNoneFailed(load);
    assertShopRuns("demo:v2");
  }

  /** Evicts the driver's pod in this phase; how often one has taken over before. */
  private int evicted(Program program, String phase) {
    program.await("phase " + phase, event -> event.textOrEmpty("phase").equals(phase));
    int known = count(program, "going on with it");
    String pod =
        shop.kubectl(
                "get",
                "pods",
                "-l",
                "rollout/part=driver",
                "--field-selector=status.phase=Running",
                "-o",
                "name")
            .strip()
            .replace("pod/", "");
    Doc eviction =
        Doc.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "Eviction",
            "metadata",
            Doc.of("name", pod, "namespace", shop.namespace()));
    shop.kubectl(
        "create",
        "--raw",
        "/api/v1/namespaces/" + shop.namespace() + "/pods/" + pod + "/eviction",
        "-f",
        shop.file("eviction-" + phase + ".json", eviction.json()).toString());
    return known;
  }

  private static int count(Program program, String words) {
    return program.transcript().split(java.util.regex.Pattern.quote(words), -1).length - 1;
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
    Program.Ended ended = program.end();
    assertEnded(ended, 3, "refused");
    assertThat(ended.last().textOrEmpty("message"))
        .contains("the Job that would drive cannot begin: ");
    assertShopRuns("demo:v1");
  }
}
