package rollout.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.MetricRound;
import rollout.model.Verdict;
import rollout.model.Verdict.Fail;
import rollout.model.Verdict.NoData;
import rollout.model.Verdict.Pass;
import rollout.model.Verdict.Undecided;

/**
 * Raw samples in, a verdict out. Unknown is never good: what is empty, not a number, old, partial
 * or unreachable has {@code NoData}; too little has {@code Undecided}.
 */
public final class Judge {
  /** A backend's clock may be ahead of ours by this much. */
  private static final Duration MAX_AHEAD = Duration.ofSeconds(30);

  private static final MathContext DIGITS = new MathContext(3);

  private Judge() {}

  /**
   * Judges one check.
   *
   * @param names the ones that {@link Questions#of} was given
   * @param round answers to the queries of {@link Questions#of}
   * @param subject the one that {@link Questions#of} was given
   * @throws IllegalArgumentException for pod health, which is not in metrics
   */
  public static Verdict judge(Check check, MetricNames names, MetricRound round, Subject subject) {
    // A router counts for all pods together: none of them is missed.
    Subject judged = names.byService().isPresent() ? subject.withoutPods() : subject;
    return switch (check.measure()) {
      case Measure.ErrorRate() -> errorRate(check, round, judged);
      case Measure.Latency(double share) -> latency(check, share, names, round, judged);
      case Measure.Expression expression -> expression(check, round);
      case Measure.PodHealth() ->
          throw new IllegalArgumentException("pod health is read from the API, not from metrics");
    };
  }

  private static Verdict errorRate(Check check, MetricRound round, Subject subject) {
    List<Series> total = series(round, Questions.TOTAL);
    List<Series> bad = series(round, Questions.BAD);
    Scrapes scrapes = scrapes(total, round, subject);
    NoData unusable =
        Stream.of(Questions.TOTAL, Questions.BAD)
            .flatMap(id -> unusable(check, round.answer(id)).stream())
            .findFirst()
            .or(() -> unusable(check, total, scrapes, round))
            .or(() -> odd(check, Stream.concat(total.stream(), bad.stream())))
            .orElse(null);
    if (unusable != null) {
      return unusable;
    }
    double requests = total.stream().mapToDouble(scrapes::growth).sum();
    double failed = Math.min(requests, bad.stream().mapToDouble(scrapes::growth).sum());
    double rate = failed / requests;
    String reason =
        "error rate %s of %s, allowed %s"
            .formatted(percent(rate), requests(requests), percent(check.max()));
    return weigh(check, new Measured(rate, requests, reason), scrapes, subject);
  }

  private static Verdict latency(
      Check check, double share, MetricNames names, MetricRound round, Subject subject) {
    List<Series> buckets = series(round, Questions.BUCKETS);
    Scrapes scrapes = scrapes(buckets, round, subject);
    NoData unusable =
        unusable(check, round.answer(Questions.BUCKETS))
            .or(() -> unusable(check, buckets, scrapes, round))
            .or(() -> odd(check, buckets.stream()))
            .orElse(null);
    if (unusable != null) {
      return unusable;
    }
    Optional<Histogram> histogram = Histogram.of(buckets, scrapes::growth, names.secondsPerUnit());
    return histogram.isEmpty()
        ? noData(check, "the latency histogram lacks its +Inf bucket or all finite ones")
        : quantile(check, share, histogram.get(), scrapes, subject);
  }

  private static Verdict quantile(
      Check check, double share, Histogram histogram, Scrapes scrapes, Subject subject) {
    double requests = histogram.requests();
    if (requests <= 0) {
      return weigh(check, new Measured(Double.NaN, 0, ""), scrapes, subject);
    }
    Histogram.Quantile quantile = histogram.quantile(share);
    String name = "p" + number(share * 100);
    if (quantile.beyond() && quantile.value() < check.max() && requests >= check.minRequests()) {
      return noData(
          check,
          "%s lies above %s, the highest bound of the histogram, so %s cannot be told"
              .formatted(name, seconds(quantile.value()), seconds(check.max())));
    }
    String reason =
        "%s %s of %s, allowed %s"
            .formatted(name, latencyText(quantile), requests(requests), seconds(check.max()));
    return weigh(check, new Measured(quantile.value(), requests, reason), scrapes, subject);
  }

  private static Verdict expression(Check check, MetricRound round) {
    MetricAnswer answer = round.answer(Questions.valueId(check));
    NoData unusable = unusable(check, answer).orElse(null);
    if (unusable != null) {
      return unusable;
    }
    List<Series> series = series(round, Questions.valueId(check));
    if (series.size() != 1) {
      return noData(
          check,
          series.isEmpty()
              ? "the query has an empty answer"
              : "the query gives %d series, and one number is needed: sum(…) or max(…) it"
                  .formatted(series.size()));
    }
    List<Point> points = series.getFirst().points();
    if (points.size() != 1) {
      return noData(check, "the query gives a range of values, and one number is needed");
    }
    double value = points.getFirst().value();
    if (!Double.isFinite(value)) {
      return noData(check, "the query gives " + value);
    }
    String reason = "%s, allowed below %s".formatted(number(value), number(check.max()));
    return value < check.max()
        ? new Pass(value, check.max(), 0, reason)
        : new Fail(value, check.max(), 0, reason);
  }

