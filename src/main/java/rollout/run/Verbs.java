package rollout.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Status;
import rollout.migration.Standing;
import rollout.plan.Plan;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.strategy.Strategy;

/**
 * What can be done with the releases of a cluster. Each verb may throw {@code UserError}, {@code
 * RefusedError}, {@code HeldError} (nothing was changed) or {@code ClusterException} (before
 * anything was changed); once a release has begun, its end is an {@link Outcome}.
 */
public interface Verbs {
  /** Preflight and plan; writes nothing. */
  Plan plan(Strategy strategy);

  /**
   * The whole release.
   *
   * @param driving how it behaves as a process
   */
  Outcome release(Strategy strategy, Rollouts.Driving driving);

  /**
   * The whole release by a Job in the cluster, followed to its end or until an interrupt: then it
   * goes on, and only nobody follows.
   */
  JobEnd releaseInCluster(DriverOrder order);

  /**
   * Traffic back now if a release runs, else a return to an earlier revision.
   *
   * @param toRevision empty: the last good one
   */
  Outcome rollback(
      String service, Optional<Integer> toRevision, String reason, Rollouts.Driving driving);

  /**
   * Watches a release, and goes on with it when its driver dies. Ends with the release.
   *
   * @param driverJob uid of the Job that drives; empty: none does
   * @param prometheus URL of whom it would ask; empty: nobody
   */
  Outcome guard(String service, Optional<OnLostDriver> onLost, String driverJob, String prometheus);

  /**
   * Passes the gate that waits; becomes the driver when there is none.
   *
   * @param full skip the rest
   */
  Outcome promote(String service, boolean full, Rollouts.Driving driving);

  /** Asks the driver to hold after the step in progress; written even where there is none. */
  Outcome pause(String service);

  /**
   * Puts everything in order from the journal or, without one, from the live objects alone: a
   * settling is finished, else the traffic goes back where stable has ready pods.
   *
   * @param force though the release's driver lives
   */
  Outcome repair(String service, boolean force, Rollouts.Driving driving);

  /** Goes on with a release that is paused, or whose driver is gone, in the way that it went. */
  Outcome resume(String service, Rollouts.Driving driving);

  /** Where a target stands; empty when there is no such Service. */
  Optional<Status> status(String service);

  /**
   * Where a target stands, told at once and then at each change, heard by watches. Returns when it
   * was told to stop, or when there is no such Service (any more).
   *
   * @param more is told; false ends it
   */
  void watch(String service, Predicate<Status> more);

  /**
   * What a contract would do. Writes nothing.
   *
   * @throws rollout.model.RefusedError when something below its floor has or could make pods
   */
  Plan planOfContract(Strategy strategy);

  /**
   * Runs the contract of a strategy's migration: takes away what only versions below its floor
   * used. Nothing of the traffic changes.
   *
   * @throws rollout.model.RefusedError when something below its floor has or could make pods
   */
  Outcome contract(Strategy strategy, Rollouts.Driving driving);

  /**
   * Where the database of a target stands, by its migration tool: asks with a Job of the tool's
   * image, which is deleted when it has answered. Changes nothing else. A strategy that names no
   * migration means the tool of the last release that had one.
   *
   * @throws rollout.model.RefusedError when there is no tool that could be asked
   */
  Standing migrationState(Strategy strategy);

  /** The last revisions, newest first. */
  List<HistoryEntry> history(String service);

  /**
   * Whether whoever asks has the rights that releases take. Writes nothing.
   *
   * @throws rollout.model.RefusedError when the cluster does not say
   */
  RightsAnswer rights(RightsQuestion question);

  /** Every target with a journal in the namespace, or in all. */
  List<Status> list(boolean allNamespaces);

  /**
   * Asks the run that is under way in another thread to stop as its driving says. Returns at once;
   * the verb's own call returns with the outcome.
   *
   * @param terminated SIGTERM rather than Ctrl-C
   */
  void interrupt(boolean terminated);

  /** What an interrupt of the run that is under way does, for people. */
  String onInterrupt();
}
