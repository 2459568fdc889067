package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Marks;
import rollout.plan.JobRole;
import rollout.plan.Release;
import rollout.plan.Release.JobName;
import rollout.plan.Release.Proof;
import rollout.plan.Step;
import rollout.strategy.Migration.OnStableBroken;

/** Jobs of every role: what each one's end means, and what is no end. */
class JobEndsTests {
  private static final String NAME = Seen.MIGRATION.name();
  private static final JobName SMOKE = new JobName("rollout-shop-r2-smoke", "spec-2");
  private static final JobName UNDO = new JobName("rollout-shop-r2-undo", "spec-3");
  private final RolloutState migrate = Seen.in(Seen.migrating(), Step.RunJob.class);

  private static Doc job(JobName name) {
    Doc template = Doc.of("spec", Doc.of("containers", List.of(Doc.of("name", "flyway"))));
    return Doc.of(
        "metadata",
        Doc.of(
            "name", name.name(),
            "namespace", "web",
            "uid", "j-uid",
            "resourceVersion", "30",
            "annotations", Map.of(Marks.SPEC_HASH, name.specHash())),
        "spec",
        Doc.of("suspend", false, "template", template));
  }

  private static Doc ended(JobName name, String condition) {
    return job(name)
        .with(
            List.of(
                Doc.of("type", condition, "status", "True", "reason", "Odd", "message", "it did")),
            "status",
            "conditions");
  }

  /** Of a Job that does not start its container again. */
  private static Doc once(JobName name) {
    return job(name)
        .with("Never", "spec", "template", "spec", "restartPolicy")
        .with(0, "spec", "backoffLimit");
  }

  private static Doc pod(Doc... containers) {
    return Seen.pod("m-1", "j-uid", Map.of())
        .with(List.of(containers), "status", "containerStatuses");
  }

  private static Doc container(String name, String state, Doc what) {
    return Doc.of("name", name, "state", Doc.of(state, what));
  }

  private static Doc running(String name) {
    return container(name, "running", Doc.EMPTY);
  }

  private static Doc end(String name, int code) {
    return container(name, "terminated", Doc.of("exitCode", code));
  }

  // ---- let go

  @Test
  void jobInItsSecondGenerationIsLetGo() {
    Doc suspended = job(Seen.MIGRATION).with(true, "spec", "suspend");
    for (int generation : List.of(1, 2)) {
      Doc seen = suspended.with(generation, "metadata", "generation");
      assertThat(Seen.at(migrate).job(seen).decide()).isInstanceOf(Act.class);
    }
  }

  @Test
  void whoeverSuspendsItAgainIsNamed() {
    Doc entry =
        Doc.of(
            "manager",
            "kubectl-patch",
            "time",
            "2026-01-01T11:59:00Z",
            "fieldsV1",
            Doc.of("f:spec", Doc.EMPTY));
    Doc suspended =
        job(Seen.MIGRATION)
            .with(true, "spec", "suspend")
            .with(3, "metadata", "generation")
            .with(List.of(entry), "metadata", "managedFields");
    assertThat(Seen.at(migrate).job(suspended).decide().why())
        .isEqualTo(
            "Job "
                + NAME
                + " is suspended by kubectl-patch, 2026-01-01T11:59:00Z: waiting for its turn");
  }

  // ---- no end

  @Test
  void sidecarThatEndsFirstIsNoEnd() {
    for (int code : List.of(0, 1)) {
      Seen seen =
          Seen.at(migrate)
              .job(once(Seen.MIGRATION))
              .pod(pod(running("flyway"), end("proxy", code)));
      assertThat(seen.decide()).as("exit code %d", code).isInstanceOf(Wait.class);
    }
  }

  @Test
  void mainContainerThatRunsHasNotFailed() {
    Seen seen = Seen.at(migrate).job(once(Seen.MIGRATION)).pod(pod(running("flyway")));
    assertThat(seen.decide())
        .isEqualTo(new Wait(Seen.NOW.plus(Timings.IDLE), "waiting for Job " + NAME));
  }

