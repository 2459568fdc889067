package rollout.run;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.HistoryEntry;
import rollout.core.Observation;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.core.Status;
import rollout.migration.Standing;
import rollout.model.RefusedError;
import rollout.plan.Plan;
import rollout.plan.Planner;
import rollout.port.Ports;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.strategy.Strategy;

/** The verbs on one cluster. */
public final class Rollouts implements Verbs {
  private final Ports ports;
  private final Interrupts interrupts;
  private final BiFunction<RolloutState, Observation, Decision> mind;
  private boolean leaveOnInterrupt;
  private String onInterrupt = "";

  /** Works on these ports. */
  public Rollouts(Ports ports) {
    this(ports, Decider::decide);
  }

  /**
   * The same with another mind: to see what becomes of a release that is decided wrong.
   *
   * @param mind from a state and a look to what to do
   */
  public Rollouts(Ports ports, BiFunction<RolloutState, Observation, Decision> mind) {
    this.ports = ports;
    this.mind = mind;
    this.interrupts = new Interrupts(ports.time().signal());
  }

  private Engine engine(Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    return new Engine(ports, interrupts, driving, mind);
  }

  /** A verb that waits: nobody interrupts its thread. */
  private interface Waiting<T> {
    T run() throws InterruptedException;
  }

  private static <T> T uninterrupted(Waiting<T> verb) {
    try {
      return verb.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Plan plan(Strategy strategy) {
    return Planner.plan(new Preparation(ports, strategy).prepare().prepared());
  }

  @Override
  public Outcome release(Strategy strategy, Driving driving) {
    Engine engine = engine(driving);
    return uninterrupted(
        () -> {
          Optional<Outcome> before = new Succession(engine, strategy).run();
          return before.isPresent() ? before.get() : new NewRelease(engine, strategy).run();
        });
  }

  @Override
  public JobEnd releaseInCluster(DriverOrder order) {
    onInterrupt = "this command stops to follow; the release goes on in the cluster";
    return uninterrupted(new DriverRun(ports, interrupts, order)::run);
  }

  @Override
  public Plan planOfContract(Strategy strategy) {
    return Planner.plan(new Preparation(ports, strategy, true).prepare().prepared());
  }

  @Override
  public Outcome contract(Strategy strategy, Driving driving) {
    return uninterrupted(new NewRelease(engine(driving), strategy, true)::run);
  }

  @Override
  public Outcome rollback(
      String service, Optional<Integer> toRevision, String reason, Driving driving) {
    return uninterrupted(new Rollback(engine(driving), service, toRevision, reason)::run);
  }

  @Override
  public Outcome guard(
      String service, Optional<OnLostDriver> onLost, String driverJob, String prometheus) {
    Engine engine = engine(new Driving(true, false));
    return uninterrupted(new Guard(engine, service, onLost, driverJob, prometheus)::run);
  }

  @Override
  public Outcome promote(String service, boolean full, Driving driving) {
    return uninterrupted(new Promotion(engine(driving), service, full)::run);
  }

  @Override
  public Outcome resume(String service, Driving driving) {
    return uninterrupted(new Resumption(engine(driving), service)::run);
  }

  @Override
  public Outcome pause(String service) {
    return new Pause(ports, service).run();
  }

  @Override
  public Outcome repair(String service, boolean force, Driving driving) {
    return uninterrupted(new Repair(engine(driving), service, force)::run);
  }

  @Override
  public Optional<Status> status(String service) {
    return new StatusReader(ports).status(service);
  }

  @Override
  public void watch(String service, Predicate<Status> more) {
    try {
      new StatusWatch(ports, service).run(more);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Standing migrationState(Strategy strategy) {
    return uninterrupted(new MigrationStatus(ports, strategy)::read);
  }

  @Override
  public List<HistoryEntry> history(String service) {
    return new Journal(ports.cluster(), ports.namespace(), service).read().history().reversed();
  }

  @Override
  public RightsAnswer rights(RightsQuestion question) {
    return new RightsCheck(ports, question).run();
  }

  @Override
  public List<Status> list(boolean allNamespaces) {
    return new StatusReader(ports).list(allNamespaces);
  }

  @Override
  public void interrupt(boolean terminated) {
    Interrupt left = terminated ? Interrupt.LEAVE_TERMINATED : Interrupt.LEAVE;
    Interrupt back = terminated ? Interrupt.GO_BACK_TERMINATED : Interrupt.GO_BACK;
    interrupts.raise(leaveOnInterrupt ? left : back);
  }

  @Override
  public String onInterrupt() {
    if (!onInterrupt.isEmpty()) {
      return onInterrupt;
    }
    return leaveOnInterrupt
        ? "everything is left as it is, and the driver ends (--on-interrupt leave)"
        : "traffic goes back first, then the rest; a release that settles already is left as it is";
  }

  /**
   * How a driver behaves as a process.
   *
   * @param leaveOnInterrupt leave things as they are on Ctrl-C or SIGTERM, instead of going back
   * @param returnAtGate return at the first gate that waits for a person
   * @param guard the Job that goes on when this process dies; empty: none
   */
  public record Driving(
      boolean leaveOnInterrupt, boolean returnAtGate, Optional<GuardOrder> guard) {
    /** Without a guard. */
    public Driving(boolean leaveOnInterrupt, boolean returnAtGate) {
      this(leaveOnInterrupt, returnAtGate, Optional.empty());
    }
  }

  /** Nothing of this name was ever released here. */
  static RefusedError neverReleased(Ports ports, String service) {
    checkThere(ports, service);
    return RefusedError.of(
        "nothing was ever released on Service " + service + " in namespace " + ports.namespace(),
        "See what there is: rollout list");
  }

  /**
   * There must be such a Service, or what a release left of it.
   *
   * @throws RefusedError when there is not
   */
  static void checkThere(Ports ports, String service) {
    if (new StatusReader(ports).status(service).isEmpty()) {
      throw RefusedError.of(
          "there is no Service " + service + " in namespace " + ports.namespace(),
          "Check the name, --namespace and --context");
    }
  }

  /** A person's go, left for the driver that lives. */
  static Outcome askedToGoOn(RolloutState state, String service) {
    return accepted(
        state.release().revision(),
        "asked the driver to go on.  Watch it: rollout status " + service);
  }

  /** A verb that has done its part without driving. */
  static Outcome accepted(int revision, String says) {
    return new Outcome(Result.ACCEPTED, revision, "", says);
  }
}
