package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.MetricRound;

/** Answers of a backend for the tests of judging, told in seconds before {@link #NOW}. */
final class Scraped {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final MetricNames NAMES =
      new MetricNames(
          "http",
          "",
          "t{namespace=\"$namespace\",pod=~\"$pods\"}",
          "t{namespace=\"$namespace\",pod=~\"$pods\",code=~\"5..\"}",
          "b{pod=~\"$pods\"}",
          1,
          "");

  /** The candidate pods g-1 and g-2, with traffic for an hour, unless told otherwise. */
  static final Subject SUBJECT = subject(3600, "g-1", "g-2");

  private final Map<String, MetricAnswer> answers = new HashMap<>();

  static Subject subject(long sinceSecondsAgo, String... pods) {
    return new Subject(
        "shop",
        "shop-r2",
        "shop",
        List.of(pods),
        List.of("s-1"),
        NOW.minusSeconds(sinceSecondsAgo));
  }

  /** A series of a pod; the last value was scraped {@code newest} s ago, the others before it. */
  static Series series(String pod, String labels, double newest, double every, double... values) {
    Map<String, String> named = new HashMap<>(Map.of("pod", pod));
    for (String label : labels.isEmpty() ? new String[0] : labels.split(",")) {
      named.put(label.split("=")[0], label.split("=")[1]);
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      double ago = newest + every * (values.length - 1 - i);
      points.add(new Point(NOW.minus(Duration.ofMillis(Math.round(ago * 1000))), values[i]));
    }
    return new Series(named, points);
  }

  static Scraped answers() {
    return new Scraped().with("control", value("", 1));
  }

  static Samples value(String labels, double value) {
    return new Samples(List.of(series("x", labels, 0, 1, value)), List.of());
  }

  Scraped with(String id, Series... series) {
    return with(id, new Samples(List.of(series), List.of()));
  }

  Scraped with(String id, MetricAnswer answer) {
    answers.put(id, answer);
    return this;
  }

  MetricRound round() {
    return new MetricRound(NOW, NOW.plusMillis(20), answers);
  }
}
