package rollout.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Verdict;

/**
 * Stable in production on the new schema, against itself in the minutes before the release: its
 * error rate and its p99. Judged by the ordinary checks, with bounds that those minutes give.
 */
final class StableWatch {
  /** How much of the time before the release is compared with. */
  static final Duration BEFORE = Questions.RANGE;

  /** An error rate or a p99 this many times what it was is worse. */
  private static final double TIMES = 2;

  /** On top, so that a shop without a single error may have one: 1 %. */
  private static final double ERRORS_SLACK = 0.01;

  /** A p99 may grow by this many seconds, however short it was. */
  private static final double LATENCY_SLACK = 0.1;

  private static final double SHARE = 0.99;
  private static final String BEFORE_ID = "before/";
  private static final String ERRORS = "stable errors";
  private static final String LATENCY = "stable latency";
  private static final List<Check> ANY =
      List.of(
          Check.of(ERRORS, new Measure.ErrorRate(), 1),
          Check.of(LATENCY, new Measure.Latency(SHARE), Double.MAX_VALUE));

  private StableWatch() {}

  /** Whether there is anything to ask. */
  static boolean asking(RolloutState state) {
    return state.release().terms().metricNames().isPresent()
        && state
            .release()
            .database()
            .proof()
            .filter(proof -> !proof.watchStable().isZero())
            .isPresent();
  }

  /** One round: what stable's pods count now, and what they counted before the release. */
  static List<MetricQuery> queries(Sight sight) {
    MetricNames names = sight.release().terms().metricNames().orElseThrow();
    List<MetricQuery> now = Questions.of(ANY, names, subject(sight));
    long seconds = Duration.between(sight.state().started(), sight.now()).toSeconds();
    List<MetricQuery> all = new ArrayList<>(now);
    for (MetricQuery query : now) {
      if (query.promql().endsWith("]")) {
        all.add(
            new MetricQuery(
                BEFORE_ID + query.id(), query.promql() + " offset " + Math.max(1, seconds) + "s"));
      }
    }
    return all;
  }

  /** Stable takes the place of the candidate: it is the one that is judged. */
  private static Subject subject(Sight sight) {
    List<String> pods = sight.stableReady().stream().map(Pod::name).toList();
    String stable = sight.release().stable().name();
    String service = sight.release().target().name();
    return new Subject(
        sight.release().namespace(),
        stable,
        stable,
        pods,
        pods,
        service,
        service,
        sight.state().stepStarted());
  }

  /** The state with a new round judged; empty when there is no new one. */
  static Optional<Advance> judgeNewRound(Sight sight) {
    RolloutState state = sight.state();
    Optional<MetricRound> found =
        asking(state)
            ? sight
                .seen()
                .round()
                .filter(one -> state.tallies().judged().map(one.asked()::isAfter).orElse(true))
                .filter(one -> !one.asked().isBefore(state.stepStarted()))
            : Optional.empty();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    MetricRound round = found.get();
    MetricNames names = state.release().terms().metricNames().orElseThrow();
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    Map<String, Integer> fails = new LinkedHashMap<>();
    List<Event> events = new ArrayList<>();
    for (Check check : checks(round, names)) {
      Verdict verdict =
          away(round).orElseGet(() -> Judge.judge(check, names, round, subject(sight)));
      verdicts.put(check.name(), verdict);
      int before = state.tallies().fails().getOrDefault(check.name(), 0);
      fails.put(check.name(), verdict instanceof Verdict.Fail ? before + 1 : 0);
      events.add(event(check, verdict));
    }
    Tallies tallies = state.tallies().judged(fails, verdicts, round.asked());
    return Optional.of(new Advance(state.counting(tallies), "judged stable's numbers", events));
  }

  /** A backend that does not answer says nothing about before either. */
  private static Optional<Verdict> away(MetricRound round) {
    return round.answers().values().stream()
        .map(
            answer ->
                switch (answer) {
                  case MetricAnswer.Unreachable(String why) -> why;
                  case MetricAnswer.Refused(int status, String message) ->
                      "the query was refused (" + status + "): " + message;
                  case MetricAnswer.Samples samples -> "";
                })
        .filter(why -> !why.isEmpty())
        .<Verdict>map(why -> new Verdict.NoData(0, why, true))
        .findFirst();
  }

  /** Without enough requests before there is nothing to compare with. */
  private static List<Check> checks(MetricRound round, MetricNames names) {
    if (away(round).isPresent()) {
      return ANY;
    }
    List<Check> checks = new ArrayList<>();
    double requests = grown(round, Questions.TOTAL);
    if (requests >= Check.MIN_REQUESTS) {
      double rate = Math.min(1, grown(round, Questions.BAD) / requests);
      checks.add(Check.of(ERRORS, new Measure.ErrorRate(), TIMES * rate + ERRORS_SLACK));
    }
    Histogram.of(series(round, Questions.BUCKETS), StableWatch::grown, names.secondsPerUnit())
        .filter(histogram -> histogram.requests() >= Check.MIN_REQUESTS)
        .map(histogram -> histogram.quantile(SHARE).value())
        .map(before -> Math.max(TIMES * before, before + LATENCY_SLACK))
        .map(bound -> Check.of(LATENCY, new Measure.Latency(SHARE), bound))
        .ifPresent(checks::add);
    return checks;
  }

  private static List<Series> series(MetricRound round, String id) {
    return round.answer(BEFORE_ID + id) instanceof MetricAnswer.Samples samples
        ? samples.series().stream().filter(one -> !one.points().isEmpty()).toList()
        : List.of();
  }

  private static double grown(MetricRound round, String id) {
    return series(round, id).stream().mapToDouble(StableWatch::grown).sum();
  }

  /** From the first sample to the last; a decrease is a restart. */
  private static double grown(Series series) {
    double grown = 0;
    double last = series.points().getFirst().value();
    for (Point point : series.points()) {
      grown += point.value() < last ? point.value() : point.value() - last;
      last = point.value();
    }
    return grown;
  }

  private static Event event(Check check, Verdict verdict) {
    String word = Checks.word(verdict);
    return new Event(
        Event.CHECK,
        Phase.MIGRATE,
        check.name() + " on the new schema: " + word + ", " + verdict.reason(),
        Doc.of(
            "name", check.name(),
            "value", Checks.finite(verdict.value()),
            "threshold", Checks.finite(verdict.threshold()),
            "samples", verdict.samples(),
            "verdict", word));
  }

  /** What is worse than before, in one sentence; empty: nothing, as far as is known. */
  static Optional<String> worse(RolloutState state) {
    Tallies tallies = state.tallies();
    return tallies.verdicts().entrySet().stream()
        .filter(one -> tallies.fails().getOrDefault(one.getKey(), 0) >= Check.CONSECUTIVE)
        .map(one -> one.getKey() + ": " + one.getValue().reason())
        .findFirst();
  }

  /** Why it is not known yet whether stable is as well as before; empty: it is, or never was. */
  static Optional<Verdict> unknown(RolloutState state) {
    if (!asking(state)) {
      return Optional.empty();
    }
    boolean asked =
        state.tallies().judged().filter(at -> !at.isBefore(state.stepStarted())).isPresent();
    return asked
        ? state.tallies().verdicts().values().stream()
            .filter(verdict -> !(verdict instanceof Verdict.Pass))
            .findFirst()
        : Optional.of(new Verdict.NoData(0, "stable's numbers have not been answered yet", true));
  }
}
