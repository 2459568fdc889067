package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.document.Doc;
import rollout.run.DriverOrder;
import rollout.run.GuardOrder;
import rollout.run.JobEnd;
import rollout.run.Rollouts.Driving;

/** {@code --in-cluster} and {@code --guard}: what a Job is given, and what is refused here. */
class InClusterCommandTests {
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec: {containers: [{name: shop, image: "shop:2"}]}
      """;
  private static final String JOB =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: migrate}
      spec: {template: {spec: {restartPolicy: Never, containers: [{name: m, image: "m:1"}]}}}
      """;

  private final Typed typed = new Typed();
  @TempDir Path folder;

  @BeforeEach
  void imageIsKnown() {
    typed.environment.put("ROLLOUT_IMAGE", "registry.example/rollout:1");
  }

  private DriverOrder order() {
    return (DriverOrder)
        typed.verbs.asked.stream().filter(DriverOrder.class::isInstance).findFirst().orElseThrow();
  }

  private String file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  @Test
  void jobGetsTheSameCommandLineWithoutWhatIsAboutThisProcess() {
    int code =
        typed.run(
            "bluegreen",
            "shop",
            "--image",
            "shop=shop:2",
            "--bake",
            "30s",
            "--hold",
            "-n",
            "prod",
            "--kubeconfig",
            "/home/ada/.kube/config",
            "--no-color",
            "--in-cluster",
            "--no-guard");

    assertThat(code).isZero();
    assertThat(order().job().words())
        .containsExactly(
            "bluegreen",
            "shop",
            "--image",
            "shop=shop:2",
            "--bake",
            "30s",
            "--hold",
            "--output",
            "json");
    assertThat(order().job().image()).isEqualTo("registry.example/rollout:1");
    assertThat(order().job().serviceAccount()).isEqualTo("rollout");
    assertThat(order().namespace()).isEqualTo("prod");
  }

  @Test
  void flagThatIsRepeatedIsRepeatedThere() {
    typed.environment.put("ROLLOUT_PROMETHEUS", "http://prometheus:9090");
    int code =
        typed.run(
            "bluegreen",
            "shop",
            "--image",
            "shop:2",
            "--check",
            "p99 < 1s",
            "--in-cluster",
            "--check",
            "error-rate < 1%",
            "--no-guard");

    assertThat(code).as(typed.err()).isZero();
    assertThat(order().job().words())
        .containsExactly(
            "bluegreen",
            "shop",
            "--image",
            "shop:2",
            "--check",
            "p99 < 1s",
            "--check",
            "error-rate < 1%",
            "--output",
            "json");
  }

  @Test
  void guardComesWithItUnlessItIsSaidOtherwise() {
    typed.run(
        "canary",
        "shop",
        "--image",
        "shop:2",
        "--steps",
        "5@1m,50@1m",
        "--in-cluster",
        "--on-lost-driver",
        "hold",
        "--service-account",
        "releaser");

    assertThat(order().job().words())
        .startsWith("canary", "shop")
        .containsSequence("--on-lost-driver", "hold")
        .containsSequence("--guard", "--job-image", "registry.example/rollout:1")
        .containsSequence("--service-account", "releaser");
  }

