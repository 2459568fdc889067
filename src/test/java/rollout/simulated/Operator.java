package rollout.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome;
import rollout.core.RolloutState;
import rollout.core.Status;
import rollout.migration.MigrationState;
import rollout.migration.Standing;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.RefusedError;
import rollout.plan.Plan;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.port.Signal;
import rollout.port.Time;
import rollout.prometheus.MetricTemplates;
import rollout.run.DriverOrder;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.run.JobEnd;
import rollout.run.Rollouts;
import rollout.run.Rollouts.Driving;
import rollout.sim.Crash;
import rollout.sim.World;
import rollout.strategy.Strategy;

/** Somebody with a program of their own: what it told, and how it ended. */
public final class Operator {
  private static final Driving DRIVING = new Driving(false, false);

  private final World world;
  private final List<Event> events = new ArrayList<>();
  private final Ports ports;
  private final BiFunction<RolloutState, Observation, Decision> mind;
  private Rollouts rollouts;
  private @Nullable Ending ending;

  Operator(World world, String job, BiFunction<RolloutState, Observation, Decision> mind) {
    this.world = world;
    Ports usual = world.ports(events::add, World.NAMESPACE, MetricTemplates.all());
    ports = with(usual, usual.time(), job, Optional.empty());
    this.mind = mind;
    rollouts = new Rollouts(ports, mind);
  }

  /**
   * How a verb ended: one of the three.
   *
   * @param outcome empty: it threw
   * @param error what it threw before anything was changed
   * @param crash it was killed
   */
  public record Ending(Optional<Outcome> outcome, Optional<RuntimeException> error, boolean crash) {
    /** For a table of how often what happened. */
    public String word() {
      return outcome
          .map(one -> one.result().name())
          .or(() -> error.map(one -> one.getClass().getSimpleName()))
          .orElse("crash");
    }

    /** Whether it ended so. */
    public boolean is(Outcome.Result result) {
      return outcome.filter(one -> one.result() == result).isPresent();
    }
  }

  private Ports with(Time time, Optional<Instant> credentialEnd) {
    return with(ports, time, ports.job(), credentialEnd);
  }

  private static Ports with(Ports usual, Time time, String job, Optional<Instant> credentialEnd) {
    return new Ports(
        usual.cluster(),
        usual.metrics(),
        time,
        usual.progress(),
        usual.namespace(),
        usual.identity(),
        usual.nonce(),
        job,
        () -> credentialEnd,
        usual.metricNames());
  }

  /** The same person, at a machine whose clock is this much ahead of the cluster's. */
  public Operator clockAhead(Duration by) {
    rollouts = new Rollouts(with(new TimeElsewhere(ports.time(), by), Optional.empty()), mind);
    return this;
  }

  private record TimeElsewhere(Time time, Duration ahead) implements Time {
    @Override
    public Instant now() {
      return time.now().plus(ahead);
    }

    @Override
    public long driftMillis() {
      return time.driftMillis();
    }

    @Override
    public void await(Instant until) throws InterruptedException {
      time.await(until.minus(ahead));
    }

    @Override
    public Signal signal() {
      return time.signal();
    }
  }

  /** The same person, known to the cluster until then only. */
  public void knownUntil(Instant end) {
    rollouts = new Rollouts(with(ports.time(), Optional.of(end)), mind);
  }

  /** Only plans. */
  public Plan plan(Wish wish) {
    return rollouts.plan(wish.asked());
  }

  /** Releases. */
  public Ending release(Wish wish) {
    return ended(() -> rollouts.release(wish.asked(), DRIVING));
  }

  /** Releases with another way to behave. */
  public Ending release(Wish wish, Driving driving) {
    return ended(() -> rollouts.release(wish.asked(), driving));
  }

  /** Releases another Service. */
  public Ending release(Wish wish, String service) {
    return ended(() -> rollouts.release(wish.asked(service), DRIVING));
  }

  /** Runs the contract of a wish's migration. */
  public Ending contract(Wish wish) {
    return ended(() -> rollouts.contract(wish.asked(), DRIVING));
  }

  /** Rolls back. */
  public Ending rollback() {
    return ended(() -> rollouts.rollback("shop", Optional.empty(), "", DRIVING));
  }

  /** Returns to a revision. */
  public Ending rollback(int revision) {
    return ended(() -> rollouts.rollback("shop", Optional.of(revision), "", DRIVING));
  }

  /** Guards a release, of a Job when there is one. */
  public Ending guard(Optional<OnLostDriver> onLost, String driverJob) {
    return ended(() -> rollouts.guard("shop", onLost, driverJob, ""));
  }

  /** Makes the Job that drives, and follows it. */
  public JobEnd inCluster(DriverOrder order) {
    return rollouts.releaseInCluster(order);
  }

  /** Promotes. */
  public Ending promote(boolean full) {
    return ended(() -> rollouts.promote("shop", full, DRIVING));
  }

  /** Goes on with a release that has no driver. */
  public Ending resume() {
    return ended(() -> rollouts.resume("shop", DRIVING));
  }

  /** Pauses. */
  public Ending pause() {
    return ended(() -> rollouts.pause("shop"));
  }

  /** Puts everything in order. */
  public Ending repair(boolean force) {
    return ended(() -> rollouts.repair("shop", force, DRIVING));
  }

  /** Where the database stands. */
  public MigrationState migrationState(Wish wish) {
    return rollouts.migrationState(wish.asked()).state();
  }

  /** Where the database stands by the tool of the last release. */
  public Standing migrationState() {
    return rollouts.migrationState(Strategy.of("shop", World.NAMESPACE));
  }

  /** What the status says. */
  public Optional<Status> status() {
    return rollouts.status("shop");
  }

  /** Ctrl-C at the terminal of this program. */
  public void interrupt() {
    rollouts.interrupt(false);
  }

  /** SIGTERM. */
  public void terminate() {
    rollouts.interrupt(true);
  }

  /** {@code kill -9}. */
  public void kill() {
    world.kill(ports);
  }

  /** What it has told so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** What was told of one type. */
  public List<Event> events(String type) {
    return events.stream().filter(event -> event.type().equals(type)).toList();
  }

  /** How its verb ended; fails when it has not been asked for anything. */
  public Ending ending() {
    if (ending == null) {
      throw new AssertionError("this program has not ended, or was never started");
    }
    return ending;
  }

  /** Whether its verb has ended. */
  public boolean hasEnded() {
    return ending != null;
  }

  private Ending ended(Supplier<Outcome> verb) {
    Ending end = tried(verb);
    ending = end;
    return end;
  }

  private static Ending tried(Supplier<Outcome> verb) {
    try {
      return new Ending(Optional.of(verb.get()), Optional.empty(), false);
    } catch (HeldError | RefusedError | ClusterException e) {
      return new Ending(Optional.empty(), Optional.of(e), false);
    } catch (Crash e) {
      return new Ending(Optional.empty(), Optional.empty(), true);
    }
  }
}
