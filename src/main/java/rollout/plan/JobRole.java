package rollout.plan;

import java.util.Locale;

/** What a Job is for. */
public enum JobRole {
  /** The database migration, before anything else. */
  MIGRATE,
  /** A test of the candidate through its preview. */
  SMOKE;

  /** As in the Job's name: {@code migrate}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
