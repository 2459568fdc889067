package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Series;

/**
 * When a set of counters was scraped, and how much each has grown since the candidate's traffic
 * began.
 *
 * <p>Growth is counted in the judged window: the last minute when the scrape interval is 15 s or
 * less, else everything that was asked for. The last sample at or before its start is what growth
 * is counted from, so requests from before the traffic may be counted for up to one scrape
 * interval; the other choice, to leave that interval out, would blind the first seconds after the
 * switch, which matter most.
 */
final class Scrapes {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Duration SHORT_INTERVAL = Duration.ofSeconds(15);
  private static final Duration LEAST_STALE = Duration.ofSeconds(15);
  private static final Duration STALE_UNLESS_KNOWN = Duration.ofSeconds(75);
  private static final Duration MARGIN_UNLESS_KNOWN = Duration.ofSeconds(90);
  private static final String POD = "pod";
  private static final String INSTANCE = "instance";

  private final Instant asked;
  private final Instant since;
  private final Duration interval;
  private final Map<String, Instant> first = new HashMap<>();
  private final Map<String, Instant> last = new HashMap<>();
  private final Instant newest;

  /**
   * @param series each with at least one point, in the order of time
   * @param usualInterval between scrapes of others, for series of one sample only; zero: not known
   */
  Scrapes(List<Series> series, Instant asked, Instant since, Duration usualInterval) {
    this.asked = asked;
    this.since = since;
    Duration spacing = medianSpacing(series);
    this.interval = spacing.isZero() ? usualInterval : spacing;
    for (Series one : series) {
      String source = source(one);
      first.merge(source, one.points().getFirst().at(), (a, b) -> a.isBefore(b) ? a : b);
      last.merge(source, one.points().getLast().at(), (a, b) -> a.isAfter(b) ? a : b);
    }
    this.newest = last.values().stream().max(Instant::compareTo).orElse(Instant.MIN);
  }

  /** The newest sample of all. */
  Instant newest() {
    return newest;
  }

  boolean stale() {
    return isStale(newest);
  }

  /** The pods of a list that have samples, but none that is fresh. */
  List<String> stopped(List<String> pods) {
    return pods.stream().filter(pod -> last.containsKey(pod) && isStale(lastOf(pod))).toList();
  }

  /** The pods of a list that have no sample at all. */
  List<String> missing(List<String> pods) {
    return pods.stream().filter(pod -> !last.containsKey(pod)).toList();
  }

  /**
   * How much a counter has grown in the judged window. A decrease is a restart: what it shows then
   * has been counted since.
   */
  double growth(Series series) {
    Instant start = start();
    Instant end = lastOf(source(series));
    boolean begun = false;
    double before = 0;
    double grown = 0;
    for (Point point : series.points()) {
      // Two queries may see different newest scrapes; a failure whose request is not yet in the
      // total would be counted against too few requests.
      if (point.at().isAfter(end)) {
        break;
      }
      if (point.at().isAfter(start)) {
        double from = begun || bornAt(series, point) ? before : point.value();
        grown += point.value() < from ? point.value() : point.value() - from;
      }
      before = point.value();
      begun = true;
    }
    return grown;
  }

  private Instant lastOf(String source) {
    return last.getOrDefault(source, newest);
  }

  private Instant start() {
    boolean dense = !interval.isZero() && interval.compareTo(SHORT_INTERVAL) <= 0;
    Instant trailing = newest.minus(dense ? WINDOW : Questions.RANGE);
    return trailing.isAfter(since) ? trailing : since;
  }

  /**
   * Whether the first sample of a series is its first ever, so that it grew from 0: who counts was
   * scraped before without it, or the samples reach back to a full scrape interval before the
   * traffic began.
   */
  private boolean bornAt(Series series, Point point) {
    Instant sourceSeen = first.getOrDefault(source(series), point.at());
    Duration margin =
        interval.isZero() ? MARGIN_UNLESS_KNOWN : interval.multipliedBy(3).dividedBy(2);
    Instant oldest = asked.minus(Questions.RANGE).plus(margin);
    return sourceSeen.isBefore(point.at()) || !oldest.isAfter(since);
  }

  private boolean isStale(Instant sample) {
    Duration limit = interval.isZero() ? STALE_UNLESS_KNOWN : interval.multipliedBy(5).dividedBy(2);
    limit = limit.compareTo(LEAST_STALE) < 0 ? LEAST_STALE : limit;
    return sample.isBefore(asked.minus(limit));
  }

  /** Who was scraped: a pod or, where a router counts and is told by no pod, its address. */
  private static String source(Series series) {
    String instance = series.labels().getOrDefault(INSTANCE, "");
    return series.labels().getOrDefault(POD, instance);
  }

  /** The usual time between two samples of a series, zero when no series has two. */
  private static Duration medianSpacing(List<Series> series) {
    List<Duration> spacings = new ArrayList<>();
    for (Series one : series) {
      for (int i = 1; i < one.points().size(); i++) {
        spacings.add(Duration.between(one.points().get(i - 1).at(), one.points().get(i).at()));
      }
    }
    Collections.sort(spacings);
    return spacings.isEmpty() ? Duration.ZERO : spacings.get(spacings.size() / 2);
  }
}
