package rollout.strategy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What happens around a release in a simulated cluster: how the versions behave, and what else goes
 * on.
 *
 * @param says one sentence for people
 * @param candidate the new version
 * @param migration the migration's Job, where the release has one
 * @param answers what Prometheus says to queries of the user's own; the first that fits
 * @param happenings in the order of the file
 */
public record Scenario(
    String says,
    Shop shop,
    Version candidate,
    Migration migration,
    List<Answer> answers,
    List<Happening> happenings) {
  /** When something happens after the end of the release. */
  public static final String DONE = "done";

  /** A shop of three pods, two good versions, and nobody who interferes. */
  public static final Scenario GOOD =
      new Scenario(
          "a good version",
          new Shop("registry.example/shop:1.0", 3, 40),
          Version.GOOD,
          Migration.GOOD,
          List.of(),
          List.of());

  /** Copies the lists. */
  public Scenario {
    answers = List.copyOf(answers);
    happenings = List.copyOf(happenings);
  }

  /**
   * What serves before.
   *
   * @param replicas 1 to 100
   * @param requestsPerSecond 0 to 1000
   */
  public record Shop(String image, int replicas, int requestsPerSecond) {}

  /**
   * How a version behaves.
   *
   * @param startUp from the start of a container to ready
   * @param errorRate share of answers that are 500, 0 to 1
   * @param latency what nine of ten requests stay below
   * @param crashesAfter from each start of a container to its end; empty: it does not end
   * @param ready whether it ever gets ready
   * @param pulls whether the registry has its image
   */
  public record Version(
      Duration startUp,
      double errorRate,
      Duration latency,
      Optional<Duration> crashesAfter,
      boolean ready,
      boolean pulls) {
    /** Ready after 2 s, answers 200 in 40 ms. */
    public static final Version GOOD =
        new Version(Duration.ofSeconds(2), 0, Duration.ofMillis(40), Optional.empty(), true, true);
  }

  /**
   * How the migration's Job ends, and after how long.
   *
   * @param stable how the version that serves behaves on the new schema; empty: as before
   */
  public record Migration(
      int exitCode, Duration takes, List<String> log, Optional<Version> stable) {
    /** Ends well after three seconds, and hurts nobody. */
    public static final Migration GOOD =
        new Migration(0, Duration.ofSeconds(3), List.of(), Optional.empty());

    /** Copies the lines. */
    public Migration {
      log = List.copyOf(log);
    }
  }

  /** The value that Prometheus gives for each query with this text in it. */
  public record Answer(String contains, double value) {}

  /**
   * Something that happens once.
   *
   * @param when the phase of the Service's state that it waits for: {@code pinned}, {@code
   *     switched}, {@code settle}, {@code settled}; {@value #DONE}: the end of the release; empty:
   *     the start
   * @param after so long after that
   */
  public record Happening(Optional<String> when, Duration after, What what) {}

  /** What can happen. */
  public enum What {
    /** Prometheus cannot be reached any more. */
    PROMETHEUS_DOWN("prometheus-down"),
    /** Prometheus answers every query with nothing. */
    PROMETHEUS_EMPTY("prometheus-empty"),
    /** Prometheus answers again. */
    PROMETHEUS_UP("prometheus-up"),
    /** A person at another terminal: {@code rollout rollback}. */
    ROLLBACK("rollback"),
    /** A person at another terminal: {@code rollout promote}. */
    PROMOTE("promote"),
    /** A person at another terminal: {@code rollout pause}. */
    PAUSE("pause"),
    /** A person at another terminal: {@code rollout resume}. */
    RESUME("resume"),
    /** A GitOps controller writes the Service as Git has it. */
    APPLY_SERVICE("apply-service"),
    /** Somebody applies the Deployment with a third image. */
    APPLY_DEPLOYMENT("apply-deployment"),
    /** {@code kill -9} of the driver; {@code rollout resume} follows when its Lease has run out. */
    DRIVER_DIES("driver-dies"),
    /** A person runs {@code rollout migration contract} with the same strategy. */
    CONTRACT("contract"),
    /** A person wants what served before the first release: {@code rollout rollback}. */
    RETURN("return"),
    /** A container of the candidate ends with code 1. */
    CANDIDATE_CRASHES("candidate-crashes");

    private final String word;

    What(String word) {
      this.word = word;
    }

    /** As in a scenario file. */
    public String word() {
      return word;
    }
  }
}
