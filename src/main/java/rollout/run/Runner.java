package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import rollout.core.Action;
import rollout.core.Cause;
import rollout.core.Checks;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.HistoryEntry;
import rollout.core.Observation;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.model.MetricQuery;
import rollout.plan.Materials;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * Looks, decides, acts <em>or</em> advances <em>or</em> waits, and tells; until the end. One thread
 * decides; nothing is tried again but by looking again.
 */
final class Runner {
  /**
   * How long the API server may be away, or have a reason against a write, before the run gives up;
   * the journal stays for whoever comes next.
   */
  private static final Duration AWAY = Duration.ofMinutes(10);

  /** No wait is shorter: whatever is wrong, two looks in a row must not become a busy loop. */
  private static final long SOONEST_MILLIS = 5;

  /** A drift between wall clock and stopwatch that no clock discipline explains. */
  private static final long SLEPT_MILLIS = 2000;

  /** How often a write that the server calls invalid is decided anew. */
  private static final int INVALID_TRIES = 3;

  /** How often a write back that is refused is decided anew, with growing waits. */
  private static final int BACK_TRIES = 30;

  private final Ports ports;
  private final BiFunction<RolloutState, Observation, Decision> mind;
  private final Records records;
  private final Looker looker;
  private final Telling telling;
  private final JobLogs logs;
  private final AfterMigration afterMigration;
  private final Interrupts interrupts;
  private final boolean returnAtGate;
  private RolloutState state;
  private boolean nextFresh = true;
  private boolean turnSaved;
  private int failures;
  private Optional<Instant> refusedSince = Optional.empty();
  private Instant lastAnswer;
  private Instant asked = Instant.EPOCH;
  private long drift;

  Runner(Engine engine, Records records, RolloutState state, Materials materials, Telling telling) {
    this.ports = engine.ports();
    this.mind = engine.mind();
    this.records = records;
    this.state = state;
    this.interrupts = engine.interrupts();
    this.telling = telling;
    this.returnAtGate = engine.driving().returnAtGate();
    this.looker = new Looker(this.ports, state.release(), records.journalRef(), materials);
    this.logs = new JobLogs(this.ports, state.release(), telling);
    this.afterMigration =
        new AfterMigration(this.ports, state.release(), materials.question(), telling);
    this.lastAnswer = this.ports.time().now();
  }

  /** Runs to an end. */
  Outcome run() throws InterruptedException {
    telling.started(state);
    try {
      while (true) {
        Optional<Outcome> end = tick();
        if (end.isPresent()) {
          return end.get();
        }
      }
    } finally {
      logs.close();
      afterMigration.close();
      looker.close();
    }
  }

  private Optional<Outcome> tick() throws InterruptedException {
    try {
      afterSleep();
      if (!state.trafficFirst() && !records.stillOurs(state)) {
        return Optional.of(lost());
      }
      Observation seen = looker.look(nextFresh, interrupts.now());
      lastAnswer = seen.now();
      if (records.closedByAnother(looker.journal(), state)) {
        return Optional.of(lost());
      }
      nextFresh = false;
      records.heard(seen.request());
      logs.follow(state, seen);
      afterMigration.look(seen);
      askMetrics(seen);
      return carryOut(mind.apply(state, seen), seen);
    } catch (ClusterException e) {
      return unanswered(e);
    }
  }

  /** A stopwatch stands still in a machine that sleeps; the wall clock does not. */
  private void afterSleep() {
    long now = ports.time().driftMillis();
    if (Math.abs(now - drift) > SLEPT_MILLIS) {
      nextFresh = true;
      records.doubt(state);
      drift = now;
    }
  }

