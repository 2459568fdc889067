package rollout.run;

import java.time.Instant;
import java.util.Optional;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.HeldError;
import rollout.model.Marks;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * One migration of a database at a time, whichever target it is for: a second Lease, from the start
 * of a release that migrates until stable is proven. It keeps two targets apart that ask for it by
 * the same name; what keeps any two migrations apart is the tool's own lock.
 */
final class DatabaseLease {
  private final Ports ports;
  private final SignsOfLife signs = new SignsOfLife();
  private Optional<LeaseKeeper> keeper = Optional.empty();
  private Instant tried = Instant.EPOCH;

  DatabaseLease(Ports ports) {
    this.ports = ports;
  }

  /**
   * Takes it for a release that begins.
   *
   * @throws HeldError when another target has it
   */
  void begin(Release release, long epoch) throws InterruptedException {
    if (!isNeeded(release)) {
      return;
    }
    LeaseKeeper lease = LeaseKeeper.ofDatabase(ports, release.database().name());
    lease.awaitFree();
    lease.take(epoch, release.target().name());
    keeper = Optional.of(lease);
  }

  /**
   * Renews it while it is needed. Whoever takes a release over takes it too, unless another target
   * has it by now: the migration that runs then is not stopped for that.
   */
  void keep(RolloutState state) {
    Release release = state.release();
    if (!isNeeded(release)) {
      return;
    }
    if (over(state)) {
      release();
      return;
    }
    Instant now = ports.time().now();
    if (keeper.isEmpty() && now.isBefore(tried.plus(LeaseKeeper.RENEWAL))) {
      return;
    }
    tried = now;
    try {
      if (keeper.isEmpty()) {
        LeaseKeeper lease = LeaseKeeper.ofDatabase(ports, release.database().name());
        Doc found = lease.read();
        boolean ofThisTarget =
            found
                .texts("metadata", "labels")
                .getOrDefault(Marks.TARGET, "")
                .equals(release.target().name());
        if (ofThisTarget || silent(found, now)) {
          lease.take(state.epoch(), release.target().name());
          keeper = Optional.of(lease);
        }
      } else {
        keeper.get().renew();
      }
    } catch (ClusterException | HeldError e) {
      // Tried again at the next look; the target's own Lease decides who drives.
    }
  }

  /** Whether nobody holds it, or this process has seen it unchanged for as long as it is good. */
  private boolean silent(Doc found, Instant now) {
    signs.look(found, now);
    return LeaseKeeper.holder(found).isEmpty() || signs.silent(now);
  }

  private static boolean isNeeded(Release release) {
    return release.migration().isPresent() && !release.database().name().isEmpty();
  }

  private static boolean over(RolloutState state) {
    return state.course() == Course.FORWARD
        ? state.reached(Step.StartCandidate.class) || state.reached(Step.StartInstalled.class)
        : state.current().isEmpty();
  }

  /** Lets go. */
  void release() {
    keeper.ifPresent(LeaseKeeper::release);
    keeper = Optional.empty();
  }
}
