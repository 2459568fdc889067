package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/**
 * What can happen to a migration's Job, on a real node: the rows of which a node has its own say.
 */
class JobRowsRealTests extends OnTheShop {
  private static final String JOB = "rollout-shop-r1-migrate";

  /** Releases with a migration in a shell; nothing is proven, to be short. */
  private Program release(String script, String jobSpec, String podSpec) {
    shop.file(
        "migrate.yaml",
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate}
        spec:
          %s
          template:
            spec:
              restartPolicy: Never
              %s
              containers: [{name: migrate, image: "busybox:lab", command: [sh, -c, "%s"]}]
        """
            .formatted(jobSpec, podSpec, script));
    String strategy =
        """
        apiVersion: rollout/v1
        kind: BlueGreen
        target: {service: shop}
        migration:
          job: {file: migrate.yaml}
          compatibility: {freshPod: false, watchStable: 0s}
        blueGreen: {bake: 2s}
        """;
    return shop.rollout(
        "bluegreen", "--image", "demo:v2", "-s", shop.file("shop.yaml", strategy).toString());
  }

  private void assertWentBack(Program.Ended ended, String why) {
    assertEnded(ended, 4, "rolled-back");
    assertThat(ended.last().textOrEmpty("message")).contains(why).contains("never moved");
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v1");
    assertThat(shop.leftovers()).isEmpty();
  }

  private static Doc running(Program release) {
    return release.await(
        "the migration's first words",
        event ->
            event.textOrEmpty("type").equals("migration")
                && event.textList("log").contains("begun"));
  }

  @Test
  void deadlineOfTheJobEndsItAndItsLogIsKeptThoughItsPodIsGone() {
    Program.Ended ended = release("echo begun; sleep 300", "activeDeadlineSeconds: 6", "").end();
    assertWentBack(ended, "DeadlineExceeded");
    assertThat(ended.events("migration"))
        .anyMatch(event -> event.textList("log").contains("begun"));
  }

  @Test
  void nativeSidecarEndsWithTheMigration() {
    String sidecar =
        "initContainers: [{name: proxy, image: \"busybox:lab\", restartPolicy: Always,"
            + " command: [sh, -c, \"sleep 300\"]}]";
    Program.Ended ended = release("echo begun; sleep 2", "backoffLimit: 0", sidecar).end();
    assertEnded(ended, 0, "done");
  }

  @Test
  void queueThatSuspendsTheJobAgainIsWaitedFor() {
    Program release = release("echo begun; sleep 3", "activeDeadlineSeconds: 20", "");
    running(release);
    shop.kubectl("patch", "job", JOB, "-p", "{\"spec\":{\"suspend\":true}}");
    release.await(
        "the wait for its turn",
        event -> event.textOrEmpty("message").contains("is suspended by kubectl"));
    shop.kubectl("patch", "job", JOB, "-p", "{\"spec\":{\"suspend\":false}}");
    assertEnded(release.end(), 0, "done");
  }

  @Test
  void jobThatIsDeletedIsUnknownAndNoSuccess() {
    Program release = release("echo begun; sleep 300", "backoffLimit: 0", "");
    running(release);
    shop.kubectl("delete", "job", JOB);
    assertWentBack(release.end(), "Job " + JOB + " has vanished");
  }

  @Test
  void podThatIsDrainedAwayIsNotTriedAgain() {
    Program release = release("echo begun; sleep 300", "backoffLimit: 0", "");
    running(release);
    shop.kubectl("delete", "pods", "-l", "job-name=" + JOB, "--grace-period=1");
    assertWentBack(release.end(), "failed with exit code 137");
    assertThat(shop.kubectl("get", "pods", "-l", "job-name=" + JOB, "-o", "name").lines())
        .as("no second try")
        .isEmpty();
  }

  @Test
  void podThatThePolicyForbidsIsNamedThoughTheJobNeverFails() {
    Tools.restricted(shop);
    Program.Ended ended = release("echo begun", "backoffLimit: 0", "").end();
    assertWentBack(ended, "violates PodSecurity");
  }
}
