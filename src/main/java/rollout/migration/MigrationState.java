package rollout.migration;

import java.util.List;
import java.util.Optional;

/**
 * Where a database stands, in the same words for every tool.
 *
 * @param current the newest applied migration, in the tool's own words; empty: none
 * @param applied how many; -1: the tool does not say
 * @param pending those that the image has and the database has not; empty where there are none, or
 *     where the tool does not say
 * @param pendingKnown whether the tool says which are pending
 * @param failed those that the tool's history calls failed
 * @param dirty whether the newest one may be half done
 * @param lock who holds the tool's lock, in its own words; empty: nobody, as far as it says
 * @param ahead what the database has and the image has not, in the tool's own words; empty:
 *     nothing, as far as it says
 * @param unreadable why nothing is known; empty: all the above is
 */
public record MigrationState(
    String current,
    int applied,
    List<String> pending,
    boolean pendingKnown,
    List<String> failed,
    boolean dirty,
    Optional<String> lock,
    Optional<String> ahead,
    Optional<String> unreadable) {
  /** Copies the lists. */
  public MigrationState {
    pending = List.copyOf(pending);
    failed = List.copyOf(failed);
  }

  /** Nothing is known, for this reason. */
  public static MigrationState unknown(String why) {
    return new MigrationState(
        "",
        -1,
        List.of(),
        false,
        List.of(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.of(why));
  }

  /** An empty database, or one that the tool has never seen. */
  static MigrationState none() {
    return new MigrationState(
        "",
        0,
        List.of(),
        false,
        List.of(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  MigrationState at(String newest, int count) {
    return new MigrationState(
        newest, count, pending, pendingKnown, failed, dirty, lock, ahead, unreadable);
  }

  MigrationState pending(List<String> those) {
    return new MigrationState(
        current, applied, those, true, failed, dirty, lock, ahead, unreadable);
  }

  MigrationState failed(List<String> those) {
    return new MigrationState(
        current, applied, pending, pendingKnown, those, dirty, lock, ahead, unreadable);
  }

  MigrationState halfDone() {
    return new MigrationState(
        current, applied, pending, pendingKnown, failed, true, lock, ahead, unreadable);
  }

  MigrationState lockedBy(String holder) {
    return new MigrationState(
        current,
        applied,
        pending,
        pendingKnown,
        failed,
        dirty,
        Optional.of(holder),
        ahead,
        unreadable);
  }

  MigrationState ahead(String what) {
    return new MigrationState(
        current,
        applied,
        pending,
        pendingKnown,
        failed,
        dirty,
        lock,
        Optional.of(what),
        unreadable);
  }

  /** Why no migration may begin in this state; empty: one may. */
  public Optional<String> obstacle() {
    if (dirty) {
      return Optional.of("migration " + current + " is dirty: nobody knows how much of it is done");
    }
    if (!failed.isEmpty()) {
      return Optional.of("migration " + String.join(", ", failed) + " has failed");
    }
    return lock.map(holder -> "the tool's lock is held: " + holder)
        .or(() -> ahead.map(what -> "the database is ahead of the image: " + what));
  }
}
