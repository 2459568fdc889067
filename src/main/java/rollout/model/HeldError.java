package rollout.model;

/** Another rollout holds the target, or its Deployment: exit 6, nothing was changed. */
public final class HeldError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says who holds it, since when, and what to do. */
  public HeldError(String message) {
    super(message);
  }
}
