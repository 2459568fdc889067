package rollout.migration;

import rollout.strategy.Preset;

/** What to do by hand when a migration has not ended well; each as the tool's own users do it. */
public final class Repair {
  private Repair() {}

  /** After a failed migration, and where the preflight finds a trace of one. */
  public static String line(Preset preset, MigrationState state) {
    if (state.ahead().isPresent()) {
      return "Release an image that has "
          + state.ahead().get()
          + ": this one is older than the database.";
    }
    return switch (preset) {
      case FLYWAY ->
          state.failed().isEmpty()
              ? "Undo what is half done (with a non-transactional script the first statements"
                  + " stay), then release again."
              : "Undo what is half done, then: flyway repair, and release again.";
      case ALEMBIC, FLASK ->
          "In a transaction nothing is left behind; undo what an autocommit_block did, then release"
              + " again.";
      case GOLANG_MIGRATE ->
          state.current().isEmpty()
              ? "Look whether the failed file's statements are done. Done: migrate force N. Not"
                  + " done: migrate force N-1, then release again."
              : "Look whether the statements of file "
                  + state.current()
                  + " are done. Done: migrate force "
                  + state.current()
                  + ". Not done: migrate force with the number before it, then release again.";
      case EF -> "Each migration is one transaction: mend it, then release again.";
      case LIQUIBASE ->
          "Nobody migrates any more? Then: liquibase release-locks; undo what a changeset without a"
              + " transaction did, then release again.";
    };
  }

  /** The same when only the failed Job is known. */
  public static String line(Preset preset) {
    return line(preset, MigrationState.none());
  }
}
