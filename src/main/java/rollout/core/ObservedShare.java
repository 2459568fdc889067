package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.plan.Step;

/**
 * The share of the requests that the candidate really got, as the counters of both versions tell:
 * those of their pods, or the router's for their Services.
 *
 * @param candidate requests of the candidate since the weights were written
 * @param stable requests of stable in the same time
 * @param more whether requests of chosen users are among the candidate's
 */
record ObservedShare(double candidate, double stable, boolean more) {
  private static final String CANDIDATE = "share/candidate";
  private static final String STABLE = "share/stable";

  /** Fewer tell nothing. */
  private static final double FEWEST = 50;

  /** From so many requests on, being near is enough. */
  private static final double MANY = 500;

  private static final double NEAR = 2;

  /**
   * What was counted before is not of these weights: routers take up to 2 s, and growth is counted
   * from the last scrape before.
   */
  private static final Duration FIRST_SCRAPE = Duration.ofSeconds(7);

  /** The 97.5th percentile of the normal distribution. */
  private static final double Z = 1.96;

  /** Whether a step asks for it: it has routes, and the checks have found whose metrics to read. */
  static boolean asked(RolloutState state) {
    return state.release().routed()
        && state.current().filter(ObservedShare::isProvenBy).isPresent()
        && state.release().terms().metricNames().filter(one -> !one.total().isEmpty()).isPresent();
  }

  /** The steps that are over when the requests show it; they ask for nothing else. */
  static boolean isProvenBy(Step step) {
    return step instanceof Step.Shift || step instanceof Step.TrafficBack;
  }

  static List<MetricQuery> queries(RolloutState state, Subject subject) {
    MetricNames names = state.release().terms().metricNames().orElseThrow();
    return List.of(
        new MetricQuery(CANDIDATE, Questions.candidateTotal(names, subject)),
        new MetricQuery(STABLE, Questions.stableTotal(names, subject)));
  }

  /** As the newest round tells it; empty: it tells nothing of the time since the last write. */
  static Optional<ObservedShare> in(Sight sight) {
    return in(sight, RouteSteps.since(sight.state()).plus(FIRST_SCRAPE));
  }

  /** The same, of the time since then. */
  static Optional<ObservedShare> in(Sight sight, Instant since) {
    Optional<MetricRound> round =
        sight
            .seen()
            .round()
            .filter(one -> !one.asked().isBefore(since))
            .filter(one -> one.answers().containsKey(CANDIDATE));
    if (round.isEmpty() || !asked(sight.state())) {
      return Optional.empty();
    }
    double stable = grown(round.get(), STABLE, since);
    double candidate = grown(round.get(), CANDIDATE, since);
    return stable + candidate <= 0
        ? Optional.empty()
        : Optional.of(new ObservedShare(candidate, stable, sight.release().match().isPresent()));
  }

  private static double grown(MetricRound round, String id, Instant since) {
    List<Series> series = Judge.series(round, id);
    Scrapes scrapes = new Scrapes(series, round.asked(), since, Duration.ZERO);
    return series.stream().mapToDouble(scrapes::growth).sum();
  }

  private double all() {
    return candidate + stable;
  }

  /** In percent. */
  double percent() {
    return 100 * candidate / all();
  }

  /** Whether there are enough requests to say anything. */
  boolean tells() {
    return all() >= FEWEST;
  }

  /**
   * Whether it can be this share: inside the interval, or near it where there are many requests.
   */
  boolean agrees(double requested) {
    if (!tells()) {
      return false;
    }
    boolean within = low() <= requested && requested <= high();
    boolean near = all() >= MANY && Math.abs(percent() - requested) <= NEAR;
    return within || near || (more && percent() >= requested);
  }

  /** Whether the candidate gets nothing any more, but for what was under way. */
  boolean isNone() {
    return candidate < 1 || percent() < 0.2;
  }

  /** Whether the candidate surely got something. */
  boolean isSome() {
    return low() > 0.01;
  }

  /** Wilson's interval, 95 %. */
  double low() {
    return 100 * (centre() - half());
  }

  double high() {
    return 100 * (centre() + half());
  }

  private double centre() {
    double n = all();
    double p = candidate / n;
    return (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
  }

  private double half() {
    double n = all();
    double p = candidate / n;
    return Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
  }

  /** For people. */
  String says() {
    return String.format(
        Locale.ROOT,
        "observed %.1f %% (%.1f to %.1f) of %.0f requests%s",
        percent(),
        low(),
        high(),
        all(),
        more ? ", chosen users included" : "");
  }

  /** For the event. */
  Map<String, Object> fields() {
    return Map.of(
        "observed", tenth(percent()),
        "observedLow", tenth(low()),
        "observedHigh", tenth(high()),
        "samples", Math.round(all()));
  }

  private static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
