package rollout.run;

import java.time.Instant;
import rollout.document.Doc;

/**
 * Whether a Lease's holder lives, by what this process saw change: no two machines need the same
 * time of day.
 */
final class SignsOfLife {
  private String version = "";
  private Instant last = Instant.EPOCH;

  /** A look at the Lease; another version of it is a sign. */
  void look(Doc lease, Instant now) {
    String found = lease.textOrEmpty("metadata", "resourceVersion");
    if (!found.equals(version)) {
      sign(lease, now);
    }
  }

  /** Nobody can hear of changes now, so nobody counts as silent. */
  void sign(Doc lease, Instant now) {
    version = lease.textOrEmpty("metadata", "resourceVersion");
    last = now;
  }

  /** When there was one last. */
  Instant last() {
    return last;
  }

  /** When silence will have lasted for as long as a Lease is good. */
  Instant death() {
    return last.plus(LeaseKeeper.DURATION);
  }

  /** Whether it has. */
  boolean silent(Instant now) {
    return !now.isBefore(death());
  }
}
