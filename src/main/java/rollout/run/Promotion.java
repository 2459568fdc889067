package rollout.run;

import rollout.core.Observation.Request;
import rollout.core.Outcome;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.core.StableBroken;
import rollout.model.RefusedError;
import rollout.plan.Step;
import rollout.port.Ports;

/**
 * A person says go on: a request to the driver that lives, or the driving itself where none does.
 */
final class Promotion {
  private final Engine engine;
  private final Ports ports;
  private final String service;
  private final boolean full;

  Promotion(Engine engine, String service, boolean full) {
    this.engine = engine;
    this.ports = engine.ports();
    this.service = service;
    this.full = full;
  }

  Outcome run() throws InterruptedException {
    Journal journal = new Journal(ports.cluster(), ports.namespace(), service);
    Journal.Entry entry = journal.readToWrite();
    if (entry.state().isEmpty() && entry.history().isEmpty()) {
      throw Rollouts.neverReleased(ports, service);
    }
    RolloutState state = entry.state().orElseThrow(this::nothingWaits);
    boolean alive = LeaseKeeper.drives(ports, service);
    checkWaits(state, entry.holds(), alive);
    Request request = new Request("promote", full, ports.identity());
    Journal.Entry asked = Requests.leave(journal, entry, request);
    if (alive) {
      return Rollouts.askedToGoOn(state, service);
    }
    return engine.takeOver(journal, asked, false);
  }

  private RefusedError nothingWaits() {
    return RefusedError.of(
        "nothing of " + service + " waits for a promotion: no release is in progress",
        "See: rollout status " + service);
  }

  private static boolean isGate(Step step) {
    return step instanceof Step.Verify
        || step instanceof Step.Hold
        || step instanceof Step.Watch
        || step instanceof Step.Approve
        || step instanceof Step.Bake;
  }

  /** There must be something to pass. */
  private void checkWaits(RolloutState state, boolean paused, boolean alive) {
    boolean forward = state.course() == Course.FORWARD;
    boolean gate =
        paused
            || StableBroken.waits(state)
            || state.current().filter(Promotion::isGate).isPresent();
    if (!forward || !gate) {
      throw RefusedError.of(
          "revision "
              + state.release().revision()
              + " of "
              + service
              + " waits for nobody: it is "
              + (forward ? "in step " + state.current().map(Step::id).orElse("end") : "going back"),
          alive
              ? "See: rollout status " + service
              : "Its driver is gone.  Go on with it: rollout resume " + service);
    }
  }
}
