package rollout.sim;

/** How the Prometheus of a world is. */
public enum MetricsState {
  /** Answers in some milliseconds. */
  UP,
  /** Cannot be reached. */
  DOWN,
  /** Does not answer within the timeout of a query. */
  SLOW,
  /** Answers every query with no series. */
  EMPTY,
  /** Answers with the right series, but every value is NaN. */
  NAN,
  /** Refuses every query. */
  REFUSING
}
