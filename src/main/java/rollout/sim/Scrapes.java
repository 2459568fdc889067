package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Series;

/** What the Prometheus of a world has scraped from the pods, and finds by a selector. */
final class Scrapes {
  private static final Duration LOOK_BACK = Duration.ofMinutes(5);

  private final VirtualTime time;
  private final Traffic traffic;
  private final Kubelet kubelet;
  private final Map<PodRun, List<Sample>> byPod = new HashMap<>();
  private final List<PodRun> order = new ArrayList<>();
  private long everyMillis = 5_000;

  private record Sample(Instant at, double good, double bad, double[] buckets) {}

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
    for (PodRun pod : kubelet.all()) {
      if (pod.scrapable()) {
        Counters counters = pod.counters;
        byPod
            .computeIfAbsent(pod, this::first)
            .add(new Sample(time.now(), counters.good, counters.bad, counters.buckets.clone()));
      }
    }
    time.after(everyMillis, this::scrape);
  }

  private List<Sample> first(PodRun pod) {
    order.add(pod);
    return new ArrayList<>();
  }

  /** The series that a selector finds at an instant: one point each, or those of its range. */
  List<Series> find(Selector selector, Instant at) {
    List<Series> found = new ArrayList<>();
    for (PodRun pod : order) {
      List<Sample> samples = visible(byPod.getOrDefault(pod, List.of()), pod, selector, at);
      if (!samples.isEmpty()) {
        series(pod, selector, samples, found);
      }
    }
    return found;
  }

  /** Looked for from the newest back: what is asked for is always near the end. */
  private List<Sample> visible(List<Sample> all, PodRun pod, Selector selector, Instant at) {
    boolean instant = selector.range().isZero();
    // The first scrape that finds no pod marks its series as stale.
    Duration fresh = pod.scrapable() ? LOOK_BACK : Duration.ofMillis(everyMillis);
    Instant begin = at.minus(instant ? fresh : selector.range());
    List<Sample> found = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0 && all.get(i).at.isAfter(begin); i--) {
      if (!all.get(i).at.isAfter(at)) {
        found.addFirst(all.get(i));
        if (instant) {
          break;
        }
      }
    }
    return found;
  }

  private static void series(
      PodRun pod, Selector selector, List<Sample> samples, List<Series> found) {
    switch (selector.metric()) {
      case "http_requests_total", "http_request_duration_seconds_count" -> {
        add(pod, selector, Map.of("code", "200"), samples, Sample::good, found);
        add(pod, selector, Map.of("code", "500"), samples, Sample::bad, found);
      }
      case "http_request_duration_seconds_bucket" -> {
        for (int i = 0; i < Counters.BOUNDS.length; i++) {
          int bucket = i;
          add(
              pod,
              selector,
              Map.of("le", bound(Counters.BOUNDS[i])),
              samples,
              sample -> sample.buckets[bucket],
              found);
        }
      }
      default -> {
        // no such metric: no series
      }
    }
  }

  private static String bound(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "+Inf";
    }
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }

  private interface Value {
    double of(Sample sample);
  }

  private static void add(
      PodRun pod,
      Selector selector,
      Map<String, String> own,
      List<Sample> samples,
      Value value,
      List<Series> found) {
    Map<String, String> labels = new HashMap<>(own);
    labels.put("__name__", selector.metric());
    labels.put("namespace", pod.ref.namespace());
    labels.put("pod", pod.ref.name());
    if (!selector.matches(labels)) {
      return;
    }
    boolean born = own.containsKey("le");
    List<Point> points = new ArrayList<>();
    for (Sample sample : samples) {
      double count = Math.floor(value.of(sample) + 1e-6);
      // A counter with labels is there from its first use on.
      if (count > 0 || (born && sample.buckets[Counters.BOUNDS.length - 1] >= 1)) {
        points.add(new Point(sample.at, count));
      }
    }
    if (!points.isEmpty()) {
      found.add(new Series(labels, points));
    }
  }
}
