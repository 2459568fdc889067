package rollout.run;

import java.util.List;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Status;
import rollout.plan.Plan;
import rollout.port.Ports;
import rollout.strategy.BlueGreen;

/**
 * The verbs. Each may throw {@code UserError}, {@code RefusedError}, {@code HeldError} (nothing was
 * changed) or {@code ClusterException} (before anything was changed); once a release has begun, its
 * end is an {@link Outcome}.
 */
public final class Rollouts implements Verbs {
  private final Ports ports;

  /** Works on these ports. */
  public Rollouts(Ports ports) {
    this.ports = ports;
  }

  /** Preflight and plan; writes nothing. */
  @Override
  public Plan plan(BlueGreen strategy) {
    throw new UnsupportedOperationException(strategy.service() + ports.identity());
  }

  /**
   * The whole release.
   *
   * @param driving how it behaves as a process
   */
  @Override
  public Outcome blueGreen(BlueGreen strategy, Driving driving) {
    throw new UnsupportedOperationException(strategy.service() + driving);
  }

  /**
   * Traffic back now if a release runs, else a return to an earlier revision.
   *
   * @param toRevision empty: the last good one
   */
  @Override
  public Outcome rollback(
      String service, Optional<Integer> toRevision, String reason, Driving driving) {
    throw new UnsupportedOperationException(service + toRevision + reason + driving);
  }

  /**
   * Passes the gate that waits; becomes the driver when there is none.
   *
   * @param full skip the rest
   */
  @Override
  public Outcome promote(String service, boolean full, Driving driving) {
    throw new UnsupportedOperationException(service + full + driving);
  }

  /** Where a target stands; empty when there is no such Service. */
  @Override
  public Optional<Status> status(String service) {
    throw new UnsupportedOperationException(service);
  }

  /** The last revisions, newest first. */
  @Override
  public List<HistoryEntry> history(String service) {
    throw new UnsupportedOperationException(service);
  }

  /** Every target with a journal in the namespace, or in all. */
  @Override
  public List<Status> list(boolean allNamespaces) {
    throw new UnsupportedOperationException("" + allNamespaces);
  }

  /**
   * How a driver behaves as a process.
   *
   * @param leaveOnInterrupt leave things as they are on Ctrl-C or SIGTERM, instead of going back
   * @param returnAtGate return at the first gate that waits for a person
   */
  public record Driving(boolean leaveOnInterrupt, boolean returnAtGate) {}

  /**
   * Asks the run that is under way in another thread to stop as its {@link Driving} says. Returns
   * at once; the verb's own call returns with the outcome.
   *
   * @param terminated SIGTERM rather than Ctrl-C
   */
  @Override
  public void interrupt(boolean terminated) {
    throw new UnsupportedOperationException("" + terminated);
  }
}
