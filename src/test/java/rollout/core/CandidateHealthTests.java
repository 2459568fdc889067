package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Pod;

class CandidateHealthTests {
  private static final Doc GOOD = Seen.pod("c-1", "rs-c", Map.of());

  private static Doc container(String state, Doc what) {
    return Doc.of("name", "app", "restartCount", 0, "state", Doc.of(state, what));
  }

  private static java.util.Optional<String> problem(Doc pod) {
    return CandidateHealth.problem(List.of(new Pod(GOOD), new Pod(pod)));
  }

  @Test
  void aPodThatRunsIsWellReadyOrNot() {
    assertThat(problem(Seen.unready(GOOD))).isEmpty();
  }

  @Test
  void theFirstEndOfAContainerCounts() {
    Doc end = Doc.of("exitCode", 137, "reason", "OOMKilled");
    assertThat(problem(Seen.container(GOOD, container("terminated", end))))
        .contains("container app of pod c-1 ended with exit code 137 (OOMKilled)");
  }

  @Test
  void anEndWithZeroIsAnEndToo() {
    assertThat(problem(Seen.container(GOOD, container("terminated", Doc.of("exitCode", 0)))))
        .contains("container app of pod c-1 ended with exit code 0");
  }

  @Test
  void aRestartCountsThoughItRunsAgain() {
    Doc again =
        container("running", Doc.EMPTY)
            .with(1, "restartCount")
            .with(Doc.of("exitCode", 1, "reason", "Error"), "lastState", "terminated");
    assertThat(problem(Seen.container(GOOD, again)))
        .contains("container app of pod c-1 ended with exit code 1 (Error)");
  }

  @Test
  void whatNeverRanSpeaksNotAgainstTheVersion() {
    Doc pulling = container("waiting", Doc.of("reason", "ErrImagePull"));
    Doc looping =
        container("waiting", Doc.of("reason", "CrashLoopBackOff")).with(2, "restartCount");
    Pod absent = new Pod(Seen.container(GOOD, pulling));
    Pod crashed = new Pod(Seen.container(GOOD, looping));

    assertThat(CandidateHealth.cause(List.of(absent))).isEqualTo(Cause.NOT_STARTED);
    assertThat(CandidateHealth.cause(List.of(crashed))).isEqualTo(Cause.HEALTH);
    assertThat(CandidateHealth.cause(List.of(absent, crashed))).isEqualTo(Cause.HEALTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError",
        "CreateContainerError", "RunContainerError", "CrashLoopBackOff", "ErrImageNeverPull"
      })
  void aContainerThatCannotStartIsNamedWithItsReason(String reason) {
    Doc waiting = container("waiting", Doc.of("reason", reason, "message", "no such\nmore"));
    assertThat(problem(Seen.container(GOOD, waiting)))
        .contains("container app of pod c-1 cannot start: " + reason + " (no such)");
  }

  @Test
  void aContainerThatIsBeingCreatedIsWell() {
    Doc waiting = container("waiting", Doc.of("reason", "ContainerCreating"));
    assertThat(problem(Seen.container(GOOD, waiting))).isEmpty();
  }

