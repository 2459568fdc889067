package rollout.plan;

/** How many pods make a share, and which share so many pods make. */
public final class Shares {
  private Shares() {}

  /**
   * Pods of a candidate beside stable's, so that their share of all is the nearest to the wanted
   * one; at least 1.
   *
   * @param stable pods of stable
   * @param percent 1 to 99
   */
  public static int beside(int stable, int percent) {
    int fewer = Math.max(1, stable * percent / (100 - percent));
    return off(stable, fewer, percent) <= off(stable, fewer + 1, percent) ? fewer : fewer + 1;
  }

  private static double off(int stable, int candidate, int percent) {
    return Math.abs(exact(stable, candidate) - percent);
  }

  private static double exact(int stable, int candidate) {
    int all = stable + candidate;
    return all == 0 ? 0 : 100.0 * candidate / all;
  }

  /** Percent of all pods that are the candidate's, to the nearest. */
  public static int percent(int stable, int candidate) {
    return (int) Math.round(exact(stable, candidate));
  }

  /**
   * Pods that bear a share of what stable bears: rounded up, at least 1.
   *
   * @param percent 0 to 100
   */
  public static int bearing(int stable, int percent) {
    return Math.max(1, (stable * percent + 99) / 100);
  }

  /** The fewest pods of stable with which one of the candidate is no more than this share. */
  public static int fewestFor(int percent) {
    return Math.max(1, (int) Math.ceil(100.0 / Math.max(1, percent) - 1));
  }
}
