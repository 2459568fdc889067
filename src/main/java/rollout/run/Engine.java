package rollout.run;

import java.time.Instant;
import java.util.function.BiFunction;
import rollout.core.Cause;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome;
import rollout.core.Pausing;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.plan.Materials;
import rollout.port.Ports;
import rollout.run.Rollouts.Driving;

/**
 * What every verb that drives has: the ports, who may interrupt, and who decides.
 *
 * @param mind from a state and a look to what to do
 */
record Engine(
    Ports ports,
    Interrupts interrupts,
    Driving driving,
    BiFunction<RolloutState, Observation, Decision> mind) {

  /** Drives a release from a state to its end. */
  Outcome drive(Records records, RolloutState state, Materials materials, Telling telling)
      throws InterruptedException {
    return new Runner(this, records, state, materials, telling).run();
  }

  /** A release in this process' hands: its epoch is above every one that stands anywhere. */
  RolloutState inOurHands(RolloutState found, Doc lease, Instant at) {
    long epoch = Epochs.next(ports.cluster(), found.release(), found.epoch(), lease);
    return found.takenOver(epoch, ports.nonce(), at);
  }

  /** Turned back because a person said so; as it is where it goes back already, or cannot. */
  static RolloutState turned(RolloutState state, Instant asked, String why) {
    if (state.course() != Course.FORWARD) {
      return state;
    }
    return Decider.giveUp(state, Observation.nothing(asked), Cause.PERSON, why)
        .map(Decision.Advance::next)
        .orElse(state);
  }

  /**
   * Takes a release over whose driver is dead, and drives it on the way that it goes.
   *
   * @param clearRequest whether this answers what was asked of the former driver, and lets it go on
   *     where it holds
   */
  Outcome takeOver(Journal journal, Journal.Entry entry, boolean clearRequest)
      throws InterruptedException {
    return takeOver(journal, entry, clearRequest, "");
  }

  /**
   * The same for one who has listened to the Lease already.
   *
   * @param silent the version of the Lease that nobody has renewed for its duration; empty: none
   */
  Outcome takeOver(Journal journal, Journal.Entry entry, boolean clearRequest, String silent)
      throws InterruptedException {
    RolloutState found = entry.state().orElseThrow();
    String target = found.release().target().name();
    LeaseKeeper lease = new LeaseKeeper(ports, found.release().namespace(), target);
    lease.awaitFree(silent);
    RolloutState taken = inOurHands(found, lease.read(), ports.time().now());
    RolloutState ours = clearRequest ? Pausing.resumed(taken) : taken;
    lease.take(ours.epoch(), target);
    Journal.Entry saved = journal.begin(entry, ours, entry.history(), clearRequest);
    Records records = new Records(ports, journal, lease, saved, true);
    Telling telling = new Telling(ports.progress(), found.release().revision());
    return drive(records, ours, Materials.NONE, telling);
  }
}
