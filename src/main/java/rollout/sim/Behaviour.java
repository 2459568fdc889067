package rollout.sim;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the containers of an image behave. Immutable; each method gives a changed copy.
 *
 * @param startUp from the start of the container to ready
 * @param errorRate share of answers that are 500, 0 to 1
 * @param latency what nine of ten requests stay below; one in a hundred takes more than twice that
 * @param crashesAfter from each start of the container to its end; null: never
 * @param exitCode of a crash, or of a Job's container
 * @param exitReason as in the container's status: {@code Error}, {@code OOMKilled}
 * @param ready whether it ever gets ready
 * @param waiting why its container can't be started, {@code ImagePullBackOff} for example; empty:
 *     it can
 * @param schedulable whether there is a node for its pods
 * @param drain how long a pod goes on serving after its deletion, at most its grace period
 * @param runsFor how long a Job's container runs; null: it does not end by itself
 * @param log lines written between start and end; with a Job, evenly over its run
 */
public record Behaviour(
    Duration startUp,
    double errorRate,
    Duration latency,
    @Nullable Duration crashesAfter,
    int exitCode,
    String exitReason,
    boolean ready,
    String waiting,
    boolean schedulable,
    Duration drain,
    @Nullable Duration runsFor,
    List<String> log) {
  private static final Behaviour GOOD =
      new Behaviour(
          Duration.ofSeconds(2),
          0,
          Duration.ofMillis(40),
          null,
          0,
          "",
          true,
          "",
          true,
          Duration.ofSeconds(4),
          Duration.ofSeconds(2),
          List.of());

  /** Copies the lines. */
  public Behaviour {
    log = List.copyOf(log);
  }

  /** Ready after 2 s, answers 200 in 40 ms, ends its Job with 0 after 2 s. */
  public static Behaviour good() {
    return GOOD;
  }

  /** With another time from start to ready. */
  public Behaviour startUp(Duration time) {
    return new Behaviour(
        time,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** With this share of 500, 0 to 1. */
  public Behaviour errorRate(double share) {
    return new Behaviour(
        startUp,
        share,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** With another latency. */
  public Behaviour latency(Duration usual) {
    return new Behaviour(
        startUp,
        errorRate,
        usual,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** Ends with code 1 so long after each start. */
  public Behaviour crashesAfter(Duration time) {
    return crashesAfter(time, 1, "Error");
  }

  /** Ends with this code and reason so long after each start. */
  public Behaviour crashesAfter(Duration time, int code, String reason) {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        time,
        code,
        reason,
        ready,
        waiting,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** Runs, and is never ready. */
  public Behaviour neverReady() {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        false,
        waiting,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** The registry does not have the image. */
  public Behaviour cannotPull() {
    return cannotStart("ImagePullBackOff");
  }

  /** The container waits for ever with this reason. */
  public Behaviour cannotStart(String reason) {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        reason,
        schedulable,
        drain,
        runsFor,
        log);
  }

  /** No node has room for its pods. */
  public Behaviour unschedulable() {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        false,
        drain,
        runsFor,
        log);
  }

  /** With another time from a pod's deletion to its end. */
  public Behaviour drain(Duration time) {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        time,
        runsFor,
        log);
  }

  /** As a Job: ends with this code after this time. */
  public Behaviour exits(int code, Duration after) {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        code,
        code == 0 ? "Completed" : "Error",
        ready,
        waiting,
        schedulable,
        drain,
        after,
        log);
  }

  /** As a Job: does not end by itself, as a sidecar or a migration that hangs. */
  public Behaviour runsOn() {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        drain,
        null,
        log);
  }

  /** With these lines of log. */
  public Behaviour log(List<String> lines) {
    return new Behaviour(
        startUp,
        errorRate,
        latency,
        crashesAfter,
        exitCode,
        exitReason,
        ready,
        waiting,
        schedulable,
        drain,
        runsFor,
        lines);
  }
}
