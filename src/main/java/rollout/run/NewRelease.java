package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.MigrationText;
import rollout.migration.Repair;
import rollout.model.Durations;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Phase;
import rollout.model.RefusedError;
import rollout.plan.Materials.Question;
import rollout.plan.Plan;
import rollout.plan.PlannedStep;
import rollout.plan.Planner;
import rollout.plan.Prepared;
import rollout.plan.Release;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.strategy.Canary;
import rollout.strategy.Migration;
import rollout.strategy.Strategy;

/** A release from its preflight to its end. */
final class NewRelease {
  private final Engine engine;
  private final Ports ports;
  private final Strategy strategy;
  private final boolean contract;

  NewRelease(Engine engine, Strategy strategy) {
    this(engine, strategy, false);
  }

  /**
   * @param contract whether only the strategy's contract is meant
   */
  NewRelease(Engine engine, Strategy strategy, boolean contract) {
    this.contract = contract;
    this.engine = engine;
    this.ports = engine.ports();
    this.strategy = strategy;
  }

  Outcome run() throws InterruptedException {
    if (strategy.permissions().replace()) {
      replace();
    }
    Preparation.Ready ready = new Preparation(ports, strategy, contract).prepare();
    Prepared prepared = ready.prepared();
    Release release = prepared.release();
    Telling telling = new Telling(ports.progress(), release.revision());
    prepared.warnings().forEach(warning -> telling.tell(note(warning, true)));
    if (prepared.unchanged()) {
      String traffic = "all on " + release.stable().name();
      return new Outcome(
          Result.UNCHANGED,
          release.revision(),
          traffic,
          "unchanged: this version serves already. Traffic: " + traffic);
    }
    telling.tell(planned(Planner.plan(prepared)));
    credential(release).ifPresent(warning -> telling.tell(note(warning, true)));
    askTheDatabase(prepared, telling);
    LeaseKeeper lease = new LeaseKeeper(ports, release.namespace(), release.target().name());
    lease.awaitFree();
    Optional<GuardOrder> guard = engine.driving().guard();
    if (guard.isPresent() && engine.interrupts().now().isEmpty()) {
      new Guarding(ports, engine.interrupts(), release.namespace(), release.target().name())
          .begin(guard.get());
    }
    Optional<Interrupt> interrupt = engine.interrupts().now();
    return interrupt.isPresent() ? stopped(release, interrupt.get()) : drive(ready, lease, telling);
  }

  /** What to know when the cluster will not know this process any more before the end. */
  private Optional<String> credential(Release release) {
    Duration least = release.terms().bake();
    for (Canary.Weight share :
        release.shifting().map(Release.Shifting::weights).orElse(List.of())) {
      least = least.plus(share.time());
    }
    Instant end = ports.time().now().plus(least);
    boolean guarded = engine.driving().guard().isPresent();
    Duration takes = least;
    return ports
        .credentialEnds()
        .get()
        .filter(known -> known.isBefore(end))
        .map(
            known ->
                "the credential of this command ends at "
                    + known
                    + ", and the release takes "
                    + Durations.text(takes)
                    + " at least"
                    + (guarded
                        ? ": the guard goes on then, by its own"
                        : ". Nobody drives it then: use --in-cluster or --guard"));
  }

  /** Somebody wants an end before anything has begun. */
  private static Outcome stopped(Release release, Interrupt interrupt) {
    String traffic = "where it was; nothing was changed";
    return new Outcome(
        interrupt.terminated() ? Result.TERMINATED : Result.INTERRUPTED,
        release.revision(),
        traffic,
        "interrupted before anything was written. Traffic: " + traffic);
  }

