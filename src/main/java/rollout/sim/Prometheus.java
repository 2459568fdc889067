package rollout.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Refused;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricAnswer.Unreachable;

/**
 * A Prometheus that understands selectors, {@code sum}, {@code count}, {@code max}, {@code
 * count_over_time} and {@code vector}.
 */
final class Prometheus {
  private static final Pattern CALL =
      Pattern.compile(
          "\\s*(sum|count|max|count_over_time|vector)\\s*\\((.*)\\)\\s*", Pattern.DOTALL);

  private final Scrapes scrapes;
  private final List<Registered> registered = new ArrayList<>();
  private final Map<String, Optional<Selector>> parsed = new HashMap<>();
  private MetricsState state = MetricsState.UP;

  Prometheus(Scrapes scrapes) {
    this.scrapes = scrapes;
  }

  private record Registered(Predicate<String> query, Function<Instant, MetricAnswer> answer) {}

  MetricsState state() {
    return state;
  }

  void become(MetricsState now) {
    state = now;
  }

  /** The newest registration that fits answers a query. */
  void register(Predicate<String> query, Function<Instant, MetricAnswer> answer) {
    registered.addFirst(new Registered(query, answer));
  }

  MetricAnswer query(String promql, Instant at) {
    return switch (state) {
      case DOWN -> new Unreachable("connection refused");
      case SLOW -> new Unreachable("no answer in time");
      case EMPTY -> new Samples(List.of(), List.of());
      case REFUSING -> new Refused(422, "query processing would load too many samples");
      case NAN -> notNumbers(evaluate(promql, at));
      case UP -> evaluate(promql, at);
    };
  }

  private static MetricAnswer notNumbers(MetricAnswer answer) {
    if (!(answer instanceof Samples samples)) {
      return answer;
    }
    List<Series> broken = new ArrayList<>();
    for (Series series : samples.series()) {
      List<Point> points = new ArrayList<>();
      series.points().forEach(point -> points.add(new Point(point.at(), Double.NaN)));
      broken.add(new Series(series.labels(), points));
    }
    return new Samples(broken, samples.warnings());
  }

  private MetricAnswer evaluate(String promql, Instant at) {
    for (Registered one : registered) {
      if (one.query.test(promql)) {
        return one.answer.apply(at);
      }
    }
    @Nullable List<Series> series = series(promql, at);
    return series == null
        ? new Refused(400, "parse error: this Prometheus does not know: " + promql)
        : new Samples(series, List.of());
  }

  private @Nullable List<Series> series(String promql, Instant at) {
    Matcher call = CALL.matcher(promql);
    if (!call.matches()) {
      Optional<Selector> selector = parsed.computeIfAbsent(promql, Selector::parse);
      return selector.isEmpty() ? null : scrapes.find(selector.get(), at);
    }
    if (call.group(1).equals("vector")) {
      return number(call.group(2).strip(), at);
    }
    @Nullable List<Series> inner = series(call.group(2), at);
    boolean range = call.group(2).strip().endsWith("]");
    if (inner == null || range != call.group(1).equals("count_over_time")) {
      return null;
    }
    return range ? counted(inner, at) : aggregated(call.group(1), inner, at);
  }

  private static List<Series> counted(List<Series> ranges, Instant at) {
    return ranges.stream()
        .map(one -> new Series(one.labels(), List.of(new Point(at, one.points().size()))))
        .toList();
  }

  private static List<Series> aggregated(String function, List<Series> vector, Instant at) {
    if (vector.isEmpty()) {
      return List.of();
    }
    DoubleStream values = vector.stream().mapToDouble(one -> one.points().getLast().value());
    double result =
        switch (function) {
          case "count" -> vector.size();
          case "max" -> values.max().orElseThrow();
          default -> values.sum();
        };
    return List.of(new Series(Map.of(), List.of(new Point(at, result))));
  }

  private static @Nullable List<Series> number(String text, Instant at) {
    try {
      double value = Double.parseDouble(text);
      return List.of(new Series(Map.of(), List.of(new Point(at, value))));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
