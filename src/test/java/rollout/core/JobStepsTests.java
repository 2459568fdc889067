package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Phase;
import rollout.model.Ref;
import rollout.plan.JobRole;
import rollout.plan.Step;

class JobStepsTests {
  private static final String NAME = Seen.MIGRATION.name();
  private final RolloutState state = Seen.in(Seen.migrating(), Step.RunJob.class);

  private static Doc job() {
    return Doc.of(
        "metadata",
        Doc.of(
            "name", NAME,
            "namespace", "web",
            "uid", "j-uid",
            "resourceVersion", "30",
            "annotations", Map.of(Marks.SPEC_HASH, "spec-1")),
        "spec",
        Doc.of(
            "suspend",
            false,
            "template",
            Doc.of("spec", Doc.of("containers", List.of(Doc.of("name", "flyway"))))));
  }

  private static Doc condition(String type) {
    return job()
        .with(
            List.of(
                Doc.of(
                    "type",
                    type,
                    "status",
                    "True",
                    "reason",
                    "BackoffLimitExceeded",
                    "message",
                    "it failed")),
            "status",
            "conditions");
  }

  private static Doc pod(String state, Doc what) {
    return Seen.container(
        Seen.pod("m-1", "j-uid", Map.of()), Doc.of("name", "flyway", "state", Doc.of(state, what)));
  }

  private static Doc waiting(String reason) {
    return pod("waiting", Doc.of("reason", reason, "message", "no such thing"));
  }

