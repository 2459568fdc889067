package rollout.run;

import rollout.core.Observation.Request;
import rollout.core.Outcome;
import rollout.model.RefusedError;
import rollout.port.Ports;

/** A release whose driver is gone goes on, in the way that it went, from where the journal says. */
final class Resumption {
  private final Engine engine;
  private final Ports ports;
  private final String service;

  Resumption(Engine engine, String service) {
    this.engine = engine;
    this.ports = engine.ports();
    this.service = service;
  }

  /**
   * Drives it to its end.
   *
   * @throws RefusedError when nothing is there to go on with
   * @throws rollout.model.HeldError when its driver lives
   */
  Outcome run() throws InterruptedException {
    Journal journal = new Journal(ports.cluster(), ports.namespace(), service);
    Journal.Entry entry = journal.readToWrite();
    if (!entry.damage().isEmpty()) {
      throw RefusedError.of(
          "the journal of " + service + " cannot be read: " + entry.damage(),
          "From what the objects say: rollout repair "
              + service
              + ", or traffic back at once: rollout rollback "
              + service);
    }
    if (entry.state().isEmpty() && entry.history().isEmpty()) {
      throw Rollouts.neverReleased(ports, service);
    }
    if (entry.state().isEmpty()) {
      throw nothingToResume();
    }
    if (entry.holds() && LeaseKeeper.drives(ports, service)) {
      Requests.leave(journal, entry, new Request("resume", false, ports.identity()));
      return Rollouts.askedToGoOn(entry.state().get(), service);
    }
    return engine.takeOver(journal, entry, true);
  }

  private RefusedError nothingToResume() {
    return RefusedError.of(
        "no release of " + service + " is in progress, so there is nothing to go on with",
        "See: rollout status " + service);
  }
}
