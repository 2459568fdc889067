package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.plan.JobRole;
import rollout.plan.Release.JobName;

/**
 * A Job run to its end: let go once, decided on its conditions and on the states it would stay
 * stuck in. A Job that has vanished is unknown, never a success.
 */
final class JobSteps {
  private static final Set<String> WRONG_SPEC =
      Set.of(
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");
  private static final Set<String> NO_IMAGE =
      Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable");

  private JobSteps() {}

  /** Row 2, and the smoke test of row 8. */
  static Decision run(Sight sight, JobRole role) {
    JobName name = sight.release().job(role).orElseThrow();
    Job live = sight.seen().jobs().get(name.name());
    if (live == null) {
      return Turning.back(
          sight, Cause.JOB, "Job " + name.name() + " has vanished, so nobody knows whether it ran");
    }
    if (!live.uid().equals(sight.state().uids().getOrDefault("Job/" + name.name(), live.uid()))
        || !live.specHash().equals(name.specHash())) {
      return Turning.back(
          sight, Cause.DRIFT, "Job " + name.name() + " is not the one that was made");
    }
    if (live.succeeded() || mainContainerDone(sight, live)) {
      return Ends.done(
          sight, "Job " + name.name() + " succeeded", List.of(event(role, live, "succeeded", 0)));
    }
    if (live.failed()) {
      return Turning.back(sight, Cause.JOB, failure(sight, role, live));
    }
    if (live.suspended()) {
      return letGo(live);
    }
    return stuck(sight, live)
        .<Decision>map(why -> Turning.back(sight, Cause.JOB, said(role) + " cannot start: " + why))
        .orElseGet(() -> new Wait(nextLook(sight), "waiting for Job " + name.name()));
  }

  private static Decision letGo(Job live) {
    Patch patch = Patch.at(live.version()).put(false, "spec", "suspend");
    return new Act(
        new Action.Change(live.ref(), patch, "suspend: true", "suspend: false", false, false),
        "Job " + live.name() + " may run");
  }

  private static java.time.Instant nextLook(Sight sight) {
    // A stuck state becomes a failure by time alone, so a look is due when the next limit passes.
    return List.of(
            Timings.STUCK_SPEC,
            Timings.STUCK_NO_POD,
            Timings.STUCK_IMAGE,
            Timings.STUCK_UNSCHEDULABLE)
        .stream()
        .map(limit -> sight.until(limit).plusMillis(1))
        .filter(at -> at.isAfter(sight.now()))
        .findFirst()
        .orElse(sight.now().plus(Timings.IDLE));
  }

  /**
   * A sidecar that is none for Kubernetes keeps the pod running; the first container is the one
   * that counts.
   */
  private static boolean mainContainerDone(Sight sight, Job live) {
    String main = mainContainer(live);
    return sight.seen().podsOwnedBy(live.uid()).stream()
        .flatMap(pod -> pod.containers().stream())
        .filter(status -> status.textOrEmpty("name").equals(main))
        .map(status -> status.doc("state", "terminated"))
        .anyMatch(end -> !end.isEmpty() && end.number(-1, "exitCode") == 0);
  }

  static String mainContainer(Job live) {
    return live.doc().doc("spec", "template", "spec").docs("containers").stream()
        .findFirst()
        .map(container -> container.textOrEmpty("name"))
        .orElse("");
  }

  private static String failure(Sight sight, JobRole role, Job live) {
    return said(role)
        + " failed"
        + exitCode(sight, live).map(code -> " with exit code " + code).orElse("")
        + ": Job "
        + live.name()
        + " "
        + live.failure();
  }

  private static Optional<Long> exitCode(Sight sight, Job live) {
    return sight.seen().podsOwnedBy(live.uid()).stream()
        .flatMap(pod -> pod.allContainers().stream())
        .map(status -> status.doc("state", "terminated"))
        .map(end -> end.number(0, "exitCode"))
        .filter(code -> code != 0)
        .findFirst();
  }

  static String said(JobRole role) {
    return role == JobRole.MIGRATE ? "the migration" : "the smoke test";
  }

  private static Event event(JobRole role, Job live, String state, long exitCode) {
    return new Event(
        Event.MIGRATION,
        role == JobRole.MIGRATE ? Phase.MIGRATE : Phase.VERIFY,
        said(role) + " " + state + " (Job " + live.name() + ")",
        Doc.of("job", live.name(), "state", state, "exitCode", exitCode, "log", List.of()));
  }

  /**
   * Why a Job will not start, when it has been so for longer than such a state may last; empty: it
   * may still start.
   */
  static Optional<String> stuck(Sight sight, Job live) {
    List<Pod> pods = sight.seen().podsOwnedBy(live.uid());
    if (pods.isEmpty()) {
      return Optional.ofNullable(sight.seen().jobEvents().get(live.name()))
          .filter(message -> sight.late(Timings.STUCK_NO_POD))
          .map(message -> "no pod could be made: " + CandidateHealth.firstLine(message));
    }
    return pods.stream().map(pod -> stuck(sight, pod)).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> stuck(Sight sight, Pod pod) {
    for (Doc container : pod.allContainers()) {
      Doc waiting = container.doc("state", "waiting");
      Optional<Duration> limit = limit(waiting.textOrEmpty("reason"));
      if (limit.isPresent() && sight.late(limit.get())) {
        return Optional.of(
            waiting.textOrEmpty("reason")
                + " ("
                + CandidateHealth.firstLine(waiting.textOrEmpty("message"))
                + ")");
      }
    }
    Doc scheduled = pod.condition("PodScheduled");
    return scheduled.textOrEmpty("reason").equals("Unschedulable")
            && sight.late(Timings.STUCK_UNSCHEDULABLE)
        ? Optional.of(
            "Unschedulable (" + CandidateHealth.firstLine(scheduled.textOrEmpty("message")) + ")")
        : Optional.empty();
  }

  private static Optional<Duration> limit(String reason) {
    if (WRONG_SPEC.contains(reason)) {
      return Optional.of(Timings.STUCK_SPEC);
    }
    return NO_IMAGE.contains(reason) ? Optional.of(Timings.STUCK_IMAGE) : Optional.empty();
  }

  /**
   * Going back: a migration that runs is never killed, so its end is awaited; one that has not
   * started anything is suspended again, so that it never will.
   */
  static Decision awaitMigration(Sight sight) {
    Optional<JobName> name = sight.release().migration();
    Job live = name.map(one -> sight.seen().jobs().get(one.name())).orElse(null);
    if (live == null || live.suspended() || live.succeeded() || live.over() || live.failed()) {
      return Ends.done(sight, "no migration runs");
    }
    if (!started(sight, live)) {
      Patch patch = Patch.at(live.version()).put(true, "spec", "suspend");
      return new Act(
          new Action.Change(live.ref(), patch, "suspend: false", "suspend: true", false, false),
          "the migration has not begun, and shall not any more");
    }
    if (!sight.state().tallies().noted().contains("await-migration")) {
      return new Advance(
          sight.state().counting(sight.state().tallies().noting("await-migration")),
          "a running migration is never killed; waiting for its end",
          List.of(event(JobRole.MIGRATE, live, "still running", 0)));
    }
    // Its own deadline ends it: every Job that we make has one.
    return new Wait(sight.now().plus(Timings.IDLE), "waiting for the end of Job " + live.name());
  }

  private static boolean started(Sight sight, Job live) {
    return sight.seen().podsOwnedBy(live.uid()).stream()
        .flatMap(pod -> pod.allContainers().stream())
        .anyMatch(status -> status.has("state", "running") || status.has("state", "terminated"));
  }
}
