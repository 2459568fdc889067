package rollout.model;

import java.time.Duration;

/**
 * One condition that a good candidate meets: the measured value stays below a bound.
 *
 * @param name unique in a strategy
 * @param max the bound: a share (0.01 for 1 %) of an error rate, seconds of a latency, a plain
 *     number else; not used by {@link Measure.PodHealth}
 * @param minRequests fewer than this in the window: {@code undecided}; 0 for a free expression
 * @param every how often it is asked
 * @param consecutive how many fails in a row go back, 1 or more
 */
public record Check(
    String name,
    Measure measure,
    double max,
    long minRequests,
    Duration every,
    int consecutive,
    OnFail onFail) {
  /** Requests below which an error rate says nothing, unless the user says otherwise. */
  public static final long MIN_REQUESTS = 50;

  /** How often a check is asked, unless the user says otherwise. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  /** How many fails in a row go back, unless the user says otherwise. */
  public static final int CONSECUTIVE = 2;

  /** A check with the usual patience. */
  public static Check of(String name, Measure measure, double max) {
    long least = measure instanceof Measure.Expression ? 0 : MIN_REQUESTS;
    return new Check(name, measure, max, least, EVERY, CONSECUTIVE, OnFail.ROLLBACK);
  }

  /** What a failing check does. */
  public enum OnFail {
    /** Traffic back. */
    ROLLBACK,
    /** Hold, and wait for a person. */
    HOLD
  }
}
