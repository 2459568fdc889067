package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Pod;
import rollout.plan.Form;
import rollout.plan.JobRole;
import rollout.plan.Release.JobName;
import rollout.plan.Step;

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

  /** With which Kueue takes a Job into a queue. */
  private static final String QUEUE = "kueue.x-k8s.io/queue-name";

  private JobSteps() {}

  /** Row 2, and the smoke test of row 8. */
  static Decision run(Sight sight, JobRole role) {
    if (role == JobRole.UNDO && !ProofSteps.undoes(sight.state())) {
      return Ends.done(sight, "the migration stays");
    }
    return (role == JobRole.SELF_TEST ? ProofSteps.answered(sight) : Optional.<Decision>empty())
        .orElseGet(() -> running(sight, role));
  }

  /** What a Job that went wrong leads to. */
  private static Decision wrong(Sight sight, JobRole role, Cause cause, String reason) {
    return switch (role) {
      case SELF_TEST -> ProofSteps.broken(sight, reason);
      case UNDO -> BackSteps.partly(sight, reason);
      case MIGRATE, SMOKE -> Turning.back(sight, cause, reason);
    };
  }

  private static Decision running(Sight sight, JobRole role) {
    JobName name = sight.release().job(role).orElseThrow();
    Job live = sight.seen().jobs().get(name.name());
    if (live == null) {
      return wrong(
          sight,
          role,
          Cause.JOB,
          "Job " + name.name() + " has vanished, so nobody knows whether it ran");
    }
    if (!live.uid().equals(sight.state().uids().getOrDefault("Job/" + name.name(), live.uid()))
        || !live.specHash().equals(name.specHash())) {
      return wrong(
          sight, role, Cause.DRIFT, "Job " + name.name() + " is not the one that was made");
    }
    if (live.succeeded() || mainContainerDone(sight, live)) {
      return Ends.done(
          sight,
          "Job " + name.name() + " succeeded",
          List.of(event(sight, role, live, "succeeded", 0)));
    }
    if (live.failed() || mainContainerFailed(sight, live)) {
      return failed(sight, role, live);
    }
    if (live.suspended()) {
      // Whoever suspends it again has a reason: a queue that has no room yet, or a policy. It was
      // made in its first generation and let go in its second, whichever driver did it.
      return live.doc().number(1, "metadata", "generation") <= 2
          ? letGo(live)
          : new Wait(
              sight.now().plus(Timings.IDLE),
              "Job " + live.name() + " is suspended" + suspender(live) + ": waiting for its turn");
    }
    Optional<Stuck> found = stuck(sight, live);
    String why = found.map(Stuck::why).orElse("");
    return waiting(sight, role, live, found, said(sight, role) + " cannot start: " + why);
  }

  /**
   * Jobs and pods come by two watches, and the Job's may be first: the exit code of its pod is
   * worth a short wait, since it is what a person looks for.
   */
  private static Decision failed(Sight sight, JobRole role, Job live) {
    String reason = failure(sight, role, live);
    if (exitCode(sight, live).isPresent()) {
      return wrong(sight, role, Cause.JOB, reason);
    }
    Stuck unknown =
        new Stuck("last-word", Timings.LAST_WORD, "it failed, its exit code is to come");
    return waiting(sight, role, live, Optional.of(unknown), reason);
  }

  /** A state that a Job may not stay in counts from the look that saw it first. */
  private static Decision waiting(
      Sight sight, JobRole role, Job live, Optional<Stuck> found, String reasonToGoBack) {
    Optional<Tallies.Stuck> before = sight.state().tallies().stuck();
    Optional<String> state = found.map(Stuck::state);
    if (!state.equals(before.map(Tallies.Stuck::state))) {
      Optional<Tallies.Stuck> now = state.map(one -> new Tallies.Stuck(one, sight.now()));
      return new Advance(
          sight.state().counting(sight.state().tallies().stuckIn(now)),
          found.map(Stuck::why).orElse("nothing keeps Job " + live.name() + " from starting"));
    }
    if (found.isEmpty()) {
      return new Wait(sight.now().plus(Timings.IDLE), "waiting for Job " + live.name());
    }
    Instant end = before.map(Tallies.Stuck::since).orElse(sight.now()).plus(found.get().limit());
    return sight.now().isBefore(end)
        ? new Wait(end, "waiting for Job " + live.name() + ": " + found.get().why())
        : wrong(sight, role, Cause.JOB, reasonToGoBack);
  }

  private static String suspender(Job live) {
    String queue = live.doc().texts("metadata", "labels").getOrDefault(QUEUE, "");
    return queue.isEmpty()
        ? Managers.newest(live.doc(), "spec").map(by -> " by " + by).orElse(" by somebody")
        : " by queue " + queue;
  }

  private static Decision letGo(Job live) {
    Patch patch = Patch.at(live.version()).put(false, "spec", "suspend");
    return new Act(
        new Action.Change(live.ref(), patch, "suspend: true", "suspend: false", false, false),
        "Job " + live.name() + " may run");
  }

  /**
   * A sidecar that is none for Kubernetes keeps the pod running; the first container is the one
   * that counts.
   */
  private static boolean mainContainerDone(Sight sight, Job live) {
    return mainContainerEnds(sight, live).anyMatch(code -> code == 0);
  }

  /**
   * The same with a failure: the Job does not hear of it while the sidecar lives, and would wait
   * for its deadline. Only where the container is not started again in the same pod.
   */
  private static boolean mainContainerFailed(Sight sight, Job live) {
    boolean never =
        live.doc().textOrEmpty("spec", "template", "spec", "restartPolicy").equals("Never");
    boolean once = live.doc().number(6, "spec", "backoffLimit") == 0;
    return never && once && mainContainerEnds(sight, live).anyMatch(code -> code != 0);
  }

  private static Stream<Long> mainContainerEnds(Sight sight, Job live) {
    if (live.doc().number(1, "spec", "completions") != 1) {
      return Stream.empty();
    }
    String main = mainContainer(live);
    return sight.seen().podsOwnedBy(live.uid()).stream()
        .flatMap(pod -> pod.containers().stream())
        .filter(status -> status.textOrEmpty("name").equals(main))
        .map(status -> status.doc("state", "terminated"))
        .filter(end -> !end.isEmpty())
        .map(end -> end.number(-1, "exitCode"));
  }

  static String mainContainer(Job live) {
    return live.doc().doc("spec", "template", "spec").docs("containers").stream()
        .findFirst()
        .map(container -> container.textOrEmpty("name"))
        .orElse("");
  }

  private static String failure(Sight sight, JobRole role, Job live) {
    return said(sight, role)
        + " failed"
        + exitCode(sight, live).map(code -> " with exit code " + code).orElse("")
        + ": Job "
        + live.name()
        + " "
        + (live.failure().isEmpty() ? ended(sight, live) : live.failure());
  }

  /** What is known before the Job itself says that it failed. */
  private static String ended(Sight sight, Job live) {
    boolean sidecar =
        sight.seen().podsOwnedBy(live.uid()).stream()
            .flatMap(pod -> pod.containers().stream())
            .anyMatch(status -> status.has("state", "running"));
    return sidecar ? "runs on, with a sidecar only" : "has ended";
  }

  private static Optional<Long> exitCode(Sight sight, Job live) {
    return sight.seen().podsOwnedBy(live.uid()).stream()
        .flatMap(pod -> pod.allContainers().stream())
        .map(status -> status.doc("state", "terminated"))
        .map(end -> end.number(0, "exitCode"))
        .filter(code -> code != 0)
        .findFirst();
  }

  private static String said(Sight sight, JobRole role) {
    boolean contract = role == JobRole.MIGRATE && sight.release().form() == Form.CONTRACT;
    return contract ? "the contract" : said(role);
  }

  static String said(JobRole role) {
    return switch (role) {
      case MIGRATE -> "the migration";
      case SELF_TEST -> "its own test";
      case SMOKE -> "the smoke test";
      case UNDO -> "the undo of the migration";
    };
  }

  private static Event event(Sight sight, JobRole role, Job live, String state, long exitCode) {
    return new Event(
        Event.MIGRATION,
        new Step.RunJob(role).phase(),
        said(sight, role) + " " + state + " (Job " + live.name() + ")",
        Doc.of("job", live.name(), "state", state, "exitCode", exitCode, "log", List.of()));
  }

  /** A state in which a Job would stay, and for how long it may. */
  private record Stuck(String state, Duration limit, String why) {}

  private static Optional<Stuck> stuck(Sight sight, Job live) {
    List<Pod> pods = sight.seen().podsOwnedBy(live.uid());
    if (pods.isEmpty()) {
      return Optional.ofNullable(sight.seen().jobEvents().get(live.name()))
          .map(
              message ->
                  new Stuck(
                      "no-pod",
                      Timings.STUCK_NO_POD,
                      "no pod could be made: " + CandidateHealth.firstLine(message)));
    }
    return pods.stream()
        .filter(pod -> !pod.terminating() && !pod.ended())
        .map(JobSteps::stuck)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> mount(sight, live));
  }

  /** A volume that cannot be had: a pod waits for it for ever, and only Events say so. */
  private static Optional<Stuck> mount(Sight sight, Job live) {
    return Optional.ofNullable(sight.seen().jobEvents().get(live.name()))
        .filter(message -> !started(sight, live))
        .map(
            message -> new Stuck("mount", Timings.STUCK_MOUNT, CandidateHealth.firstLine(message)));
  }

  private static Optional<Stuck> stuck(Pod pod) {
    for (Doc container : pod.allContainers()) {
      Doc waiting = container.doc("state", "waiting");
      String reason = waiting.textOrEmpty("reason");
      String why = reason + " (" + CandidateHealth.firstLine(waiting.textOrEmpty("message")) + ")";
      if (WRONG_SPEC.contains(reason)) {
        return Optional.of(new Stuck("spec", Timings.STUCK_SPEC, why));
      }
      if (NO_IMAGE.contains(reason)) {
        return Optional.of(new Stuck("image", Timings.STUCK_IMAGE, why));
      }
    }
    Doc scheduled = pod.condition("PodScheduled");
    String message = CandidateHealth.firstLine(scheduled.textOrEmpty("message"));
    return scheduled.textOrEmpty("reason").equals("Unschedulable")
        ? Optional.of(
            new Stuck(
                "unschedulable", Timings.STUCK_UNSCHEDULABLE, "Unschedulable (" + message + ")"))
        : Optional.empty();
  }

  /**
   * Going back: a migration that runs is never killed, so its end is awaited; one that has not
   * started anything is suspended again, so that it never will.
   */
  static Decision awaitMigration(Sight sight) {
    Optional<JobName> name = sight.release().migration();
    Job live = name.map(one -> sight.seen().jobs().get(one.name())).orElse(null);
    if (live == null
        || live.suspended()
        || live.succeeded()
        || live.over()
        || live.failed()
        || mainContainerDone(sight, live)
        || mainContainerFailed(sight, live)) {
      return Ends.absent(sight, "no migration runs");
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
          List.of(event(sight, JobRole.MIGRATE, live, "still running", 0)));
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
