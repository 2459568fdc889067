package rollout.yaml;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import rollout.model.Measure;

/** The templates that a check in a strategy file can name. */
enum CheckTemplate {
  ERROR_RATE("http-error-rate", new Measure.ErrorRate(), Bound.Rule.PERCENT, List.of()),
  P99("http-p99", new Measure.Latency(0.99), Bound.Rule.LATENCY, List.of()),
  // It is watched and counts from the first container that ends: no interval, nothing to repeat.
  POD_HEALTH(
      "pod-health",
      new Measure.PodHealth(),
      Bound.Rule.NONE,
      List.of("max", "minRequests", "every", "consecutive"));

  /** The keys that a free query has no use for: it counts no requests. */
  static final List<String> NOT_WITH_QUERY = List.of("minRequests");

  private final String word;
  private final Measure measure;
  private final Bound.Rule rule;
  private final List<String> without;

  CheckTemplate(String word, Measure measure, Bound.Rule rule, List<String> without) {
    this.word = word;
    this.measure = measure;
    this.rule = rule;
    this.without = without;
  }

  /** As in the file. */
  String word() {
    return word;
  }

  Measure measure() {
    return measure;
  }

  Bound.Rule rule() {
    return rule;
  }

  /** Keys that mean nothing with it. */
  List<String> without() {
    return without;
  }

  static List<String> words() {
    return Arrays.stream(values()).map(CheckTemplate::word).toList();
  }

  static Optional<CheckTemplate> of(String word) {
    return Arrays.stream(values()).filter(template -> template.word.equals(word)).findFirst();
  }
}
