package rollout.run;

import java.util.function.BiFunction;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome;
import rollout.core.Pausing;
import rollout.core.RolloutState;
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

  /**
   * Takes a release over whose driver is dead, and drives it on the way that it goes.
   *
   * @param clearRequest whether this answers what was asked of the former driver, and lets it go on
   *     where it holds
   */
  Outcome takeOver(Journal journal, Journal.Entry entry, boolean clearRequest)
      throws InterruptedException {
    RolloutState found = entry.state().orElseThrow();
    String target = found.release().target().name();
    LeaseKeeper lease = new LeaseKeeper(ports, found.release().namespace(), target);
    lease.awaitFree();
    long epoch = Epochs.next(ports.cluster(), found.release(), found.epoch(), lease.read());
    RolloutState taken = found.takenOver(epoch, ports.nonce(), ports.time().now());
    RolloutState ours = clearRequest ? Pausing.resumed(taken) : taken;
    lease.take(epoch, target);
    Journal.Entry saved = journal.begin(entry, ours, entry.history(), clearRequest);
    Records records = new Records(ports, journal, lease, saved, true);
    Telling telling = new Telling(ports.progress(), found.release().revision());
    return drive(records, ours, Materials.NONE, telling);
  }
}
