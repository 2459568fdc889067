package rollout.progress;

import java.io.PrintWriter;
import java.time.InstantSource;
import rollout.model.Event;
import rollout.model.Secrets;
import rollout.model.Told;
import rollout.port.Progress;

/** Events for programs: one JSON object a line, flushed each. May be told from several threads. */
public final class JsonProgress implements Progress {
  private final Target target;
  private final InstantSource clock;
  private final PrintWriter out;
  private long seq;
  private long revision;

  /** Writes to {@code out}, which nobody else writes to. */
  public JsonProgress(Target target, InstantSource clock, PrintWriter out) {
    this.target = target;
    this.clock = clock;
    this.out = out;
  }

  @Override
  public synchronized void tell(Event event) {
    // The revision is known only once the journal has been read; from then on each event has it.
    revision = event.fields().number(revision, "revision");
    Told told =
        new Told(clock.instant(), target.service(), target.namespace(), revision, ++seq, event);
    out.print(Secrets.withoutLoginsInJson(told.doc().json()) + "\n");
    out.flush();
  }
}
