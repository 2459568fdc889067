package rollout.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import rollout.core.HistoryEntry;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.core.Status;
import rollout.model.RefusedError;
import rollout.plan.Materials;
import rollout.plan.Plan;
import rollout.plan.Planner;
import rollout.port.Ports;
import rollout.strategy.BlueGreen;

/** The verbs on one cluster. */
public final class Rollouts implements Verbs {
  private final Ports ports;
  private final Interrupts interrupts;
  private boolean leaveOnInterrupt;

  /** Works on these ports. */
  public Rollouts(Ports ports) {
    this.ports = ports;
    this.interrupts = new Interrupts(ports.time().signal());
  }

  @Override
  public Plan plan(BlueGreen strategy) {
    return Planner.plan(new Preparation(ports, strategy).prepare().prepared());
  }

  @Override
  public Outcome blueGreen(BlueGreen strategy, Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    try {
      return new NewRelease(ports, strategy, interrupts, driving).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Outcome rollback(
      String service, Optional<Integer> toRevision, String reason, Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    try {
      return new Rollback(ports, service, toRevision, reason, interrupts, driving).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Outcome promote(String service, boolean full, Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    try {
      return new Promotion(ports, service, full, interrupts, driving).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Outcome resume(String service, Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    try {
      return new Resumption(ports, service, interrupts, driving).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Outcome pause(String service) {
    return new Pause(ports, service).run();
  }

  @Override
  public Outcome repair(String service, boolean force, Driving driving) {
    leaveOnInterrupt = driving.leaveOnInterrupt();
    try {
      return new Repair(ports, service, force, interrupts, driving).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
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
  public List<HistoryEntry> history(String service) {
    return new Journal(ports.cluster(), ports.namespace(), service).read().history().reversed();
  }

  @Override
  public List<Status> list(boolean allNamespaces) {
    return new StatusReader(ports).list(allNamespaces);
  }

  @Override
  public void interrupt(boolean terminated) {
    Interrupt left = terminated ? Interrupt.LEAVE_TERMINATED : Interrupt.LEAVE;
    interrupts.raise(leaveOnInterrupt ? left : Interrupt.GO_BACK);
  }

  /**
   * How a driver behaves as a process.
   *
   * @param leaveOnInterrupt leave things as they are on Ctrl-C or SIGTERM, instead of going back
   * @param returnAtGate return at the first gate that waits for a person
   */
  public record Driving(boolean leaveOnInterrupt, boolean returnAtGate) {}

  /**
   * Takes a release over whose driver is dead, and drives it on the way that it goes.
   *
   * @param clearRequest whether what was asked of the former driver is answered by this
   */
  static Outcome takeOver(
      Ports ports,
      Journal journal,
      Journal.Entry entry,
      boolean clearRequest,
      Interrupts interrupts,
      Driving driving)
      throws InterruptedException {
    RolloutState found = entry.state().orElseThrow();
    String target = found.release().target().name();
    LeaseKeeper lease = new LeaseKeeper(ports, found.release().namespace(), target);
    lease.awaitFree();
    long epoch = Epochs.next(ports.cluster(), found.release(), found.epoch(), lease.read());
    RolloutState ours = found.takenOver(epoch, ports.nonce(), ports.time().now());
    lease.take(epoch, target);
    Journal.Entry saved = journal.begin(entry, ours, entry.history(), clearRequest);
    Records records = new Records(ports, journal, lease, saved, true);
    Telling telling = new Telling(ports.progress(), found.release().revision());
    return new Runner(
            ports, records, ours, Materials.NONE, interrupts, telling, driving.returnAtGate())
        .run();
  }

  /** Nothing of this name was ever released here. */
  static RefusedError neverReleased(Ports ports, String service) {
    String namespace = ports.namespace();
    if (new StatusReader(ports).status(service).isEmpty()) {
      return RefusedError.of(
          "there is no Service " + service + " in namespace " + namespace,
          "Check the name, --namespace and --context");
    }
    return RefusedError.of(
        "nothing was ever released on Service " + service + " in namespace " + namespace,
        "See what there is: rollout list");
  }

  /** A verb that has done its part without driving. */
  static Outcome accepted(int revision, String says) {
    return new Outcome(Result.ACCEPTED, revision, "", says);
  }
}
