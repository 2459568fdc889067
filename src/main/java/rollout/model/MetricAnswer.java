package rollout.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a metrics backend answered to one query. */
public sealed interface MetricAnswer {
  /**
   * Series, perhaps none. An instant vector gives one point a series, a range selector several,
   * oldest first.
   *
   * @param warnings what the backend had to say about it: with any, a part may be missing
   */
  record Samples(List<Series> series, List<String> warnings) implements MetricAnswer {
    /** Copies the lists. */
    public Samples {
      series = List.copyOf(series);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * The backend understood the question and refused it (400, 422): the query is wrong, and asking
   * again is no use.
   */
  record Refused(int status, String message) implements MetricAnswer {}

  /**
   * No usable answer: timeout, reset, 404, 429, 5xx, half a body. Says nothing about the candidate.
   */
  record Unreachable(String why) implements MetricAnswer {}

  /** One time series. */
  record Series(Map<String, String> labels, List<Point> points) {
    /** Copies both. */
    public Series {
      labels = Map.copyOf(labels);
      points = List.copyOf(points);
    }
  }

  /**
   * One sample.
   *
   * @param value may be NaN or infinite, as the backend said it
   */
  record Point(Instant at, double value) {}
}
