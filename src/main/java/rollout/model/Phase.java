package rollout.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

  /** The phase of this word. */
  public static Optional<Phase> of(String word) {
    return Arrays.stream(values()).filter(phase -> phase.word().equals(word)).findFirst();
  }

  /** As in an event: {@code bake}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