  @Test
  void aPodThatIsBeingDeletedDoesNotCount() {
    Doc ended = Seen.container(GOOD, container("terminated", Doc.of("exitCode", 143)));
    assertThat(problem(ended.with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp")))
        .isEmpty();
  }

  @Test
  void anInitContainerMayEndWellOnlyOnceAndOnlyWell() {
    Doc well = container("terminated", Doc.of("exitCode", 0)).with("init", "name");
    Doc bad = container("terminated", Doc.of("exitCode", 3)).with("init", "name");
    assertThat(problem(GOOD.with(List.of(well), "status", "initContainerStatuses"))).isEmpty();
    assertThat(problem(GOOD.with(List.of(bad), "status", "initContainerStatuses")))
        .contains("container init of pod c-1 ended with exit code 3");
    assertThat(
            problem(
                GOOD.with(
                    List.of(well.with(1, "restartCount")), "status", "initContainerStatuses")))
        .contains("container init of pod c-1 restarted");
  }

  @Test
  void aSidecarMustNotEndAtAll() {
    Doc pod =
        GOOD.with(
                List.of(Doc.of("name", "proxy", "restartPolicy", "Always")),
                "spec",
                "initContainers")
            .with(
                List.of(container("terminated", Doc.of("exitCode", 0)).with("proxy", "name")),
                "status",
                "initContainerStatuses");
    assertThat(problem(pod)).contains("container proxy of pod c-1 ended with exit code 0");
  }

  @Test
  void anEvictedPodIsNamed() {
    assertThat(problem(GOOD.with("Failed", "status", "phase").with("Evicted", "status", "reason")))
        .contains("pod c-1 ended: Evicted");
  }

  @Test
  void whatHappenedToThePodsOfAnOldDeploymentBeforeIsNoNews() {
    Doc again =
        container("running", Doc.EMPTY)
            .with(4, "restartCount")
            .with(
                Doc.of("exitCode", 1, "finishedAt", "2025-12-31T00:00:00Z"),
                "lastState",
                "terminated");
    List<Pod> pods = List.of(new Pod(Seen.container(GOOD, again)));
    assertThat(CandidateHealth.problem(pods, Seen.NOW)).isEmpty();
    assertThat(CandidateHealth.problem(pods, Instant.parse("2025-12-30T00:00:00Z"))).isPresent();
  }

  @Test
  void saysWhyAPodIsNotReady() {
    Doc nowhere =
        GOOD.with(
            List.of(
                Doc.of(
                    "type", "PodScheduled", "status", "False", "message", "0/3 nodes: cpu\nmore")),
            "status",
            "conditions");
    assertThat(CandidateHealth.whyNotReady(List.of(new Pod(GOOD), new Pod(nowhere))))
        .isEqualTo("pod c-1 is on no node: 0/3 nodes: cpu");
    assertThat(CandidateHealth.whyNotReady(List.of(new Pod(Seen.unready(GOOD)))))
        .isEqualTo("pod c-1 is not ready: probe failed");
    assertThat(CandidateHealth.whyNotReady(List.of())).isEqualTo("no pod of it is there");
  }

  @Test
  void whatOneOfManyPodsNeverRanSpeaksNotAgainstTheVersion() {
    Doc pulling = container("waiting", Doc.of("reason", "ErrImagePull"));
    Pod absent = new Pod(Seen.container(GOOD, pulling));
    assertThat(CandidateHealth.cause(List.of(new Pod(GOOD), absent))).isEqualTo(Cause.NOT_STARTED);
  }

  @Test
  void whatRunsOrHasEndedHasStarted() {
    Doc creating = container("waiting", Doc.of("reason", "ContainerCreating"));
    Doc done = container("terminated", Doc.of("exitCode", 0));
    Pod waits = new Pod(Seen.container(GOOD, creating));
    Pod ended = new Pod(Seen.container(GOOD, done));

    assertThat(CandidateHealth.cause(List.of(waits))).isEqualTo(Cause.NOT_STARTED);
    assertThat(CandidateHealth.cause(List.of(waits, ended))).isEqualTo(Cause.HEALTH);
    assertThat(CandidateHealth.cause(List.of(waits, new Pod(Seen.unready(GOOD)))))
        .isEqualTo(Cause.HEALTH);
  }

  @Test
  void theEndsOfPodsThatAreBeingDeletedAreNoCause() {
    Doc killed = Seen.container(GOOD, container("terminated", Doc.of("exitCode", 137)));
    Doc leaving = killed.with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp");
    Doc pulling = container("waiting", Doc.of("reason", "ImagePullBackOff"));
    Pod absent = new Pod(Seen.container(GOOD, pulling));
    assertThat(CandidateHealth.cause(List.of(absent, new Pod(killed)))).isEqualTo(Cause.HEALTH);
    assertThat(CandidateHealth.cause(List.of(absent, new Pod(leaving))))
        .isEqualTo(Cause.NOT_STARTED);
  }

  @Test
  void anInitContainerThatCannotStartIsNamed() {
    Doc waiting = container("waiting", Doc.of("reason", "ImagePullBackOff")).with("init", "name");
    assertThat(problem(GOOD.with(List.of(waiting), "status", "initContainerStatuses")))
        .contains("container init of pod c-1 cannot start: ImagePullBackOff");
  }

  @Test
  void ofALongMessageTheBeginningOfItsFirstLineIsTold() {
    String most = "x".repeat(300);
    assertThat(CandidateHealth.firstLine(most)).isEqualTo(most);
    assertThat(CandidateHealth.firstLine(most + "y\nz")).isEqualTo(most + "…");
    assertThat(CandidateHealth.firstLine("\nno first line")).isEmpty();
  }
}
