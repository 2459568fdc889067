package rollout.plan;

/**
 * What a release consists of, in any order that a plan gives. A step is done when the next look
 * shows its end.
 */
public enum Step {
  CLAIM
}