  private Optional<Outcome> carryOut(Decision decision, Observation seen)
      throws InterruptedException {
    if (!(decision instanceof Decision.Act)) {
      refusedSince = Optional.empty();
    }
    switch (decision) {
      case Decision.Act(Action action, String why) -> act(action, why, seen);
      case Decision.Advance advance -> advance(advance);
      case Decision.Collect(RolloutState next, String why) -> {
        Evidence.tell(ports.cluster(), seen, state, telling);
        advance(new Decision.Advance(next, why, List.of()));
      }
      case Decision.Gate(Instant until, String why) -> {
        if (returnAtGate) {
          return Optional.of(records.leave(waitsForPerson(why)));
        }
        telling.waiting(state, why);
        ports.time().await(earliest(until));
      }
      case Decision.Wait(Instant until, boolean thenFresh, String why) -> {
        if (state.trafficFirst() && !recorded()) {
          return Optional.of(lost());
        }
        if (!thenFresh) {
          telling.waiting(state, why);
        }
        nextFresh = thenFresh;
        ports.time().await(earliest(until));
      }
      case Decision.Finish(Outcome outcome, boolean ends, String why) -> {
        return Optional.of(finish(outcome, ends, seen));
      }
    }
    return Optional.empty();
  }

  /** Nothing can be written back yet, so meanwhile the Lease and the journal have their turn. */
  private boolean recorded() {
    boolean ours = records.stillOurs(state);
    if (ours && !turnSaved) {
      turnSaved = true;
      records.save(state);
    }
    return ours;
  }

  private Outcome waitsForPerson(String why) {
    return new Outcome(
        Result.WAITING,
        state.release().revision(),
        state.serves(),
        why + ". Traffic: " + state.serves());
  }

  private Instant earliest(Instant until) {
    Instant due = until.isBefore(records.due()) ? until : records.due();
    boolean hurry = interrupts.now().filter(Interrupt::terminated).isPresent();
    Instant second = ports.time().now().plusSeconds(1);
    Instant next = hurry && second.isBefore(due) ? second : due;
    Instant question = asked.plus(Checks.every(state));
    Instant first = Checks.asking(state) && question.isBefore(next) ? question : next;
    Instant soonest = ports.time().now().plusMillis(SOONEST_MILLIS);
    return first.isBefore(soonest) ? soonest : first;
  }

  private void askMetrics(Observation seen) {
    if (seen.now().isBefore(asked.plus(Checks.every(state)))) {
      return;
    }
    List<MetricQuery> queries = Checks.queries(state, seen);
    if (!queries.isEmpty()) {
      asked = seen.now();
      ports.metrics().ask(queries, seen.now(), ports.time().signal());
    }
  }

  private void advance(Decision.Advance advance) {
    RolloutState from = state;
    state = advance.next();
    if (!from.sameInJournal(state) && !state.trafficFirst()) {
      records.save(state);
    }
    if (from.step() != state.step() || from.course() != state.course()) {
      failures = 0;
      refusedSince = Optional.empty();
    }
    logs.turned(from, state);
    telling.advanced(from, advance);
    afterMigration.advanced(from, state);
  }

  private void act(Action action, String why, Observation seen) throws InterruptedException {
    if (action instanceof Action.Change change && change.mustBeFresh() && !seen.fresh()) {
      nextFresh = true;
      return;
    }
    Instant sent = ports.time().now();
    try {
      send(action);
      failures = 0;
      refusedSince = Optional.empty();
      state = state.tried();
      telling.wrote(state, action, why, Duration.between(sent, ports.time().now()).toMillis());
    } catch (ClusterException.Forbidden e) {
      refused(action, e, seen, 1);
    } catch (ClusterException.Invalid e) {
      refused(action, e, seen, INVALID_TRIES);
    } catch (ClusterException e) {
      // Stale, busy, or nobody knows: only looking again can tell.
      refused(action, e, seen, Integer.MAX_VALUE);
    }
  }

  private void send(Action action) {
    switch (action) {
      case Action.Change change ->
          looker.saw(ports.cluster().patch(change.object(), change.patch(), Send.REAL));
      case Action.Make make ->
          looker.saw(ports.cluster().create(make.kind(), make.body(), Send.REAL));
      case Action.Remove remove -> {
        ports.cluster().delete(remove.object(), remove.uid());
        nextFresh = true;
      }
    }
  }

