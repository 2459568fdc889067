package rollout.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.RefusedError;
import rollout.plan.Materials;
import rollout.port.Ports;

/**
 * Everything in order again, from the journal or from the live objects alone: a settling is
 * finished, what has turned back goes on backwards, and anything else goes back.
 */
final class Repair {
  /** Each round takes one candidate away; more than that is somebody else's doing. */
  private static final int ROUNDS = 5;

  private final Engine engine;
  private final Ports ports;
  private final String service;
  private final boolean force;

  Repair(Engine engine, String service, boolean force) {
    this.engine = engine;
    this.ports = engine.ports();
    this.service = service;
    this.force = force;
  }

  /**
   * Does it.
   *
   * @throws RefusedError when there is no such Service, or the journal is not ours to change
   * @throws rollout.model.HeldError when a driver lives, unless forced
   */
  Outcome run() throws InterruptedException {
    Instant asked = ports.time().now();
    Journal journal = new Journal(ports.cluster(), ports.namespace(), service);
    Outcome last = nothing();
    boolean found = false;
    for (int round = 0; round < ROUNDS; round++) {
      Journal.Entry entry = journal.readToWrite();
      LeaseKeeper lease = new LeaseKeeper(ports, ports.namespace(), service);
      Doc live = lease.read();
      Optional<RolloutState> state = entry.state().or(() -> Recovered.from(ports, service, entry));
      if (state.isEmpty()) {
        tidy(journal, entry);
        break;
      }
      if (!force) {
        lease.checkFree();
      }
      found = true;
      RolloutState ours = turned(engine.inOurHands(state.get(), live, asked), asked);
      Telling telling = new Telling(ports.progress(), ours.release().revision());
      telling.tell(note(entry, journal, ours));
      Records records = new Records(ports, journal, lease, entry, false);
      last =
          engine.drive(records, ours.noting(HistoryEntry.REPAIRED, "yes"), Materials.NONE, telling);
      if (last.result() != Result.ROLLED_BACK && last.result() != Result.DONE) {
        return last;
      }
    }
    if (found) {
      return repaired(last);
    }
    Rollouts.checkThere(ports, service);
    return last;
  }

  /** Nothing is left of it but a text that nobody can read. */
  private void tidy(Journal journal, Journal.Entry entry) {
    if (entry.damaged().isEmpty()) {
      return;
    }
    Instant now = ports.time().now();
    List<HistoryEntry> history =
        entry
            .revisionOfDamage()
            .map(number -> Journal.with(entry.history(), HistoryEntry.repaired(number, now)))
            .orElse(entry.history());
    journal.close(entry, history);
  }

  private Event note(Journal.Entry entry, Journal journal, RolloutState ours) {
    String from =
        entry.state().isPresent()
            ? "by the journal"
            : Recovered.why(entry, journal) + ", so by what the objects say";
    String where =
        ours.course() == Course.FORWARD
            ? "its settling is finished"
            : "traffic goes to " + ours.release().stable().name();
    return new Event(
        Event.NOTE,
        Phase.ROLLBACK,
        "repairing revision " + ours.release().revision() + ", " + from + ": " + where,
        Doc.EMPTY);
  }

  private RolloutState turned(RolloutState state, Instant asked) {
    return state.reached(rollout.plan.Step.BeginSettle.class)
        ? state
        : Engine.turned(state, asked, "repaired by " + ports.identity());
  }

  private Outcome nothing() {
    return new Outcome(
        Result.UNCHANGED,
        0,
        "where it was",
        "nothing to repair: no object of " + service + " carries anything of a release");
  }

  private static Outcome repaired(Outcome last) {
    return new Outcome(
        last.result(),
        last.revision(),
        last.traffic(),
        "repaired: nothing of the release is left. Traffic: " + last.traffic());
  }
}
