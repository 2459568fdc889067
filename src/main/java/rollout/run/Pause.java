package rollout.run;

import rollout.core.Observation.Request;
import rollout.core.Outcome;
import rollout.core.Pausing;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.model.RefusedError;
import rollout.plan.Step;
import rollout.port.Ports;

/** A person says wait: a request in the journal, whether a driver is there to hear it or not. */
final class Pause {
  private final Ports ports;
  private final String service;

  Pause(Ports ports, String service) {
    this.ports = ports;
    this.service = service;
  }

  /**
   * Leaves the request.
   *
   * @throws RefusedError when there is nothing that could hold
   */
  Outcome run() {
    Journal journal = new Journal(ports.cluster(), ports.namespace(), service);
    Journal.Entry entry = journal.readToWrite();
    if (entry.state().isEmpty() && entry.history().isEmpty()) {
      throw Rollouts.neverReleased(ports, service);
    }
    RolloutState state =
        entry
            .state()
            .orElseThrow(
                () ->
                    RefusedError.of(
                        "no release of "
                            + service
                            + " is in progress, so there is nothing to pause",
                        "See: rollout status " + service));
    if (!Pausing.possible(state)) {
      throw RefusedError.of(
          "revision "
              + state.release().revision()
              + " of "
              + service
              + (state.course() == Course.FORWARD
                  ? " settles, and that is not interrupted: traffic is on the new version already"
                  : " goes back, and nothing stops that"),
          "See: rollout status " + service);
    }
    if (entry.request().filter(Request::pauses).isEmpty()) {
      Requests.leave(journal, entry, new Request("pause", false, ports.identity()));
    }
    boolean alive = LeaseKeeper.drives(ports, service);
    return Rollouts.accepted(
        state.release().revision(),
        (alive
                ? "paused: the driver holds after step "
                    + state.current().map(Step::id).orElse("end")
                : "paused; no driver is there that could go on")
            + ".  To go on: rollout resume "
            + service
            + "   To go back: rollout rollback "
            + service);
  }
}
