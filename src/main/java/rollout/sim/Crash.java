package rollout.sim;

/**
 * The program has been killed, as by {@code kill -9}. The world goes on. Every later call of the
 * same program throws it again, so that no clean-up of the dead program can act.
 */
public final class Crash extends Error {
  private static final long serialVersionUID = 1;

  /** Says where. */
  public Crash(String where) {
    super(where);
  }
}
