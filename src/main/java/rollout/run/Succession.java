package rollout.run;

import java.time.Duration;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Marks;
import rollout.model.Phase;
import rollout.port.Ports;
import rollout.strategy.Strategy;

/**
 * A pod of a Job finds what the pods before it have begun. One Job makes one release: what runs is
 * gone on with in the way that it goes, or watched while somebody else drives it; what has ended
 * gives its result again. Else a person's rollback would be released again by the Job's next pod.
 */
final class Succession {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Engine engine;
  private final Ports ports;
  private final Journal journal;
  private final LeaseKeeper lease;
  private final String target;
  private boolean told;

  Succession(Engine engine, Strategy strategy) {
    this.engine = engine;
    this.ports = engine.ports();
    this.target = strategy.service();
    String namespace = ports.namespace(strategy.namespace());
    this.journal = new Journal(ports.cluster(), namespace, target);
    this.lease = new LeaseKeeper(ports, namespace, target);
  }

  /** How the Job's release ended; empty: this Job has begun none yet, and nobody of it drives. */
  Optional<Outcome> run() throws InterruptedException {
    if (ports.job().isEmpty()) {
      return Optional.empty();
    }
    while (true) {
      String silent = listen();
      Journal.Entry entry = journal.readToWrite();
      Optional<Outcome> ended = ended(entry);
      if (ended.isPresent() || !isOurs(entry)) {
        return ended;
      }
      if (engine.interrupts().now().isPresent()) {
        return Optional.of(left(entry));
      }
      try {
        tell(entry, "a pod before this one began it; going on with it");
        return Optional.of(engine.takeOver(journal, entry, false, silent));
      } catch (HeldError e) {
        // Somebody was quicker: then there is somebody to follow.
      }
    }
  }

  /**
   * Waits as long as the release or the Lease is of this Job and somebody drives.
   *
   * @return the version of the Lease that fell silent; empty: nobody holds it
   */
  private String listen() throws InterruptedException {
    try (Heartbeat heart = Heartbeat.of(ports, journal, lease)) {
      while (true) {
        Heartbeat.Beat beat = heart.now();
        boolean ours = isOurs(beat.journal()) || isOurs(beat.lease());
        boolean stop = engine.interrupts().now().isPresent() || ended(beat.journal()).isPresent();
        if (stop || !ours || !beat.driven()) {
          return beat.silentVersion();
        }
        if (!told) {
          told = true;
          tell(
              beat.journal(),
              "driven by "
                  + LeaseKeeper.name(LeaseKeeper.holder(beat.lease()))
                  + "; this pod watches, and takes over if that driver dies");
        }
        heart.await(ports.time().now().plus(LOOK));
      }
    }
  }

  private boolean isOurs(Doc held) {
    return held.texts("metadata", "annotations").getOrDefault(Marks.JOB, "").equals(ports.job());
  }

  private boolean isOurs(Journal.Entry entry) {
    return entry
        .state()
        .filter(state -> state.facts().getOrDefault(HistoryEntry.JOB, "").equals(ports.job()))
        .isPresent();
  }

  private Optional<Outcome> ended(Journal.Entry entry) {
    return entry.history().stream()
        .filter(one -> one.job().equals(ports.job()))
        .findFirst()
        .map(this::again);
  }

  private Outcome again(HistoryEntry past) {
    Result result = result(past);
    boolean back = result == Result.ROLLED_BACK || result == Result.ROLLED_BACK_PARTLY;
    String why = past.reason().isEmpty() ? "" : " (" + past.reason() + ")";
    return new Outcome(
        result,
        past.revision(),
        back ? "on the version before" : "on revision " + past.revision(),
        "this Job's release, revision "
            + past.revision()
            + ", has ended: "
            + past.outcome()
            + why
            + ". Where the traffic is now: rollout status "
            + target);
  }

  private static Result result(HistoryEntry past) {
    return switch (past.outcome()) {
      case "done" -> Result.DONE;
      case "installed" -> Result.INSTALLED;
      case "rolled-back-partly" -> Result.ROLLED_BACK_PARTLY;
      case HistoryEntry.REPAIRED -> Journal.good(past) ? Result.DONE : Result.ROLLED_BACK;
      default -> Result.ROLLED_BACK;
    };
  }

  private static Outcome left(Journal.Entry entry) {
    return new Outcome(
        Result.TERMINATED,
        entry.lastRevision(),
        "as its driver has it",
        "told to end; the release goes on without this pod");
  }

  private void tell(Journal.Entry entry, String message) {
    int revision = entry.lastRevision();
    ports
        .progress()
        .tell(
            new Event(
                Event.NOTE,
                Phase.PREFLIGHT,
                "revision " + revision + ": " + message,
                Doc.of("revision", revision)));
  }
}
