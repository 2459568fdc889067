package rollout.run;

import rollout.plan.ToolJob;

/**
 * A Job that goes on when the driver of a release dies.
 *
 * @param job image, rights and command line
 */
public record GuardOrder(ToolJob job) {
  /**
   * What a guard does when the driver is gone, always in the way that the release goes. Unless
   * said: back before the switch is observed, on after it.
   */
  public enum OnLostDriver {
    /** On. */
    RESUME,
    /** Back, as long as there is a way back. */
    ROLLBACK,
    /** Nothing, but it says so. */
    HOLD
  }
}