  @Test
  void podThatIsOnItsWayOutOrHasEndedIsNotStuck() {
    Doc stuck =
        pod(container("flyway", "waiting", Doc.of("reason", "ErrImagePull", "message", "no")));
    assertThat(Seen.at(migrate).job(job(Seen.MIGRATION)).pod(stuck).decide().why())
        .isEqualTo("ErrImagePull (no)");
    Doc leaving = stuck.with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp");
    Doc failed = stuck.with("Failed", "status", "phase");
    for (Doc over : List.of(leaving, failed)) {
      assertThat(Seen.at(migrate).job(job(Seen.MIGRATION)).pod(over).decide())
          .isInstanceOf(Wait.class);
    }
  }

  @Test
  void eventOfAnEarlierPodIsNoNewsOnceItRuns() {
    Seen seen =
        Seen.at(migrate)
            .job(job(Seen.MIGRATION))
            .pod(pod(running("flyway")))
            .jobEvent("FailedMount (timeout)");
    assertThat(seen.decide()).isInstanceOf(Wait.class);
  }

  // ---- roles

  @Test
  void contractIsCalledSo() {
    RolloutState contract = Seen.in(Releases.contract(), Step.RunJob.class);
    Advance done = (Advance) Seen.at(contract).job(ended(Seen.MIGRATION, "Complete")).decide();
    assertThat(done.events())
        .extracting(Event::message)
        .containsExactly("the contract succeeded (Job " + NAME + ")");
  }

  @Test
  void smokeTestIsRunWhateverWasSaidOfStable() {
    RolloutState smoke =
        Seen.in(Releases.smoked(Seen.copy(), SMOKE), Step.RunJob.class)
            .noting(StableBroken.FORWARD, "ada");
    Doc over = ended(SMOKE, "Complete");
    assertThat(JobSteps.run(Seen.at(smoke).job(job(SMOKE)).sight(), JobRole.SMOKE))
        .isEqualTo(new Wait(Seen.NOW.plus(Timings.IDLE), "waiting for Job " + SMOKE.name()));
    Advance done = (Advance) JobSteps.run(Seen.at(smoke).job(over).sight(), JobRole.SMOKE);
    assertThat(done.events())
        .extracting(Event::message)
        .containsExactly("the smoke test succeeded (Job " + SMOKE.name() + ")");
  }

  private static RolloutState undoing(OnStableBroken wanted, Cause cause, boolean shifted) {
    Proof proof = new Proof(Optional.empty(), Optional.empty(), Duration.ZERO, wanted);
    Release release = Releases.proving(proof, Optional.of(UNDO));
    RolloutState state = Seen.back(release, Step.StartCandidate.class, Step.RunJob.class);
    GoingBack going = state.going().orElseThrow();
    return state.going(
        new GoingBack(
            cause,
            "it cannot live with it",
            going.leftAt(),
            shifted,
            going.detected(),
            going.decided(),
            going.written(),
            going.observed()));
  }

  @Test
  void migrationIsUndoneOnlyForAStableThatCannotLiveWithIt() {
    RolloutState undo = undoing(OnStableBroken.UNDO, Cause.COMPATIBILITY, false);
    Doc failed = ended(UNDO, "Failed");
    Seen seen = Seen.at(undo).job(failed).pod(pod(end("flyway", 3)));
    Finish partly = (Finish) JobSteps.run(seen.sight(), JobRole.UNDO);
    assertThat(partly.outcome().result()).isEqualTo(Result.ROLLED_BACK_PARTLY);
    assertThat(partly.why()).startsWith("the undo of the migration failed with exit code 3");
    for (RolloutState stays :
        List.of(
            undoing(OnStableBroken.UNDO, Cause.HEALTH, false),
            undoing(OnStableBroken.UNDO, Cause.COMPATIBILITY, true),
            undoing(OnStableBroken.HOLD, Cause.COMPATIBILITY, false))) {
      assertThat(JobSteps.run(Seen.at(stays).job(failed).sight(), JobRole.UNDO))
          .isEqualTo(new Advance(stays.next(Seen.NOW), "the migration stays"));
    }
  }
}
