package rollout.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;

/**
 * What to ask the metrics backend so that {@link Judge} can judge.
 *
 * <p>Counters are asked for raw, as range selectors, and differenced in {@code Judge}: {@code
 * rate()} and {@code increase()} miss the first value of a new series, and a division in PromQL is
 * empty when one side is, which looks like silence when in fact every request failed.
 */
public final class Questions {
  /**
   * How far back raw samples are asked for. The scrape interval is not known beforehand: two
   * minutes hold two samples even at one a minute; {@code Judge} learns the interval from the
   * samples and judges the last minute of them where that holds enough.
   */
  public static final Duration RANGE = Duration.ofMinutes(2);

  static final String TOTAL = "total";
  static final String BAD = "bad";
  static final String BUCKETS = "buckets";
  static final String CONTROL = "control";

  private static final String RANGE_SELECTOR = "[2m]";

  private Questions() {}

  /**
   * One round of queries for these checks: none for pod health, which is not in metrics. Checks
   * that need the same numbers share a query.
   *
   * @param names not used when all checks are free expressions
   */
  public static List<MetricQuery> of(List<Check> checks, MetricNames names, Subject subject) {
    Map<String, String> asked = new LinkedHashMap<>();
    for (Check check : checks) {
      switch (check.measure()) {
        case Measure.ErrorRate() -> {
          asked.put(TOTAL, ofCandidate(names, names.total(), subject) + RANGE_SELECTOR);
          asked.put(BAD, ofCandidate(names, names.bad(), subject) + RANGE_SELECTOR);
          asked.put(CONTROL, control(names, subject));
        }
        case Measure.Latency latency -> {
          asked.put(BUCKETS, ofCandidate(names, names.buckets(), subject) + RANGE_SELECTOR);
          asked.put(CONTROL, control(names, subject));
        }
        case Measure.Expression(String promql) ->
            asked.put(valueId(check), expression(promql, subject));
        case Measure.PodHealth() -> {}
      }
    }
    return queries(asked);
  }

  /**
   * Which exporter's numbers does the stable version have? One query for each name and each kind of
   * number that the checks need; read the answers with {@link #detected}.
   */
  public static List<MetricQuery> probes(
      List<Check> checks, List<MetricNames> known, Subject subject) {
    Map<String, String> asked = new LinkedHashMap<>();
    for (MetricNames names : known) {
      needed(checks, names)
          .forEach(
              (kind, selector) ->
                  asked.put(
                      probeId(names, kind), "count(" + ofStable(names, selector, subject) + ")"));
    }
    return queries(asked);
  }

  /** The first of the known names that the backend has all the needed numbers for. */
  public static Optional<MetricNames> detected(
      List<Check> checks, List<MetricNames> known, MetricRound round) {
    return known.stream()
        .filter(
            names ->
                needed(checks, names).keySet().stream()
                    .allMatch(kind -> hasSeries(round.answer(probeId(names, kind)))))
        .findFirst();
  }

  static String valueId(Check check) {
    return "value/" + check.name();
  }

  static boolean hasSeries(MetricAnswer answer) {
    return answer instanceof MetricAnswer.Samples samples && !samples.series().isEmpty();
  }

  private static String probeId(MetricNames names, String kind) {
    return "probe/" + names.name() + "/" + kind;
  }

  private static Map<String, String> needed(List<Check> checks, MetricNames names) {
    Map<String, String> selectors = new LinkedHashMap<>();
    for (Check check : checks) {
      switch (check.measure()) {
        case Measure.ErrorRate() -> selectors.put(TOTAL, names.total());
        case Measure.Latency latency -> selectors.put(BUCKETS, names.buckets());
        case Measure.Expression expression -> {}
        case Measure.PodHealth() -> {}
      }
    }
    return selectors;
  }

  /** Raw counters of all the candidate's requests. */
  static String candidateTotal(MetricNames names, Subject subject) {
    return ofCandidate(names, names.total(), subject) + RANGE_SELECTOR;
  }

  /** Raw counters of all of stable's requests. */
  static String stableTotal(MetricNames names, Subject subject) {
    return ofStable(names, names.total(), subject) + RANGE_SELECTOR;
  }

  private static String ofCandidate(MetricNames names, String selector, Subject subject) {
    // Where stable itself is judged, its requests come to no Service of a candidate.
    boolean apart = !subject.candidateService().equals(subject.stableService());
    return render(
        selector,
        names.byService().map(one -> apart ? one.candidate() : one.stable()),
        subject.namespace(),
        subject.candidateService(),
        subject.candidatePods());
  }

  private static String ofStable(MetricNames names, String selector, Subject subject) {
    return render(
        selector,
        names.byService().map(MetricNames.ByService::stable),
        subject.namespace(),
        subject.stableService(),
        subject.stablePods());
  }

  /** Is the stable version heard of, and how often is it scraped in {@link #RANGE}? */
  private static String control(MetricNames names, Subject subject) {
    return subject.stablePods().isEmpty()
        ? "vector(1)"
        : "max(count_over_time(%s))".formatted(stableTotal(names, subject));
  }

  private static String render(
      String selector,
      Optional<String> version,
      String namespace,
      String service,
      List<String> pods) {
    return selector
        .replace("$version", version.orElse(""))
        .replace("$namespace", version.isPresent() ? dashes(namespace) : namespace)
        .replace("$service", dashes(service))
        .replace("$pods", podRegex(pods));
  }

  /** Routers put names together with dashes, and some of them make one of several. */
  private static String dashes(String name) {
    return name.replaceAll("-{2,}", "-+");
  }

  private static String expression(String promql, Subject subject) {
    return promql
        .replace("{{candidatePods}}", podRegex(subject.candidatePods()))
        .replace("{{stablePods}}", podRegex(subject.stablePods()))
        .replace("{{candidate}}", subject.candidate())
        .replace("{{stable}}", subject.stable())
        .replace("{{namespace}}", subject.namespace());
  }

  private static String podRegex(List<String> pods) {
    // An empty regular expression would match every series without a pod; no pod is called "-".
    return pods.isEmpty()
        ? "-"
        : pods.stream().map(Questions::escape).collect(Collectors.joining("|"));
  }

  /** Only the dot means something else in RE2; in brackets it needs no backslash to be doubled. */
  private static String escape(String podName) {
    return podName.replace(".", "[.]");
  }

  private static List<MetricQuery> queries(Map<String, String> asked) {
    return asked.entrySet().stream()
        .map(entry -> new MetricQuery(entry.getKey(), entry.getValue()))
        .toList();
  }
}
