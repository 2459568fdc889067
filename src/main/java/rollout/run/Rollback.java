package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.RolloutState;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.RefusedError;
import rollout.plan.Materials;
import rollout.port.Ports;
import rollout.strategy.Candidate;
import rollout.strategy.Strategy;

/**
 * A person says back. While a release runs: traffic first, whoever drives, and whoever holds the
 * Lease; then the rest of the way. With nothing running: a release of an earlier revision, without
 * migration, smoke test and bake.
 */
final class Rollback {
  private final Engine engine;
  private final Ports ports;
  private final String service;
  private final Optional<Integer> toRevision;
  private final String reason;

  Rollback(Engine engine, String service, Optional<Integer> toRevision, String reason) {
    this.engine = engine;
    this.ports = engine.ports();
    this.service = service;
    this.toRevision = toRevision;
    this.reason = reason;
  }

  Outcome run() throws InterruptedException {
    Instant asked = ports.time().now();
    Journal journal = new Journal(ports.cluster(), ports.namespace(), service);
    Journal.Entry entry = journal.readToWrite();
    Optional<RolloutState> running = running(entry);
    if (running.isEmpty()) {
      return returning(entry);
    }
    RolloutState found = running.get();
    LeaseKeeper lease = new LeaseKeeper(ports, ports.namespace(), service);
    RolloutState taken = engine.inOurHands(found, lease.read(), asked);
    RolloutState ours = Engine.turned(taken, asked, why());
    Records records = new Records(ports, journal, lease, entry, false);
    Telling telling = new Telling(ports.progress(), found.release().revision());
    if (entry.state().isEmpty()) {
      telling.tell(untold(entry, journal));
    }
    Outcome outcome = engine.drive(records, ours, Materials.NONE, telling);
    // From the settled phase on nothing goes back: it is finished first, and a return follows.
    boolean finishedForward =
        ours.course() == Course.FORWARD && outcome.result() == Outcome.Result.DONE;
    return finishedForward ? returning(journal.read()) : outcome;
  }

  /** The release that runs; without a journal that tells, by what its objects say. */
  private Optional<RolloutState> running(Journal.Entry entry) {
    if (entry.state().isPresent() || !Recovered.likely(ports, service, entry)) {
      return entry.state();
    }
    return Recovered.from(ports, service, entry);
  }

  private static Event untold(Journal.Entry entry, Journal journal) {
    return new Event(
        Event.NOTE,
        Phase.ROLLBACK,
        Recovered.why(entry, journal) + ", so this goes by what the objects say",
        Doc.of("warning", true));
  }

  private String why() {
    String by = "rolled back by " + ports.identity();
    return reason.isEmpty() ? by : by + ": " + reason;
  }

  private Outcome returning(Journal.Entry entry) throws InterruptedException {
    if (entry.history().isEmpty()) {
      throw Rollouts.neverReleased(ports, service);
    }
    int number = toRevision.orElseGet(() -> lastGood(entry.history()));
    Optional<HistoryEntry> past =
        entry.history().stream()
            .filter(one -> one.revision() == number && Journal.good(one))
            .findFirst();
    if (past.isEmpty()) {
      throw RefusedError.of(
          "revision "
              + number
              + " is not in the history of "
              + service
              + " as a version that served",
          left(entry.history()));
    }
    Candidate candidate = new Candidate.Revision(number);
    Strategy plain = Strategy.of(service, ports.namespace());
    return new NewRelease(engine, Returns.of(plain, candidate)).run();
  }

  private static String left(List<HistoryEntry> history) {
    List<String> good =
        history.stream().filter(Journal::good).map(one -> String.valueOf(one.revision())).toList();
    return good.isEmpty()
        ? "No revision is left to return to."
        : "Those that served: " + String.join(", ", good) + ".";
  }

  /** The newest revision that served before the one that serves now. */
  private int lastGood(List<HistoryEntry> history) {
    List<HistoryEntry> good = history.stream().filter(Journal::good).toList();
    if (good.isEmpty()) {
      throw RefusedError.of(
          "no revision of " + service + " is left to return to", "See: rollout history " + service);
    }
    HistoryEntry now = good.getLast();
    return good.reversed().stream()
        .filter(one -> !one.templateHash().equals(now.templateHash()))
        .findFirst()
        .map(HistoryEntry::revision)
        .orElseThrow(
            () ->
                RefusedError.of(
                    "no earlier version of " + service + " is in the history",
                    "See: rollout history " + service));
  }

  /** A return needs no bake: it is known to have served. */
  static final class Returns {
    private Returns() {}

    static Strategy of(Strategy plain, Candidate candidate) {
      return new Strategy(
          plain.service(),
          plain.namespace(),
          Optional.of(candidate),
          plain.from(),
          plain.also(),
          plain.ignored(),
          Optional.empty(),
          Optional.empty(),
          plain.metricNames(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          false,
          Duration.ZERO,
          Optional.empty(),
          plain.limits(),
          plain.onNoData(),
          plain.onUndecided(),
          new Strategy.Permissions(true, false, false, false),
          Optional.empty(),
          plain.subscribers());
    }
  }
}