  private void refused(Action action, ClusterException e, Observation seen, int tries)
      throws InterruptedException {
    failures++;
    refusedSince = Optional.of(refusedSince.orElseGet(ports.time()::now));
    nextFresh = true;
    if (tries != Integer.MAX_VALUE) {
      state = state.tried();
    }
    String message = String.valueOf(e.getMessage());
    if (failures == 1 || failures % 10 == 0) {
      telling.refused(state, action, message);
    }
    boolean forward = state.course() == RolloutState.Course.FORWARD;
    if (forward && (failures >= tries || refusedForLong())) {
      String why =
          "the cluster refused "
              + action.verb()
              + " "
              + action.object().from(state.release().namespace())
              + ": "
              + message;
      Optional<Decision.Advance> back = Decider.giveUp(state, seen, Cause.REFUSED, why);
      if (back.isPresent()) {
        advance(back.get());
        return;
      }
    }
    if (tries != Integer.MAX_VALUE && failures >= BACK_TRIES || refusedForLong()) {
      throw e;
    }
    ports.time().await(ports.time().now().plus(pause(e)));
  }

  private boolean refusedForLong() {
    Instant now = ports.time().now();
    return refusedSince.filter(since -> now.isAfter(since.plus(AWAY))).isPresent();
  }

  /** A stale write is decided anew at once; a busy server is given the time it asks for. */
  private Duration pause(ClusterException e) {
    if (e instanceof ClusterException.Busy busy && !busy.retryAfter().isZero()) {
      return busy.retryAfter();
    }
    boolean stale = e instanceof ClusterException.Conflict || e instanceof ClusterException.Invalid;
    return Duration.ofMillis(
        stale ? Math.min(1000, 20L * failures * failures) : Math.min(2000, 200L * failures));
  }

  private Optional<Outcome> unanswered(ClusterException e) throws InterruptedException {
    if (e instanceof ClusterException.Forbidden
        || e instanceof ClusterException.Invalid
        || refusedForLong()
        || lastAnswer.plus(AWAY).isBefore(ports.time().now())) {
      return Optional.of(
          new Outcome(
              Result.UNREACHABLE,
              state.release().revision(),
              "unknown",
              "the cluster does not answer: "
                  + e.getMessage()
                  + ". Traffic: unknown; in step "
                  + state.current().map(rollout.plan.Step::id).orElse("end")
                  + ". When it answers again: rollout rollback "
                  + state.release().target().name()));
    }
    telling.waiting(state, "the API server gives no answer; waiting for it");
    nextFresh = true;
    ports.time().await(ports.time().now().plusSeconds(1));
    return Optional.empty();
  }

  private Outcome lost() {
    String says =
        "another driver has taken "
            + state.release().target().name()
            + " over; this one has stopped. See: rollout status "
            + state.release().target().name();
    return new Outcome(Result.LOST, state.release().revision(), "as the other driver has it", says);
  }

  private Outcome finish(Outcome outcome, boolean ends, Observation seen) {
    if (outcome.result() == Result.LOST) {
      records.release();
      return outcome;
    }
    return ends ? records.close(state, outcome, workload(outcome, seen)) : records.leave(outcome);
  }

  /** Where the template of a good revision can be found again. */
  private String workload(Outcome outcome, Observation seen) {
    boolean good =
        outcome.result() == Result.DONE
            || outcome.result() == Result.INSTALLED
            || outcome.result() == Result.RETURNED;
    return good ? Decider.workload(state, seen) : "";
  }

  /** A return and a release that went back share a word in events; in the history they must not. */
  private static String word(Result result) {
    return result == Result.RETURNED ? "returned" : result.word();
  }

  /** What the history gets. */
  static HistoryEntry entry(RolloutState state, Outcome outcome, String workload, Instant now) {
    Optional<RolloutState.GoingBack> going = state.going();
    List<Instant> times =
        going
            .map(
                one ->
                    List.of(
                        one.detected(),
                        one.decided(),
                        one.written().orElse(one.decided()),
                        one.observed().orElse(one.decided())))
            .orElse(List.of());
    return new HistoryEntry(
        state.release().revision(),
        state.release().form().word(),
        state.facts().containsKey(HistoryEntry.REPAIRED)
            ? HistoryEntry.REPAIRED
            : word(outcome.result()),
        state.started(),
        Optional.of(now),
        state.release().candidate().images(),
        workload,
        state.release().candidate().templateHash(),
        going.map(RolloutState.GoingBack::reason).orElse(""),
        going.filter(one -> one.cause() == Cause.HEALTH).isPresent(),
        times,
        state.facts().getOrDefault(HistoryEntry.JOB, ""),
        state.release().database().built(),
        state.schema());
  }
}
