package rollout.core;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Pod;

/**
 * Whether the candidate's containers run, from the pods' own status: the first end or restart of a
 * container counts, not the {@code CrashLoopBackOff} that comes later. Pods that are being deleted
 * don't count: their containers end because somebody told them to.
 */
final class CandidateHealth {
  private static final Set<String> CANNOT_START =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  private static final Set<String> NEVER_RAN =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "CreateContainerConfigError");

  private CandidateHealth() {}

  /** Whether a problem of these pods speaks against the version, or it never came to run. */
  static Cause cause(List<Pod> pods) {
    List<Doc> containers =
        pods.stream()
            .filter(pod -> !pod.terminating())
            .flatMap(pod -> pod.allContainers().stream())
            .toList();
    boolean ended =
        containers.stream()
            .anyMatch(
                container ->
                    container.number(0, "restartCount") > 0
                        || container.number(0, "state", "terminated", "exitCode") != 0);
    boolean missing =
        containers.stream()
            .anyMatch(
                container ->
                    NEVER_RAN.contains(container.textOrEmpty("state", "waiting", "reason")));
    boolean nothingRan =
        containers.stream()
            .noneMatch(one -> one.has("state", "running") || one.has("state", "terminated"));
    return (missing || nothingRan) && !ended ? Cause.NOT_STARTED : Cause.HEALTH;
  }

  /** What is wrong, in one sentence; empty: nothing. */
  static Optional<String> problem(List<Pod> pods) {
    return problem(pods, Instant.MIN);
  }

  /**
   * The same for a Deployment that was there before: what happened to its pods then is no news.
   *
   * @param since ends of containers before this do not count
   */
  static Optional<String> problem(List<Pod> pods, Instant since) {
    return pods.stream()
        .filter(pod -> !pod.terminating())
        .map(pod -> problem(pod, since))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> problem(Pod pod, Instant since) {
    for (Doc container : pod.containers()) {
      Optional<String> wrong = ended(pod, container, since).or(() -> waiting(pod, container));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    for (Doc container : pod.doc().docs("status", "initContainerStatuses")) {
      Doc last = container.doc("state", "terminated");
      boolean failed = !last.isEmpty() && last.number(0, "exitCode") != 0;
      if (failed || (container.number(0, "restartCount") > 0 && !past(container, since))) {
        return Optional.of(describe(pod, container, failed ? last : lastEnd(container)));
      }
      Optional<String> wrong = waiting(pod, container);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return pod.ended()
        ? Optional.of(
            "pod "
                + pod.name()
                + " ended: "
                + pod.doc()
                    .text("status", "reason")
                    .orElse(pod.doc().textOrEmpty("status", "phase")))
        : Optional.empty();
  }

  private static Optional<String> ended(Pod pod, Doc container, Instant since) {
    if (container.has("state", "terminated")) {
      return Optional.of(describe(pod, container, container.doc("state", "terminated")));
    }
    boolean restarted =
        container.number(0, "restartCount") > 0 || container.has("lastState", "terminated");
    return restarted && !past(container, since)
        ? Optional.of(describe(pod, container, lastEnd(container)))
        : Optional.empty();
  }

  private static boolean past(Doc container, Instant since) {
    try {
      return Instant.parse(lastEnd(container).textOrEmpty("finishedAt")).isBefore(since);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static Doc lastEnd(Doc container) {
    return container.doc("lastState", "terminated");
  }

  private static String describe(Pod pod, Doc container, Doc end) {
    String reason = end.textOrEmpty("reason");
    return "container "
        + container.textOrEmpty("name")
        + " of pod "
        + pod.name()
        + (end.isEmpty()
            ? " restarted"
            : " ended with exit code "
                + end.number(-1, "exitCode")
                + (reason.isEmpty() ? "" : " (" + reason + ")"));
  }

  private static Optional<String> waiting(Pod pod, Doc container) {
    Doc waiting = container.doc("state", "waiting");
    String reason = waiting.textOrEmpty("reason");
    return CANNOT_START.contains(reason)
        ? Optional.of(
            "container "
                + container.textOrEmpty("name")
                + " of pod "
                + pod.name()
                + " cannot start: "
                + reason
                + waiting
                    .text("message")
                    .map(message -> " (" + firstLine(message) + ")")
                    .orElse(""))
        : Optional.empty();
  }

  /** Why pods are not ready yet, for a deadline's sentence. */
  static String whyNotReady(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> !pod.ready() && !pod.terminating())
        .findFirst()
        .map(CandidateHealth::notReady)
        .orElse("no pod of it is there");
  }

  private static String notReady(Pod pod) {
    Doc scheduled = pod.condition("PodScheduled");
    if (scheduled.textOrEmpty("status").equals("False")) {
      return "pod " + pod.name() + " is on no node: " + firstLine(scheduled.textOrEmpty("message"));
    }
    String message = pod.condition("Ready").textOrEmpty("message");
    return "pod "
        + pod.name()
        + " is not ready"
        + (message.isEmpty() ? "" : ": " + firstLine(message));
  }

  static String firstLine(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.length() > 300 ? line.substring(0, 300) + "…" : line;
  }
}
