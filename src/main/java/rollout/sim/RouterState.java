package rollout.sim;

/** How the routers of a world are. */
public enum RouterState {
  /** As they should be. */
  WELL,
  /** They do as they are told, and write no status. */
  SILENT,
  /** They say {@code Accepted=False} of what is new, and go on with what they had. */
  REFUSING,
  /** They say that they have accepted what is new, and go on with what they had. */
  STUCK,
  /** They do as they are told, but for the weights: each backend gets as much as another. */
  BLIND
}