  @Test
  void routeIsTakenAlong() throws IOException {
    String text =
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: shop}
        spec: {rules: [{backendRefs: [{name: shop, port: 80}]}]}
        """;
    String[] words = {
      "canary",
      "shop",
      "--image",
      "shop:2",
      "--steps",
      "50@1m",
      "--route",
      file("r.yaml", text),
      "--in-cluster",
      "--no-guard"
    };
    assertThat(typed.run(words)).as(typed.err()).isZero();
    assertThat(order().job().words()).containsSequence("--route", "/rollout/r.yaml");
    assertThat(order().files()).containsEntry("r.yaml", text);
  }

  @Test
  void filesAreTakenAlongAsTheyLie() throws IOException {
    file("app/deploy/shop.yaml", DEPLOYMENT);
    file("app/db/migrate.yaml", JOB);
    file(
        "app/db/sql/V1__a.sql", "create table a();\n-- rollout: contract floor=3\nselect 'secret'");
    String strategy =
        file(
            "app/release/strategy.yaml",
            """
            apiVersion: rollout/v1
            kind: BlueGreen
            target: {service: shop}
            candidate: {files: [../deploy/shop.yaml]}
            migration: {job: {file: ../db/migrate.yaml}, lint: {files: ["../db/sql/*.sql"]}}
            """);

    int code = typed.run("bluegreen", "-s", strategy, "--in-cluster");

    assertThat(code).as(typed.err()).isZero();
    assertThat(order().files())
        .containsOnlyKeys(
            "release/strategy.yaml", "deploy/shop.yaml", "db/migrate.yaml", "db/sql/V1__a.sql")
        .containsEntry("deploy/shop.yaml", DEPLOYMENT)
        .containsEntry("db/sql/V1__a.sql", "-- rollout: contract floor=3");
    assertThat(order().job().words())
        .containsSequence("--strategy", "/rollout/release/strategy.yaml");
  }

  @Test
  void stdinIsTakenAlong() {
    typed.stdin = DEPLOYMENT;

    assertThat(typed.run("bluegreen", "shop", "-f", "-", "--in-cluster")).isZero();

    assertThat(order().files()).containsEntry("stdin.yaml", DEPLOYMENT);
    assertThat(order().job().words()).containsSequence("--filename", "/rollout/stdin.yaml");
  }

  @Test
  void prometheusOfTheEnvironmentGoesAlong() {
    typed.environment.put("ROLLOUT_PROMETHEUS", "http://prometheus.monitoring:9090");
    typed.run("bluegreen", "shop", "--image", "shop:2", "--in-cluster");

    assertThat(order().job().environment())
        .containsEntry("ROLLOUT_PROMETHEUS", "http://prometheus.monitoring:9090");
  }

  @Test
  void loginInTheUrlIsRefused() {
    int code =
        typed.run(
            "bluegreen",
            "shop",
            "--image",
            "shop:2",
            "--in-cluster",
            "--prometheus",
            "http://ada:geheim@prometheus:9090");

    assertThat(code).isEqualTo(2);
    assertThat(typed.err())
        .contains("would stand in the Job for everybody to read")
        .doesNotContain("geheim");
    assertThat(typed.verbs.asked).isEmpty();
  }

  @Test
  void secretAmongTheManifestsIsRefused() throws IOException {
    String secret =
        file(
            "secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {p: geheim}\n");
    String shop = file("shop.yaml", DEPLOYMENT);

    int code = typed.run("bluegreen", "shop", "-f", shop, "-f", secret, "--in-cluster");

    assertThat(code).isEqualTo(2);
    assertThat(typed.err())
        .contains("secret.yaml:1")
        .contains("a Secret would be copied into a ConfigMap")
        .doesNotContain("geheim");
  }

  private static final String TELLING =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      candidate: {image: {shop: "shop:2"}}
      notify:
      - {slackFile: %s, tokenFile: /run/secrets/rollout/token}
      - {webhook: "https://events.example/rollouts"}
      """;

  @Test
  void secretsOfNotificationsComeFromASecretThatIsNotReadHere() throws IOException {
    String strategy = file("strategy.yaml", TELLING.formatted("/run/secrets/rollout/slack"));

    int code = typed.run("bluegreen", "-s", strategy, "--in-cluster", "--job-secret", "notify");

    assertThat(code).as(typed.err()).isZero();
    assertThat(order().secret()).contains("notify");
    assertThat(order().files()).containsOnlyKeys("strategy.yaml");
    assertThat(order().job().words()).doesNotContain("--job-secret", "notify");
  }

  @Test
  void secretsOfNotificationsThatTheJobWouldNotHaveAreRefused() throws IOException {
    String here = file("strategy.yaml", TELLING.formatted("secrets/slack"));
    assertThat(typed.run("bluegreen", "-s", here, "--in-cluster", "--job-secret", "notify"))
        .isEqualTo(2);
    assertThat(typed.err())
        .contains("the Job's pod does not have " + folder.resolve("secrets/slack"))
        .contains("write /run/secrets/rollout/KEY instead, and say --job-secret SECRET")
        .doesNotContain("does not have /run/secrets/rollout/token");

    String there = file("strategy.yaml", TELLING.formatted("/run/secrets/rollout/slack"));
    assertThat(typed.run("bluegreen", "-s", there, "--in-cluster")).isEqualTo(2);
    assertThat(typed.err()).contains("the Job's pod does not have /run/secrets/rollout/token");
    assertThat(typed.verbs.asked).isEmpty();
  }

