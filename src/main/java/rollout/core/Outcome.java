package rollout.core;

/**
 * How a verb ended.
 *
 * @param result what became of it
 * @param revision the revision it was about; 0 for none
 * @param traffic which version serves, for people: {@code all on shop (revision 3), observed}
 * @param says the last line: what happened, what state things are in, what to do
 */
public record Outcome(Result result, int revision, String traffic, String says) {
  /** The ends that a verb can have. */
  public enum Result {
    /** All on the candidate, observed, settled. */
    DONE("done"),
    /** A first release: the version serves. */
    INSTALLED("installed"),
    /** Nothing to do. */
    UNCHANGED("unchanged"),
    /** The verb {@code rollback}: all on the version asked for, observed. */
    RETURNED("rolled-back"),
    /** Planned only; nothing written. */
    PLANNED("planned"),
    /** A request was written for the driver, or a verb had nothing to do. */
    ACCEPTED("accepted"),
    /** All on the stable version, observed; something or somebody said no. */
    ROLLED_BACK("rolled-back"),
    /** Traffic is back, the rest is not. */
    ROLLED_BACK_PARTLY("rolled-back-partly"),
    /** Another driver has taken the target. */
    LOST("lost"),
    /** Waits for a person; only with {@code --no-wait}. */
    WAITING("waiting"),
    /** The cluster could not be reached any more. */
    UNREACHABLE("unreachable"),
    /** On the candidate, observed, but not settled. */
    NOT_SETTLED("not-settled"),
    /** Interrupted, left as it was. */
    INTERRUPTED("interrupted"),
    /** Terminated by a signal, left as it was. */
    TERMINATED("terminated");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** As in a {@code result} event. */
    public String word() {
      return word;
    }
  }
}
