package rollout.cli;

import java.util.Arrays;
import java.util.Optional;
import rollout.core.Outcome;
import rollout.core.Status;

/** What a process says at its end. Pipelines rely on these numbers: they never change meaning. */
public enum ExitCode {
  /** Done: all traffic on the version asked for, observed; or there was nothing to do. */
  DONE(0, "done", "all on the candidate, observed"),
  /** A bug or an unforeseen error. */
  BUG(1, "a bug or an unforeseen error", "said in the last line"),
  /** Wrong usage or an invalid file. */
  USAGE(2, "wrong usage or invalid file", "unchanged, nothing written"),
  /** Refused before any change. */
  REFUSED(
      3,
      "refused before any change (preflight, compatibility, a failed revision again without"
          + " --force)",
      "unchanged"),
  /** Rolled back: a check, a deadline, the migration or a person said no. */
  ROLLED_BACK(
      4,
      "rolled back: a check, a deadline, the migration or a person said no",
      "all on the stable version, observed"),
  /** Traffic is back, the rest is not. */
  ROLLED_BACK_PARTLY(
      5,
      "rolled back, but not completely: traffic is back, the rest is not",
      "said in the last line, with the command that finishes it"),
  /** Another rollout holds the target. */
  HELD(6, "another rollout holds the target", "unchanged by this one"),
  /** Lost the target to another driver. */
  LOST(7, "lost the target to another driver", "the other driver's"),
  /** Waiting for a person. */
  WAITING(8, "waiting for a person (only with --no-wait)", "said in the last line"),
  /** The cluster is unreachable or forbids it. */
  UNREACHABLE(9, "cluster unreachable or forbidden", "unknown when it was lost midway; said"),
  /** Promoted, but not settled. */
  NOT_SETTLED(
      10, "promoted, but not settled; of status: in progress", "on the candidate, observed"),
  /** Interrupted by Ctrl-C and left as it was. */
  INTERRUPTED(130, "interrupted, left as it was (--on-interrupt leave)", "said in the last line"),
  /** Terminated by a signal and left as it was. */
  TERMINATED(143, "terminated, left as it was (--on-interrupt leave)", "said in the last line");

  private final int number;
  private final String meaning;
  private final String traffic;

  ExitCode(int number, String meaning, String traffic) {
    this.number = number;
    this.meaning = meaning;
    this.traffic = traffic;
  }

  /** The code of a number. */
  static Optional<ExitCode> of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }

  /** The code of a release that ended, whichever verb drove it. */
  static ExitCode of(Outcome.Result result) {
    return switch (result) {
      case DONE, INSTALLED, UNCHANGED, RETURNED, PLANNED, ACCEPTED -> DONE;
      case ROLLED_BACK -> ROLLED_BACK;
      case ROLLED_BACK_PARTLY -> ROLLED_BACK_PARTLY;
      case LOST -> LOST;
      case WAITING -> WAITING;
      case UNREACHABLE -> UNREACHABLE;
      case NOT_SETTLED -> NOT_SETTLED;
      case INTERRUPTED -> INTERRUPTED;
      case TERMINATED -> TERMINATED;
    };
  }

  /** The code of the verb {@code rollback}: what is a failure of a release is its success. */
  static ExitCode ofRollback(Outcome.Result result) {
    return result == Outcome.Result.ROLLED_BACK ? DONE : of(result);
  }

  /** What {@code status} says about a target. */
  static ExitCode of(Status status) {
    return switch (status.state()) {
      case "settled", "never-released" -> DONE;
      case "rolled-back" -> ROLLED_BACK;
      case "rolled-back-partly" -> ROLLED_BACK_PARTLY;
      case "waiting" -> WAITING;
      default -> NOT_SETTLED;
    };
  }

  /** What the process exits with. */
  public int number() {
    return number;
  }

  /** What it means, in some words. */
  public String meaning() {
    return meaning;
  }

  /** Where the traffic is then. */
  public String traffic() {
    return traffic;
  }
}
