package rollout.real;

import java.time.Duration;
import java.time.Instant;
import rollout.document.Doc;

/** When a rollback was detected, decided, written and observed. */
record RollbackTimes(
    String reason, Instant detected, Instant decided, Instant written, Instant observed) {

  /** Reads them from a {@code rollback} event. */
  static RollbackTimes of(Doc event) {
    return new RollbackTimes(
        event.textOrEmpty("reason"),
        time(event, "detectedAt"),
        time(event, "decidedAt"),
        time(event, "writtenAt"),
        time(event, "observedAt"));
  }

  private static Instant time(Doc event, String field) {
    return Instant.parse(
        event
            .text(field)
            .orElseThrow(() -> new AssertionError("no " + field + " in " + event.json())));
  }

  /** For people: the first as a time, the others as what came on top of it. */
  String line() {
    return "detected %s, decided +%d ms, written +%d ms, observed +%d ms: %s"
        .formatted(detected, since(decided), since(written), since(observed), reason);
  }

  private long since(Instant later) {
    return Duration.between(detected, later).toMillis();
  }
}
