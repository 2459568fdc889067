package rollout.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import rollout.model.MetricAnswer.Series;

/**
 * How many requests were answered within each bound, all pods summed: a quantile of a sum is not
 * the mean of quantiles.
 *
 * @param atMost cumulative counts by bound, ascending; the last bound is infinite
 */
record Histogram(TreeMap<Double, Double> atMost) {
  private static final String LE = "le";

  /**
   * A quantile and how exactly it is known.
   *
   * @param value interpolated between the bounds; the highest finite bound when {@code beyond}
   * @param low the bound below it, 0 for the first bucket
   * @param high the bound above it
   * @param beyond whether it lies above the highest finite bound, so that {@code value} is the
   *     least it can be
   */
  record Quantile(double value, double low, double high, boolean beyond) {}

  /**
   * Sums up buckets.
   *
   * @param growth what a bucket's counter has grown by
   * @param unit what one unit of {@code le} is in seconds
   * @return nothing when a bound is no number, or when the infinite or every finite bound is
   *     missing
   */
  static Optional<Histogram> of(
      List<Series> buckets, ToDoubleFunction<Series> growth, double unit) {
    Map<Map<String, String>, TreeMap<Double, Double>> groups = new java.util.HashMap<>();
    for (Series bucket : buckets) {
      OptionalDouble bound = bound(bucket);
      if (bound.isEmpty()) {
        return Optional.empty();
      }
      Map<String, String> rest = new TreeMap<>(bucket.labels());
      rest.remove(LE);
      groups
          .computeIfAbsent(rest, labels -> new TreeMap<>())
          .merge(bound.getAsDouble() * unit, growth.applyAsDouble(bucket), Double::sum);
    }
    TreeMap<Double, Double> sums = sum(groups);
    boolean usable = sums.size() > 1 && sums.containsKey(Double.POSITIVE_INFINITY);
    return usable ? Optional.of(new Histogram(rising(sums))) : Optional.empty();
  }

  /** All requests. */
  double requests() {
    return atMost.lastEntry().getValue();
  }

  /**
   * The latency that a share of the requests stays below, by linear interpolation.
   *
   * @param share 0 to 1; there must be requests
   */
  Quantile quantile(double share) {
    double rank = share * requests();
    double low = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : atMost.entrySet()) {
      double high = bucket.getKey();
      double count = bucket.getValue();
      if (count >= rank && count > below) {
        return Double.isInfinite(high)
            ? new Quantile(low, low, high, true)
            : new Quantile(low + (high - low) * (rank - below) / (count - below), low, high, false);
      }
      low = high;
      below = count;
    }
    throw new IllegalStateException("a quantile of no requests");
  }

  private static OptionalDouble bound(Series bucket) {
    String text = bucket.labels().getOrDefault(LE, "");
    if (text.equals("+Inf")) {
      return OptionalDouble.of(Double.POSITIVE_INFINITY);
    }
    try {
      // By value, not by text: one version of Prometheus says "1", the next one "1.0".
      double bound = Double.parseDouble(text);
      return Double.isFinite(bound) ? OptionalDouble.of(bound) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** Sums by bound, over the bounds that all groups have: others would lack a part. */
  private static TreeMap<Double, Double> sum(
      Map<Map<String, String>, TreeMap<Double, Double>> groups) {
    TreeMap<Double, Double> sums = new TreeMap<>();
    groups
        .values()
        .forEach(group -> group.forEach((bound, count) -> sums.merge(bound, count, Double::sum)));
    groups.values().forEach(group -> sums.keySet().retainAll(group.keySet()));
    return sums;
  }

  private static TreeMap<Double, Double> rising(TreeMap<Double, Double> sums) {
    double most = 0;
    for (Map.Entry<Double, Double> bucket : sums.entrySet()) {
      most = Math.max(most, bucket.getValue());
      bucket.setValue(most);
    }
    return sums;
  }
}