  private void goesBack(Decision decision, Cause cause, String reason) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Advance.class,
            advance ->
                assertThat(
                        advance.next().going().map(going -> going.cause() + ": " + going.reason()))
                    .contains(cause + ": " + reason));
  }

  @Test
  void letsGoASuspendedJobOnTheVersionThatWasSeen() {
    assertThat(Seen.at(state).job(job().with(true, "spec", "suspend")).decide())
        .isEqualTo(
            new Act(
                new Action.Change(
                    new Ref(Kind.JOB, "web", NAME),
                    Patch.at("30").put(false, "spec", "suspend"),
                    "suspend: true",
                    "suspend: false",
                    false,
                    false),
                "Job " + NAME + " may run"));
  }

  @Test
  void whoeverSuspendsItAgainIsWaitedFor() {
    Doc suspended = job().with(true, "spec", "suspend").with(3, "metadata", "generation");
    assertThat(Seen.at(state).job(suspended).decide().why())
        .isEqualTo("Job " + NAME + " is suspended by somebody: waiting for its turn");
    Doc queued = suspended.with("team-a", "metadata", "labels", "kueue.x-k8s.io/queue-name");
    assertThat(Seen.at(state).job(queued).decide())
        .isInstanceOf(Decision.Wait.class)
        .extracting(Decision::why)
        .isEqualTo("Job " + NAME + " is suspended by queue team-a: waiting for its turn");
  }

  @Test
  void volumeThatCannotBeMountedIsToldByTheEvent() {
    RolloutState noticed =
        state.counting(state.tallies().stuckIn(Optional.of(new Tallies.Stuck("mount", Seen.NOW))));
    Seen seen =
        Seen.at(state)
            .job(job())
            .pod(waiting("ContainerCreating"))
            .jobEvent("FailedMount (configmap \"sql\" not found)");
    assertThat(Decider.decide(noticed, seen.after(Duration.ofSeconds(119)).look()))
        .isInstanceOf(Decision.Wait.class);
    goesBack(
        Decider.decide(noticed, seen.after(Duration.ofMinutes(2)).look()),
        Cause.JOB,
        "the migration cannot start: FailedMount (configmap \"sql\" not found)");
  }

  @Test
  void nativeSidecarThatWasEndedIsNoFailure() {
    Doc pod =
        Seen.container(
            pod("terminated", Doc.of("exitCode", 0)),
            Doc.of("name", "proxy", "state", Doc.of("terminated", Doc.of("exitCode", 143))));
    assertThat(Seen.at(state).job(condition("Complete")).pod(pod).decide().why())
        .isEqualTo("Job " + NAME + " succeeded");
  }

  @ParameterizedTest
  @CsvSource({"Complete", "SuccessCriteriaMet"})
  void goesOnWhenItHasSucceeded(String type) {
    assertThat(Seen.at(state).job(condition(type)).decide())
        .isEqualTo(
            new Advance(
                state.next(Seen.NOW),
                "Job " + NAME + " succeeded",
                List.of(
                    new Event(
                        Event.MIGRATION,
                        Phase.MIGRATE,
                        "the migration succeeded (Job " + NAME + ")",
                        Doc.of(
                            "job",
                            NAME,
                            "state",
                            "succeeded",
                            "exitCode",
                            0L,
                            "log",
                            List.of())))));
  }

  @ParameterizedTest
  @CsvSource({"Failed", "FailureTarget"})
  void goesBackWhenItHasFailedAndSaysWithWhat(String type) {
    Seen seen = Seen.at(state).job(condition(type)).pod(pod("terminated", Doc.of("exitCode", 3)));
    goesBack(
        seen.decide(),
        Cause.JOB,
        "the migration failed with exit code 3: Job " + NAME + " BackoffLimitExceeded: it failed");
  }

  @Test
  void aFailureSeenBeforeItsPodsEndWaitsShortlyForTheExitCode() {
    Seen seen = Seen.at(state).job(condition("Failed")).pod(pod("running", Doc.EMPTY));
    Seen late = seen.after(Duration.ofSeconds(100));
    RolloutState noticed =
        state.counting(
            state
                .tallies()
                .stuckIn(Optional.of(new Tallies.Stuck("last-word", Seen.NOW.plusSeconds(100)))));
    assertThat(late.decide())
        .isEqualTo(new Advance(noticed, "it failed, its exit code is to come"));
    assertThat(Decider.decide(noticed, seen.after(Duration.ofSeconds(101)).look()))
        .isEqualTo(
            new Wait(
                Seen.NOW.plusSeconds(102),
                "waiting for Job " + NAME + ": it failed, its exit code is to come"));
    goesBack(
        Decider.decide(noticed, seen.after(Duration.ofSeconds(102)).look()),
        Cause.JOB,
        "the migration failed: Job " + NAME + " BackoffLimitExceeded: it failed");
  }

  @Test
  void aSidecarThatLivesOnDoesNotHoldASuccess() {
    Doc pod =
        pod("terminated", Doc.of("exitCode", 0))
            .with(
                List.of(
                    Doc.of("name", "flyway", "state", Doc.of("terminated", Doc.of("exitCode", 0))),
                    Doc.of("name", "proxy", "state", Doc.of("running", Doc.EMPTY))),
                "status",
                "containerStatuses");
    assertThat(Seen.at(state).job(job()).pod(pod).decide().why())
        .isEqualTo("Job " + NAME + " succeeded");
  }

  @Test
  void oneOfSeveralCompletionsIsNoSuccessYet() {
    Seen seen =
        Seen.at(state)
            .job(job().with(2, "spec", "completions"))
            .pod(pod("terminated", Doc.of("exitCode", 0)));
    assertThat(seen.decide())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(30), "waiting for Job " + NAME));
  }

  @Test
  void aJobThatHasVanishedIsNoSuccess() {
    goesBack(
        Seen.at(state).decide(),
        Cause.JOB,
        "Job " + NAME + " has vanished, so nobody knows whether it ran");
  }

  @Test
  void aJobOfAnotherSpecIsNotTheOne() {
    goesBack(
        Seen.at(state)
            .job(job().with("other", "metadata", "annotations", Marks.SPEC_HASH))
            .decide(),
        Cause.DRIFT,
        "Job " + NAME + " is not the one that was made");
  }

  @ParameterizedTest
  @CsvSource({
    "CreateContainerConfigError, spec, 10",
    "InvalidImageName, spec, 10",
    "ErrImagePull, image, 60",
    "ImagePullBackOff, image, 60",
  })
  void aStuckStateCountsFromTheLookThatSawItFirst(String reason, String kind, int seconds) {
    // An hour into the step: only the state's own age may count.
    Instant first = Seen.NOW.plusSeconds(3600);
    Seen seen = Seen.at(state).job(job()).pod(waiting(reason));
    RolloutState noticed =
        state.counting(state.tallies().stuckIn(Optional.of(new Tallies.Stuck(kind, first))));
    String why = reason + " (no such thing)";

    assertThat(Decider.decide(state, seen.after(Duration.ofSeconds(3600)).look()))
        .isEqualTo(new Advance(noticed, why));
    assertThat(Decider.decide(noticed, seen.after(Duration.ofSeconds(3600 + seconds - 1)).look()))
        .isEqualTo(new Wait(first.plusSeconds(seconds), "waiting for Job " + NAME + ": " + why));
    goesBack(
        Decider.decide(noticed, seen.after(Duration.ofSeconds(3600 + seconds)).look()),
        Cause.JOB,
        "the migration cannot start: " + why);
  }

  @Test
  void aStateThatPassesIsForgotten() {
    RolloutState noticed =
        state.counting(state.tallies().stuckIn(Optional.of(new Tallies.Stuck("image", Seen.NOW))));
    Seen seen = Seen.at(state).job(job()).pod(pod("running", Doc.EMPTY));
    assertThat(Decider.decide(noticed, seen.after(Duration.ofHours(1)).look()))
        .isEqualTo(new Advance(state, "nothing keeps Job " + NAME + " from starting"));
  }

  @Test
  void aPodOnNoNodeIsGivenTwoMinutes() {
    Doc pod =
        Seen.pod("m-1", "j-uid", Map.of())
            .with(
                List.of(
                    Doc.of(
                        "type",
                        "PodScheduled",
                        "status",
                        "False",
                        "reason",
                        "Unschedulable",
                        "message",
                        "0/3 nodes")),
                "status",
                "conditions");
    RolloutState noticed =
        state.counting(
            state.tallies().stuckIn(Optional.of(new Tallies.Stuck("unschedulable", Seen.NOW))));
    Seen seen = Seen.at(state).job(job()).pod(pod);
    assertThat(Decider.decide(noticed, seen.after(Duration.ofSeconds(119)).look()))
        .isInstanceOf(Wait.class);
    goesBack(
        Decider.decide(noticed, seen.after(Duration.ofSeconds(120)).look()),
        Cause.JOB,
        "the migration cannot start: Unschedulable (0/3 nodes)");
  }

  @Test
  void aPodThatCannotBeMadeIsToldByTheEvent() {
    RolloutState noticed =
        state.counting(state.tallies().stuckIn(Optional.of(new Tallies.Stuck("no-pod", Seen.NOW))));
    Seen seen = Seen.at(state).job(job()).jobEvent("exceeded quota: small");
    goesBack(
        Decider.decide(noticed, seen.after(Duration.ofSeconds(30)).look()),
        Cause.JOB,
        "the migration cannot start: no pod could be made: exceeded quota: small");
  }

  // ---- the way back

  private final RolloutState awaiting =
      Seen.back(Seen.migrating(), Step.RunJob.class, Step.AwaitMigration.class);

  @Test
  void aMigrationThatHasNotBegunIsSuspendedAgain() {
    assertThat(Seen.at(awaiting).job(job()).decide())
        .isEqualTo(
            new Act(
                new Action.Change(
                    new Ref(Kind.JOB, "web", NAME),
                    Patch.at("30").put(true, "spec", "suspend"),
                    "suspend: false",
                    "suspend: true",
                    false,
                    false),
                "the migration has not begun, and shall not any more"));
  }

  @Test
  void aMigrationThatRunsIsNeverKilled() {
    Seen seen = Seen.at(awaiting).job(job()).pod(pod("running", Doc.EMPTY));
    Advance told = (Advance) seen.decide();
    assertThat(told.next().step()).isEqualTo(awaiting.step());
    assertThat(Decider.decide(told.next(), seen.look()))
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(30), "waiting for the end of Job " + NAME));
  }

  @Test
  void aMigrationThatIsOverHoldsNothing() {
    for (Doc over :
        List.of(condition("Failed"), condition("Complete"), job().with(true, "spec", "suspend"))) {
      assertThat(Seen.at(awaiting).job(over).decide())
          .isEqualTo(new Advance(awaiting.next(Seen.NOW), "no migration runs"));
    }
    Seen sidecar = Seen.at(awaiting).job(job()).pod(pod("terminated", Doc.of("exitCode", 0)));
    assertThat(sidecar.decide())
        .isEqualTo(new Advance(awaiting.next(Seen.NOW), "no migration runs"));
  }

  @Test
  void aMainContainerThatFailsBesideASidecarDoesNotWaitForTheDeadline() {
    Doc once = job().with("Never", "spec", "template", "spec", "restartPolicy");
    Doc alone = pod("terminated", Doc.of("exitCode", 3));
    Doc end = alone.docs("status", "containerStatuses").getFirst();
    Doc sidecar = Doc.of("name", "proxy", "state", Doc.of("running", Doc.EMPTY));
    Doc accompanied = alone.with(List.of(end, sidecar), "status", "containerStatuses");
    Doc job = once.with(0, "spec", "backoffLimit");
    String failed = "the migration failed with exit code 3: Job " + NAME;
    goesBack(
        Seen.at(state).job(job).pod(accompanied).decide(),
        Cause.JOB,
        failed + " runs on, with a sidecar only");
    goesBack(Seen.at(state).job(job).pod(alone).decide(), Cause.JOB, failed + " has ended");
  }

  @Test
  void aMainContainerThatMayTryAgainIsWaitedFor() {
    Doc ended = pod("terminated", Doc.of("exitCode", 3));
    Doc never = job().with("Never", "spec", "template", "spec", "restartPolicy");
    Doc inPlace = job().with("OnFailure", "spec", "template", "spec", "restartPolicy");
    for (Doc again :
        List.of(
            never,
            never.with(1, "spec", "backoffLimit"),
            inPlace.with(0, "spec", "backoffLimit"))) {
      assertThat(Seen.at(state).job(again).pod(ended).decide()).isInstanceOf(Wait.class);
    }
  }

  @Test
  void namesTheMainContainer() {
    assertThat(JobSteps.mainContainer(new rollout.model.Job(job()))).isEqualTo("flyway");
    assertThat(JobSteps.said(JobRole.SMOKE)).isEqualTo("the smoke test");
  }
}
