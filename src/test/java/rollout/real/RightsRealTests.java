package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.plan.Feature;

/**
 * The program under exactly the published Roles, on a real API server; it needs no node. A request
 * that is forbidden is a right that is missing, a rule that no story needs is one too many.
 */
class RightsRealTests {
  private static FullLab lab;

  @TempDir Path folder;

  @BeforeAll
  static void find() {
    try {
      lab = FullLab.findAny();
    } catch (FullLab.MissingException e) {
      abort(Level4.skipped(e.getMessage()));
    }
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String job(String name, String command) {
    return """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: %s}
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: %s, image: "busybox:lab", command: [sh, -c, "%s"]}]
    """
        .formatted(name, name, command);
  }

  private static final String SCALER =
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: shop}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
        minReplicas: 2
        maxReplicas: 4
      """;

  private static final String PRESET =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      migration: {preset: golang-migrate, image: "busybox:lab"}
      """;

  private static void ends(Program program, int code) {
    long began = System.nanoTime();
    Program.Ended ended = program.end();
    System.out.println("ZZ " + (System.nanoTime() - began) / 1_000_000_000.0);
    try {
      Files.writeString(
          Path.of("/tmp/hd/trace"),
          "=========== " + ended.exitCode() + "\n" + ended.transcript(),
          java.nio.file.StandardOpenOption.APPEND,
          java.nio.file.StandardOpenOption.CREATE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(code);
  }

  private static Program release(Account person, String image, String... more) {
    List<String> words =
        new java.util.ArrayList<>(
            List.of("bluegreen", "shop", "--image", "shop=" + image, "--bake", "0s"));
    words.addAll(List.of("--timeout", "60s"));
    words.addAll(List.of(more));
    return person.rollout(words.toArray(String[]::new));
  }

  @Test
  void releasesTakeWhatTheirRolesGrantAndNothingElse() throws IOException {
    try (Account person = Account.releasing(lab, Feature.RELEASE, Feature.AUTOSCALER)) {
      person.apply(Resources.text("shop.yaml").replace("replicas: 3", "replicas: 2"));
      person.apply(SCALER);
      String good = file("migrate.yaml", job("migrate", "exit 0"));
      String bad = file("fail.yaml", job("migrate", "exit 1"));
      String smoke = file("smoke.yaml", job("smoke", "exit 0"));

      ends(release(person, "demo:v2", "--migrate", good, "--smoke", smoke), 0);
      ends(release(person, "demo:v3", "--migrate", bad), 4);
      ends(person.rollout("rollback", "shop"), 0);
      ends(person.rollout("history", "shop"), 0);

      ends(release(person, "demo:v3", "--hold", "--no-wait", "--preview", "shop-preview"), 8);
      Program watching = person.rollout("status", "shop", "--watch");
      ends(person.rollout("resume", "shop", "--no-wait"), 8);
      person.kubectl("delete", "configmap", "rollout-shop");
      ends(person.rollout("repair", "shop"), 0);
      ends(watching, 0);
      ends(person.rollout("migration", "status", "-s", file("strategy.yaml", PRESET)), 0);

      System.out.println("unused " + person.unused());
      System.out.println("denied " + person.denied());
      assertThat(person.denied()).isEmpty();
      assertThat(person.unused()).isEmpty();
    }
  }
}
