package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Phase;
import rollout.model.Query;
import rollout.plan.Feature;
import rollout.plan.Step;
import rollout.port.Ports;
import rollout.run.GuardOrder.OnLostDriver;

/**
 * Watches a release whose driver may die: a laptop closes, a runner is reclaimed. Reads the Lease
 * and the journal by watch, and becomes the driver when there is none.
 */
final class Guard {
  /** How long a release may take to begin. */
  private static final Duration BEGIN = Duration.ofMinutes(5);

  /** How long the next pod of a Job that drives may take. */
  private static final Duration NEXT_POD = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Engine engine;
  private final Ports ports;
  private final String target;
  private final Optional<OnLostDriver> onLost;
  private final String driverJob;
  private final String prometheus;
  private final Journal journal;
  private int revision;
  private boolean held;

  /**
   * @param driverJob uid of the Job that drives; empty: none does
   * @param prometheus whom it would ask; empty: nobody
   */
  Guard(
      Engine engine,
      String target,
      Optional<OnLostDriver> onLost,
      String driverJob,
      String prometheus) {
    this.engine = engine;
    this.ports = engine.ports();
    this.target = target;
    this.onLost = onLost;
    this.driverJob = driverJob;
    this.prometheus = prometheus;
    this.journal = new Journal(ports.cluster(), ports.namespace(), target);
  }

  /** Ends with the release. */
  Outcome run() throws InterruptedException {
    PatientCluster patient = new PatientCluster(ports.cluster(), ports.time());
    AccessCheck.check(patient, ports.namespace(), Feature.RELEASE.accesses());
    // Without it, it could go on, but would see nothing and hold.
    AccessCheck.proxy(patient, prometheus);
    LeaseKeeper lease = new LeaseKeeper(ports, ports.namespace(), target);
    Instant latest = ports.time().now().plus(BEGIN);
    try (Heartbeat heart = Heartbeat.of(ports, journal, lease)) {
      tell("the guard watches " + target + "'s driver", Doc.of(Guarding.WATCHES, true));
      while (engine.interrupts().now().isEmpty()) {
        Heartbeat.Beat beat = heart.now();
        boolean there = beat.journal().state().isPresent() || !beat.journal().damage().isEmpty();
        if (there) {
          revision = beat.journal().lastRevision();
        } else if (revision > 0) {
          return over("revision " + revision + " is over; nobody needs a guard any more");
        } else if (ports.time().now().isAfter(latest)) {
          return over("no release of " + target + " has begun, so there is nothing to guard");
        }
        if (there && lost(beat)) {
          Optional<Outcome> end = act(beat);
          if (end.isPresent()) {
            return end.get();
          }
        }
        heart.await(ports.time().now().plus(LOOK));
      }
    }
    return new Outcome(
        Result.TERMINATED, revision, "as its driver has it", "told to end; nobody guards now");
  }

  private Outcome over(String says) {
    return new Outcome(Result.ACCEPTED, revision, "as the release left it", says);
  }

  /** Whether nobody drives, and nobody is going to. */
  private boolean lost(Heartbeat.Beat beat) {
    if (beat.driven()) {
      return false;
    }
    boolean letGo = LeaseKeeper.holder(beat.lease()).isEmpty();
    if (driverJob.isEmpty()) {
      // A driver that lets go means it: it waits for a person, or was told to leave.
      return !letGo;
    }
    Optional<Job> job =
        ports.cluster().list(Query.all(Kind.JOB, ports.namespace())).stream()
            .map(Job::new)
            .filter(one -> one.uid().equals(driverJob))
            .findFirst();
    boolean decided = job.map(Job::failure).orElse("").startsWith("PodFailurePolicy");
    if (letGo && decided) {
      return false;
    }
    boolean none = job.map(Job::over).orElse(true);
    return none || !ports.time().now().isBefore(beat.since().plus(NEXT_POD));
  }

  private Optional<Outcome> act(Heartbeat.Beat beat) throws InterruptedException {
    if (is(OnLostDriver.HOLD)) {
      if (!held) {
        held = true;
        tell(
            "the driver of revision "
                + revision
                + " is gone, and this guard was told to hold.  Go on: rollout resume "
                + target
                + "   Back: rollout rollback "
                + target,
            Doc.of("warning", true));
      }
      return Optional.empty();
    }
    Journal.Entry entry = journal.readToWrite();
    boolean damaged = !entry.damage().isEmpty();
    if (entry.state().isEmpty() && !damaged) {
      return Optional.empty();
    }
    try {
      String gone = "the driver of revision " + revision + " is gone; ";
      if (damaged || goesBack(entry.state().orElseThrow())) {
        tell(gone + "the guard brings the traffic back", Doc.of("warning", true));
        return Optional.of(
            new Rollback(engine, target, Optional.empty(), "its driver was gone").run());
      }
      tell(gone + "the guard goes on in its place", Doc.of("warning", true));
      return Optional.of(engine.takeOver(journal, entry, false, beat.silentVersion()));
    } catch (HeldError e) {
      // Somebody was quicker.
      return Optional.empty();
    }
  }

  private boolean is(OnLostDriver what) {
    return onLost.equals(Optional.of(what));
  }

  private boolean goesBack(RolloutState state) {
    if (state.course() != Course.FORWARD || is(OnLostDriver.RESUME)) {
      return false;
    }
    int place = state.steps().indexOf(new Step.Switch());
    boolean switched = place >= 0 && state.step() > place;
    boolean possible = Engine.turned(state, ports.time().now(), "").course() != Course.FORWARD;
    return possible && (is(OnLostDriver.ROLLBACK) || !switched);
  }

  private void tell(String message, Doc fields) {
    ports.progress().tell(new Event(Event.NOTE, Phase.PREFLIGHT, message, fields));
  }
}
