package rollout.sim;

import java.time.Duration;

/** What the program in a pod counts of its requests; monotone, fractions included. */
final class Counters {
  /** The upper bounds of the latency buckets, in seconds; the last is infinite. */
  static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
  };

  /** Share of requests that take at most so many times the usual latency. */
  private static final double[][] SHARES = {
    {0.4, 0.5}, {0.5, 0.8}, {0.9, 1}, {0.97, 1.5}, {0.99, 2}, {1, 4}
  };

  double good;
  double bad;
  final double[] buckets = new double[BOUNDS.length];

  void answer(double requests, Behaviour behaviour) {
    bad += requests * behaviour.errorRate();
    good += requests * (1 - behaviour.errorRate());
    for (int i = 0; i < BOUNDS.length; i++) {
      buckets[i] += requests * below(BOUNDS[i], behaviour.latency());
    }
  }

  /** The share of requests that take at most so many seconds. */
  private static double below(double seconds, Duration usual) {
    double times = seconds * 1e9 / usual.toNanos();
    double share = 0;
    for (double[] step : SHARES) {
      if (times >= step[1]) {
        share = step[0];
      }
    }
    return share;
  }
}
