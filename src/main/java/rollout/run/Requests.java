package rollout.run;

import rollout.core.Observation.Request;
import rollout.port.ClusterException;

/** What a person asks of the driver, left in the journal by compare-and-set. */
final class Requests {
  private static final int TRIES = 5;

  private Requests() {}

  /** Leaves it; the journal as it is then. */
  static Journal.Entry leave(Journal journal, Journal.Entry read, Request request) {
    Journal.Entry from = read;
    for (int attempt = 1; ; attempt++) {
      try {
        return journal.ask(from, request);
      } catch (ClusterException e) {
        if (!Journal.stale(e) || attempt == TRIES) {
          throw e;
        }
        from = journal.read();
      }
    }
  }
}
