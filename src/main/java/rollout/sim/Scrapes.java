package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Series;

/** What the Prometheus of a world has scraped from the pods, and finds by a selector. */
final class Scrapes {
  private static final Duration LOOK_BACK = Duration.ofMinutes(5);

  /** How long points are kept; no check asks for a longer range. */
  private static final Duration RETENTION = Duration.ofHours(6);

  /** Old points are dropped so many at a time. */
  private static final int BLOCK = 1000;

  private final VirtualTime time;
  private final Traffic traffic;
  private final Kubelet kubelet;
  private final Map<PodRun, List<Row>> byPod = new LinkedHashMap<>();
  private long everyMillis = 5_000;

  /**
   * One series as it grows.
   *
   * @param bucket the whole histogram is there from its first use; other series from their own
   */
  private record Row(
      String metric,
      Map<String, String> labels,
      boolean bucket,
      ToDoubleFunction<Counters> value,
      List<Point> points) {
    void scrape(Counters counters, Instant at) {
      double count = Math.floor(value.applyAsDouble(counters) + 1e-6);
      if (count > 0 || (bucket && counters.good + counters.bad >= 1)) {
        points.add(new Point(at, count));
        if (points.size() > BLOCK && points.get(BLOCK).at().isBefore(at.minus(RETENTION))) {
          points.subList(0, BLOCK).clear();
        }
      }
    }
  }

  Scrapes(VirtualTime time, Traffic traffic, Kubelet kubelet) {
    this.time = time;
    this.traffic = traffic;
    this.kubelet = kubelet;
    time.after(everyMillis, this::scrape);
  }

  /** Sets the time between two scrapes, from the next on. */
  void every(Duration interval) {
    everyMillis = interval.toMillis();
  }

  private void scrape() {
    traffic.settle();
    Instant now = time.now();
    for (PodRun pod : kubelet.all()) {
      if (pod.scrapable()) {
        for (Row row : byPod.computeIfAbsent(pod, Scrapes::rows)) {
          row.scrape(pod.counters, now);
        }
      }
    }
    time.after(everyMillis, this::scrape);
  }

  private static List<Row> rows(PodRun pod) {
    List<Row> rows = new ArrayList<>();
    for (String metric : List.of("http_requests_total", "http_request_duration_seconds_count")) {
      rows.add(row(pod, metric, "code", "200", false, counters -> counters.good));
      rows.add(row(pod, metric, "code", "500", false, counters -> counters.bad));
    }
    for (int i = 0; i < Counters.BOUNDS.length; i++) {
      int bucket = i;
      String bound = bound(Counters.BOUNDS[i]);
      rows.add(
          row(
              pod,
              "http_request_duration_seconds_bucket",
              "le",
              bound,
              true,
              counters -> counters.buckets[bucket]));
    }
    return rows;
  }

  private static Row row(
      PodRun pod,
      String metric,
      String label,
      String value,
      boolean bucket,
      ToDoubleFunction<Counters> count) {
    Map<String, String> labels =
        Map.of(
            "__name__",
            metric,
            "namespace",
            pod.ref.namespace(),
            "pod",
            pod.ref.name(),
            label,
            value);
    return new Row(metric, labels, bucket, count, new ArrayList<>());
  }

  private static String bound(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "+Inf";
    }
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }

  /** The series that a selector finds at an instant: one point each, or those of its range. */
  List<Series> find(Selector selector, Instant now) {
    Instant at = now.minus(selector.offset());
    List<Series> found = new ArrayList<>();
    byPod.forEach(
        (pod, rows) -> {
          for (Row row : rows) {
            if (row.metric.equals(selector.metric()) && selector.matches(row.labels)) {
              List<Point> points = visible(row.points, pod, selector, at);
              if (!points.isEmpty()) {
                found.add(new Series(row.labels, points));
              }
            }
          }
        });
    return found;
  }

  /** Looked for from the newest back: what is asked for is always near the end. */
  private List<Point> visible(List<Point> all, PodRun pod, Selector selector, Instant at) {
    boolean instant = selector.range().isZero();
    // The first scrape that finds no pod marks its series as stale.
    Duration fresh = pod.scrapable() ? LOOK_BACK : Duration.ofMillis(everyMillis);
    Instant begin = at.minus(instant ? fresh : selector.range());
    int end = all.size();
    while (end > 0 && all.get(end - 1).at().isAfter(at)) {
      end--;
    }
    int from = end;
    while (from > 0 && all.get(from - 1).at().isAfter(begin) && (!instant || from == end)) {
      from--;
    }
    return List.copyOf(all.subList(from, end));
  }
}