  /** A database that a migration must not begin on is found before anything is changed. */
  private void askTheDatabase(Prepared prepared, Telling telling) throws InterruptedException {
    Optional<Question> question = prepared.materials().question();
    if (question.isEmpty()) {
      return;
    }
    Release release = prepared.release();
    Migration.Tool tool = question.get().tool();
    MigrationState state;
    try {
      state =
          new MigrationQuestion(ports, release.namespace(), release.target().name())
              .ask(question.get(), () -> engine.interrupts().now().isPresent());
    } catch (ClusterException.Forbidden | ClusterException.Invalid e) {
      throw RefusedError.of(
          "the cluster refuses the Job that would ask the database: " + e.getMessage(), "");
    }
    if (engine.interrupts().now().isPresent()) {
      return;
    }
    if (tool.question().isPresent() && state.unreadable().isPresent()) {
      throw RefusedError.of(
          "the database does not say where it stands, by "
              + tool.preset().word()
              + ": "
              + state.unreadable().get(),
          "See: rollout migration status " + release.target().name());
    }
    state
        .obstacle()
        .ifPresent(
            why -> {
              throw RefusedError.of(
                  why + " (" + tool.preset().word() + ")", Repair.line(tool.preset(), state));
            });
    telling.tell(note("database: " + MigrationText.line(state), false));
  }

  private void replace() throws InterruptedException {
    String namespace = ports.namespace(strategy.namespace());
    if (new Journal(ports.cluster(), namespace, strategy.service()).read().state().isPresent()) {
      new Rollback(engine, strategy.service(), Optional.empty(), "replaced by a newer release")
          .run();
    }
  }

  private Outcome drive(Preparation.Ready ready, LeaseKeeper lease, Telling telling)
      throws InterruptedException {
    Release release = ready.prepared().release();
    Instant now = ports.time().now();
    long epoch = Epochs.next(ports.cluster(), release, lastEpoch(ready.entry()), lease.read());
    RolloutState begun = RolloutState.begin(release, now, epoch, ports.nonce());
    RolloutState state =
        ports.job().isEmpty() ? begun : begun.noting(HistoryEntry.JOB, ports.job());
    Journal.Entry entry;
    DatabaseLease database = new DatabaseLease(ports);
    database.begin(release, epoch);
    try {
      lease.take(epoch, release.target().name());
      entry =
          ready
              .journal()
              .begin(
                  ready.entry(), state, withBaseline(ready.entry().history(), release, now), true);
    } catch (ClusterException e) {
      database.release();
      if (!Journal.stale(e)) {
        throw e;
      }
      lease.release();
      throw new HeldError(
          "another release of "
              + release.target().name()
              + " began at the same moment.  See: rollout status "
              + release.target().name());
    }
    Records records = new Records(ports, ready.journal(), lease, database, entry, true);
    return engine.drive(records, state, ready.prepared().materials(), telling);
  }

  private static long lastEpoch(Journal.Entry entry) {
    return entry.state().map(RolloutState::epoch).orElse(0L);
  }

  /** What served before the first release is revision 0: a version that one can return to. */
  private static List<HistoryEntry> withBaseline(
      List<HistoryEntry> history, Release release, Instant now) {
    boolean known = !history.isEmpty() || release.stable().replicaSet().isEmpty();
    if (known) {
      return history;
    }
    HistoryEntry found =
        new HistoryEntry(
            0,
            release.form().word(),
            "found",
            now,
            Optional.of(now),
            release.stable().images(),
            release.form() == rollout.plan.Form.SWAP
                ? release.stable().name()
                : release.stable().replicaSet(),
            release.stable().templateHash(),
            "",
            false,
            List.of(),
            "",
            release.database().before().head(),
            release.database().before());
    return List.of(found);
  }

  private static Event note(String message, boolean warning) {
    return new Event(Event.NOTE, Phase.PREFLIGHT, message, Doc.of("warning", warning));
  }

  private static Event planned(Plan plan) {
    List<String> writes =
        plan.forward().stream().map(PlannedStep::writes).flatMap(List::stream).toList();
    return new Event(
        Event.PLAN,
        Phase.PREFLIGHT,
        plan.forward().size() + " steps, " + writes.size() + " writes",
        Doc.of("writes", writes, "notes", plan.notes()));
  }
}