  /** A value, how many requests it is made of, and the sentence for it. */
  private record Measured(double value, double requests, String reason) {}

  /** From a number to a verdict. A value that is bad is bad, whichever pod keeps silent. */
  private static Verdict weigh(Check check, Measured measured, Scrapes scrapes, Subject subject) {
    long samples = Math.round(measured.requests());
    boolean enough = samples > 0 && samples >= check.minRequests();
    if (enough && measured.value() >= check.max()) {
      return new Fail(measured.value(), check.max(), samples, measured.reason());
    }
    List<String> stopped = scrapes.stopped(subject.candidatePods());
    if (!stopped.isEmpty()) {
      return noData(check, "no fresh metrics from " + some(stopped));
    }
    if (!enough) {
      long least = Math.max(1, check.minRequests());
      String few = "%s so far, %d are needed".formatted(requests(samples), least);
      return new Undecided(measured.value(), check.max(), samples, few);
    }
    List<String> missing = scrapes.missing(subject.candidatePods());
    return missing.isEmpty()
        ? new Pass(measured.value(), check.max(), samples, measured.reason())
        : new Undecided(
            measured.value(), check.max(), samples, "no metrics yet from " + some(missing));
  }

  private static Optional<NoData> unusable(Check check, MetricAnswer answer) {
    @Nullable NoData found =
        switch (answer) {
          case MetricAnswer.Unreachable(String why) -> new NoData(check.max(), why, true);
          case MetricAnswer.Refused(int status, String message) ->
              noData(check, "the query was refused (%d): %s".formatted(status, message));
          case MetricAnswer.Samples(List<Series> series, List<String> warnings) ->
              warnings.isEmpty()
                  ? null
                  : noData(check, "partial response: " + String.join("; ", warnings));
        };
    return Optional.ofNullable(found);
  }

  private static Optional<NoData> unusable(
      Check check, List<Series> series, Scrapes scrapes, MetricRound round) {
    if (series.isEmpty()) {
      return Optional.of(silent(check, round));
    }
    if (scrapes.newest().isAfter(round.asked().plus(MAX_AHEAD))) {
      long ahead = Duration.between(round.asked(), scrapes.newest()).toSeconds();
      return Optional.of(
          noData(check, "the samples are %d s ahead of this machine's clock".formatted(ahead)));
    }
    if (scrapes.stale()) {
      return Optional.of(noData(check, "the newest sample is " + age(scrapes, round) + " old"));
    }
    return Optional.empty();
  }

  private static Optional<NoData> odd(Check check, Stream<Series> counters) {
    return counters
        .flatMap(series -> series.points().stream())
        .filter(point -> !Double.isFinite(point.value()))
        .findFirst()
        .map(point -> noData(check, "a counter is " + point.value()));
  }

  private static Scrapes scrapes(List<Series> series, MetricRound round, Subject subject) {
    double samples =
        series(round, Questions.CONTROL).stream()
            .mapToDouble(control -> control.points().getLast().value())
            .max()
            .orElse(0);
    // Not a number counts as not known.
    Duration usual = samples >= 2 ? Questions.RANGE.dividedBy((long) samples) : Duration.ZERO;
    return new Scrapes(series, round.asked(), subject.since(), usual);
  }

  /** Nothing about the candidate: because nothing is known at all, or only it keeps silent? */
  private static NoData silent(Check check, MetricRound round) {
    return Questions.hasSeries(round.answer(Questions.CONTROL))
        ? noData(check, "no metrics from the candidate, though there are some from elsewhere")
        : new NoData(check.max(), "no metrics from the candidate, nor from the stable one", true);
  }

  private static NoData noData(Check check, String reason) {
    return new NoData(check.max(), reason, false);
  }

  /** What was answered to a query, as far as it has any points. */
  static List<Series> series(MetricRound round, String id) {
    return round.answer(id) instanceof MetricAnswer.Samples samples
        ? samples.series().stream().filter(one -> !one.points().isEmpty()).toList()
        : List.of();
  }

  private static String age(Scrapes scrapes, MetricRound round) {
    Instant newest = scrapes.newest();
    return Duration.between(newest, round.asked()).toSeconds() + " s";
  }

  private static String latencyText(Histogram.Quantile quantile) {
    return quantile.beyond()
        ? "at least " + seconds(quantile.value())
        : "%s (between %s and %s)"
            .formatted(
                seconds(quantile.value()), seconds(quantile.low()), seconds(quantile.high()));
  }

  private static String some(List<String> pods) {
    String first = pods.getFirst();
    return pods.size() == 1 ? first : first + " and %d more".formatted(pods.size() - 1);
  }

  private static String requests(double count) {
    long whole = Math.round(count);
    return whole == 1 ? "1 request" : whole + " requests";
  }

  private static String percent(double share) {
    return Double.isFinite(share) ? number(share * 100) + " %" : "unknown";
  }

  private static String seconds(double seconds) {
    return seconds < 1 ? number(seconds * 1000) + "ms" : number(seconds) + "s";
  }

  private static String number(double value) {
    return new BigDecimal(value, DIGITS).stripTrailingZeros().toPlainString();
  }
}
