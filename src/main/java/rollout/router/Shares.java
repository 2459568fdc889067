package rollout.router;

/** Percent as whole numbers that add up to a total. */
final class Shares {
  /** A total in which every percent is a whole number. */
  static final int WHOLE = 100;

  private Shares() {}

  /** The candidate's number for a percent, rounded. */
  static int part(int total, int percent) {
    return (int) (((long) total * percent + WHOLE / 2) / WHOLE);
  }

  /** The percent that a number is, rounded. */
  static int percent(int part, int total) {
    return (int) (((long) part * WHOLE + total / 2) / total);
  }

  /**
   * Whether the total can tell this percent: its number is read back as the same one, so it is off
   * by less than half a point, and a step is neither none nor all.
   */
  static boolean fits(int total, int percent) {
    int part = part(total, percent);
    boolean end = percent == 0 || percent == WHOLE;
    return total > 0 && (end || part > 0 && part < total) && percent(part, total) == percent;
  }
}
