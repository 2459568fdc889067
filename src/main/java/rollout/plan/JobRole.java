package rollout.plan;

import java.util.Locale;

/** What a Job is for. */
public enum JobRole {
  /** The database migration, before anything else. */
  MIGRATE,
  /** A test of stable's own on the new schema. */
  SELF_TEST,
  /** A test of the candidate through its preview. */
  SMOKE,
  /** Takes a migration back that stable cannot live with. */
  UNDO;

  /** As in the Job's name: {@code migrate}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
