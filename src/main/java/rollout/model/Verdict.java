package rollout.model;

/** What one look at the metrics says about one {@link Check}. */
public sealed interface Verdict {
  /** The measured value in the unit of the check's bound; NaN where nothing could be measured. */
  double value();

  /** The bound that the value has to stay below. */
  double threshold();

  /** Requests that the value is made of; 0 for a free expression. */
  long samples();

  /** One sentence for people: {@code error rate 51.2 % of 812 requests, allowed 1 %}. */
  String reason();

  /** Enough requests, from every pod, and the value is below the bound. */
  record Pass(double value, double threshold, long samples, String reason) implements Verdict {}

  /** Enough requests, and the value reaches the bound. */
  record Fail(double value, double threshold, long samples, String reason) implements Verdict {}

  /** Numbers come in, but too few, or not yet from every pod. */
  record Undecided(double value, double threshold, long samples, String reason)
      implements Verdict {}

  /**
   * No number that could be judged.
   *
   * @param backendAway whether the metrics backend itself is away, or knows nothing of the stable
   *     version either: then it says nothing about the candidate
   */
  record NoData(double threshold, String reason, boolean backendAway) implements Verdict {
    @Override
    public double value() {
      return Double.NaN;
    }

    @Override
    public long samples() {
      return 0;
    }
  }
}
