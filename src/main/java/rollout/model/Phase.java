package rollout.model;

import java.util.Locale;

/** The parts of a release as events name them. */
public enum Phase {
  PREFLIGHT,
  MIGRATE,
  DEPLOY,
  VERIFY,
  SHIFT,
  BAKE,
  SETTLE,
  ROLLBACK,
  DONE;

  /** As in an event: {@code bake}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
