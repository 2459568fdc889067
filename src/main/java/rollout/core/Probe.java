package rollout.core;

import java.util.ArrayList;
import java.util.List;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Problem;

/**
 * Whether the checks could be answered at all, asked about the version that serves before anything
 * is written.
 */
public final class Probe {
  private Probe() {}

  /** Whether any check needs a metrics backend. */
  public static boolean needed(List<Check> checks) {
    return checks.stream().anyMatch(check -> !(check.measure() instanceof Measure.PodHealth));
  }

  /** Whether any check needs the names of an exporter. */
  public static boolean needsNames(List<Check> checks) {
    return checks.stream()
        .anyMatch(
            check ->
                check.measure() instanceof Measure.ErrorRate
                    || check.measure() instanceof Measure.Latency);
  }

  /** Whether the backend left any query without an answer. */
  public static boolean unanswered(List<MetricQuery> queries, MetricRound round) {
    return queries.stream()
        .anyMatch(query -> round.answer(query.id()) instanceof MetricAnswer.Unreachable);
  }

  /** Queries that the backend understands as wrong, or does not answer. */
  public static List<Problem> problems(List<MetricQuery> queries, MetricRound round, String where) {
    List<Problem> problems = new ArrayList<>();
    for (MetricQuery query : queries) {
      switch (round.answer(query.id())) {
        case MetricAnswer.Samples samples -> {}
        case MetricAnswer.Refused(int status, String message) ->
            problems.add(
                Problem.of(
                    where + " refuses the query " + query.promql() + ": " + message,
                    "Correct it; status " + status + "."));
        case MetricAnswer.Unreachable(String why) ->
            problems.add(Problem.of(where + " gave no answer: " + why, "Check --prometheus."));
      }
    }
    // A backend that is away says so once.
    return problems.stream().distinct().limit(10).toList();
  }
}
