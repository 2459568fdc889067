package rollout.core;

import java.util.Locale;

/** Why a release goes back. */
public enum Cause {
  /**
   * A check, or a container of the candidate, said no. The same template again is refused without
   * {@code --force}.
   */
  HEALTH,
  /**
   * The candidate never ran: its image or a Secret could not be had. That says nothing against the
   * version, so the same one may be released again.
   */
  NOT_STARTED,
  /** The migration, or another Job, failed. */
  JOB,
  /** The version that serves cannot live with the new schema. */
  COMPATIBILITY,
  /** A person said no. */
  PERSON,
  /** A deadline passed. */
  DEADLINE,
  /** Somebody changed what the release stands on. */
  DRIFT,
  /** No numbers: Prometheus away, or nothing about the candidate. */
  NO_DATA,
  /** Ctrl-C or SIGTERM. */
  INTERRUPT,
  /** The cluster refused a write that the release needs. */
  REFUSED;

  /** As in the journal: {@code no-data}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads {@link #word}. */
  public static Cause of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
