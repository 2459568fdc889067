package rollout.model;

import java.time.Instant;
import java.util.Map;

/**
 * The answers of one round of queries.
 *
 * @param asked when the queries were sent, and the instant they were evaluated at
 * @param answered when the last answer had come
 * @param answers by the id of the query; every query has one
 */
public record MetricRound(Instant asked, Instant answered, Map<String, MetricAnswer> answers) {
  /** Copies the answers. */
  public MetricRound {
    answers = Map.copyOf(answers);
  }

  /** The answer to a query, or that it was never asked. */
  public MetricAnswer answer(String id) {
    return answers.getOrDefault(id, new MetricAnswer.Unreachable("not asked"));
  }
}
