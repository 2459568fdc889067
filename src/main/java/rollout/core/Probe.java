package rollout.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricNames;
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

  /** The checks' own queries, as if the version that serves were the candidate. */
  public static List<MetricQuery> queries(
      List<Check> checks,
      MetricNames names,
      String namespace,
      String stable,
      List<String> pods,
      Instant now) {
    return Questions.of(checks, names, new Subject(namespace, stable, stable, pods, pods, now));
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

  /** Whether requests of the version that serves are counted under these names. */
  public static boolean known(MetricRound round) {
    return found(round, Questions.TOTAL).orElse(true)
        && found(round, Questions.BUCKETS).orElse(true);
  }

  private static Optional<Boolean> found(MetricRound round, String id) {
    if (!round.answers().containsKey(id)) {
      return Optional.empty();
    }
    return Optional.of(
        round.answer(id) instanceof MetricAnswer.Samples samples && !samples.series().isEmpty());
  }
}