  @Test
  void secretWithoutAJobIsRefused() {
    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--job-secret", "notify"))
        .isEqualTo(2);
    assertThat(typed.err()).contains("--job-secret", "Add --in-cluster");
  }

  @Test
  void moreThanAConfigMapHoldsIsRefused() throws IOException {
    String shop = file("shop.yaml", DEPLOYMENT + "# " + "x".repeat(1_100_000) + "\n");

    assertThat(typed.run("bluegreen", "shop", "-f", shop, "--in-cluster")).isEqualTo(2);
    assertThat(typed.err()).contains("KiB, and a ConfigMap holds 1024 at most");
  }

  @Test
  void noImageIsRefused() {
    typed.environment.remove("ROLLOUT_IMAGE");

    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--in-cluster")).isEqualTo(2);
    assertThat(typed.err()).contains("which image of rollout", "--job-image", "ROLLOUT_IMAGE");
  }

  @Test
  void codeAndLastLineAreTheJobs() {
    typed.verbs.jobEnd =
        new JobEnd(false, 4, "rolled back: errors 7 %", Doc.of("outcome", "rolled-back"));

    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--in-cluster")).isEqualTo(4);
    assertThat(typed.told.getLast().message()).isEqualTo("rolled back: errors 7 %");
    assertThat(typed.told.getLast().fields().number(0, "exitCode")).isEqualTo(4);
  }

  @Test
  void whoStopsToFollowIsNotTheReleasesEnd() {
    typed.verbs.jobEnd = new JobEnd(true, -1, "the release goes on", Doc.EMPTY);

    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--in-cluster")).isEqualTo(130);
    assertThat(typed.told.getLast().fields().textOrEmpty("outcome")).isEqualTo("detached");
  }

  @Test
  void codeThatNobodyKnowsIsNoSuccess() {
    typed.verbs.jobEnd = new JobEnd(false, -1, "ended without a word", Doc.EMPTY);

    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--in-cluster")).isEqualTo(1);
  }

  @Test
  void guardFromHereIsAJobOfItsOwn() {
    assertThat(
            typed.run(
                "bluegreen", "shop", "--image", "shop:2", "--guard", "--on-lost-driver", "resume"))
        .isZero();

    GuardOrder guard =
        typed.verbs.asked.stream()
            .filter(Driving.class::isInstance)
            .map(Driving.class::cast)
            .findFirst()
            .flatMap(Driving::guard)
            .orElseThrow();
    assertThat(guard.job().words())
        .containsExactly("guard", "shop", "--on-lost-driver", "resume", "--output", "json");
  }

  @Test
  void wayOfAGuardThatIsNotThereIsRefused() {
    assertThat(typed.run("bluegreen", "shop", "--image", "shop:2", "--on-lost-driver", "resume"))
        .isEqualTo(2);
    assertThat(typed.err()).contains("there is no guard to do it", "--guard");
  }

  @Test
  void podOfAJobLeavesItsReleaseToTheNextOne() {
    typed.environment.put("ROLLOUT_JOB_UID", "0f4c");
    typed.run("bluegreen", "shop", "--image", "shop:2");
    typed.run("bluegreen", "shop", "--image", "shop:2", "--on-interrupt", "rollback");

    List<Driving> drivings =
        typed.verbs.asked.stream()
            .filter(Driving.class::isInstance)
            .map(Driving.class::cast)
            .toList();
    assertThat(drivings).extracting(Driving::leaveOnInterrupt).containsExactly(true, false);
  }

  @Test
  void guardsOwnCommandIsNotForPeople() {
    assertThat(typed.run("guard", "shop", "--job", "0f4c")).isZero();
    assertThat(typed.verbs.asked.toString()).contains("guard, shop, Optional.empty, 0f4c");
    typed.run("--help");
    assertThat(typed.out()).doesNotContain("guard");
  }
}
