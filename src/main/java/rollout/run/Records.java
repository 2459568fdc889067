package rollout.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Observation.Request;
import rollout.core.Outcome;
import rollout.core.Pausing;
import rollout.core.RolloutState;
import rollout.core.Watching;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.Stamp;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** A driver's Lease and journal: that it is alive, and where it stands. */
final class Records {
  private static final int TRIES = 5;

  /** How often the end is tried to be written, a second apart when the server is busy. */
  private static final int CLOSE_TRIES = 30;

  private final Ports ports;
  private final Journal journal;
  private final LeaseKeeper lease;
  private final DatabaseLease database;
  private Journal.Entry entry;
  private boolean leased;
  private boolean lost;
  private Instant journalDue = Instant.EPOCH;
  private Optional<Request> heard = Optional.empty();
  private boolean unsaved;

  /** The version of a journal that had no release in it when this driver came; else empty. */
  private final String without;

  Records(Ports ports, Journal journal, LeaseKeeper lease, Journal.Entry entry, boolean leased) {
    this(ports, journal, lease, new DatabaseLease(ports), entry, leased);
  }

  Records(
      Ports ports,
      Journal journal,
      LeaseKeeper lease,
      DatabaseLease database,
      Journal.Entry entry,
      boolean leased) {
    this.database = database;
    this.ports = ports;
    this.journal = journal;
    this.lease = lease;
    this.entry = entry;
    this.leased = leased;
    this.without = entry.state().isEmpty() ? entry.version() : "";
  }

  Ref journalRef() {
    return journal.ref();
  }

  /** When something here is due: a renewal, or a save that failed before. */
  Instant due() {
    if (!leased) {
      return ports.time().now().plusSeconds(1);
    }
    return unsaved && journalDue.isBefore(lease.due()) ? journalDue : lease.due();
  }

  /**
   * Keeps the Lease; takes it first when the traffic had to go before it. False: somebody else has
   * the target.
   */
  boolean stillOurs(RolloutState state) {
    if (lost) {
      return false;
    }
    if (!leased) {
      leased = take(state);
    }
    if (unsaved && !ports.time().now().isBefore(journalDue)) {
      save(state);
    }
    boolean ours = !lost && (!leased || lease.renew());
    if (ours) {
      database.keep(state);
    }
    return ours;
  }

  private boolean take(RolloutState state) {
    try {
      lease.read();
      lease.take(state.epoch(), state.release().target().name());
      return true;
    } catch (ClusterException e) {
      // The way back does not wait for the Lease.
      return false;
    }
  }

  /**
   * The machine slept, or its clock was set: somebody may have taken over meanwhile, so look before
   * the next write.
   */
  void doubt(RolloutState state) {
    boolean still = reread(state);
    if (still && leased) {
      lost = !lease.isOurs();
    }
  }

  /** What was asked for in the journal that the next decision stands on. */
  void heard(Optional<Request> request) {
    heard = request;
  }

  /**
   * Writes the state. What cannot be written now is written later: the objects say the rest
   * meanwhile.
   */
  void save(RolloutState state) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      try {
        // One that came after the last look has not been heard yet.
        boolean answered =
            entry.request().isPresent()
                && entry.request().equals(heard)
                && !stands(entry.request().get(), state);
        entry = journal.save(entry, state, entry.history(), answered);
        unsaved = false;
        return;
      } catch (ClusterException e) {
        if (!Journal.stale(e) || !reread(state)) {
          break;
        }
      }
    }
    unsaved = true;
    journalDue = ports.time().now().plusSeconds(2);
  }

  /** A pause holds, and a gate hears of its promotion, for as long as the request is there. */
  private static boolean stands(Request request, RolloutState state) {
    return request.pauses() ? Pausing.possible(state) : Watching.waits(state, request);
  }

  /** Somebody wrote meanwhile: a request is welcome, another driver is not. */
  private boolean reread(RolloutState state) {
    try {
      entry = journal.read();
    } catch (ClusterException e) {
      return false;
    }
    lost = closedByAnother(entry, state);
    return !lost;
  }

  /**
   * Whether another driver has the release, or has ended it: then its stamps are off the objects,
   * and only the journal still tells.
   */
  boolean closedByAnother(Journal.Entry journal, RolloutState state) {
    boolean ended =
        journal.state().isEmpty()
            && journal.damage().isEmpty()
            && !journal.version().equals(without);
    return !journal.version().isEmpty()
        && (ended
            || journal
                .state()
                .map(other -> new Stamp(other.epoch(), other.by(), other.way()))
                .filter(stamp -> stamp.fences(state.stamp()))
                .isPresent());
  }

  /** The release is over: into the history, and the Lease free. */
  Outcome close(RolloutState state, Outcome outcome, String workload) {
    HistoryEntry last = Runner.entry(state, outcome, workload, ports.time().now());
    for (int attempt = 0; attempt < CLOSE_TRIES; attempt++) {
      List<HistoryEntry> history = Journal.with(entry.history(), last);
      try {
        List<HistoryEntry> before = entry.history();
        entry = journal.close(entry, history);
        forget(before, history, state);
        break;
      } catch (ClusterException e) {
        if (Journal.stale(e) ? !reread(state) : !pause()) {
          break;
        }
      }
    }
    release();
    return outcome;
  }

  /** A second of patience; the Lease lives on meanwhile. False when the thread shall end. */
  private boolean pause() {
    try {
      ports.time().await(ports.time().now().plusSeconds(1));
      return lease.renew();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Jobs stay as long as their revision is in the history, so that a late create by a frozen driver
   * finds them; then they go. Best effort: one that stays harms nobody.
   */
  private void forget(List<HistoryEntry> before, List<HistoryEntry> after, RolloutState state) {
    for (HistoryEntry old : before) {
      if (after.stream().noneMatch(one -> one.revision() == old.revision())) {
        Map<String, String> labels =
            Map.of(
                Marks.TARGET, state.release().target().name(),
                Marks.REVISION, String.valueOf(old.revision()));
        Query query = Query.labelled(Kind.JOB, state.release().namespace(), labels);
        try {
          ports
              .cluster()
              .list(query)
              .forEach(
                  job ->
                      ports
                          .cluster()
                          .delete(Ref.to(Kind.JOB, job), job.textOrEmpty("metadata", "uid")));
        } catch (ClusterException e) {
          return;
        }
      }
    }
  }

  /** The driver goes, the release stays open. */
  Outcome leave(Outcome outcome) {
    release();
    return outcome;
  }

  void release() {
    database.release();
    lease.release();
  }
}
