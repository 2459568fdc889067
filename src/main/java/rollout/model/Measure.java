package rollout.model;

/** What a check looks at. */
public sealed interface Measure {
  /** Failed requests as a share of all requests, 0 to 1. */
  record ErrorRate() implements Measure {}

  /**
   * The latency that a share of requests stays below, in seconds.
   *
   * @param share 0 to 1, both excluded: 0.99 for p99
   */
  record Latency(double share) implements Measure {}

  /**
   * The candidate's pods run: no container has ended or restarted. Read from the API, never from
   * metrics.
   */
  record PodHealth() implements Measure {}

  /**
   * A free PromQL expression with one number as its answer. <code>{{candidate}}</code>, <code>
   * {{stable}}</code>, <code>
   * {{namespace}}</code>, <code>{{candidatePods}}</code> and <code>{{stablePods}}</code> are
   * replaced.
   */
  record Expression(String promql) implements Measure {}
}
