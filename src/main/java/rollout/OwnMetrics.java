package rollout;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import rollout.cli.Exporting;
import rollout.document.Doc;
import rollout.exporter.About;
import rollout.exporter.ApiRequests;
import rollout.exporter.Exporter;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.port.Progress;
import rollout.progress.Target;

/**
 * A run's own metrics, put together. Apart from the rest, so that nothing of them is loaded where
 * nobody wants them.
 *
 * @param notes has to be told before people are
 */
record OwnMetrics(Exporter exporter, Notes notes) {
  static OwnMetrics open(
      Exporting exporting,
      Target target,
      ApiRequests requests,
      InstantSource clock,
      Progress people,
      PrintWriter err) {
    Notes notes = new Notes(people, err);
    Optional<Exporter.Place> place =
        exporting.serve().map(one -> new Exporter.Place(one.host(), one.port()));
    Exporter exporter =
        Exporter.open(
            new About(target.namespace(), target.service()),
            requests,
            clock,
            place,
            exporting.pushgateway(),
            notes::say);
    return new OwnMetrics(exporter, notes);
  }

  /**
   * What there is to say about the metrics: a note while the release lasts, and a line on stderr
   * afterwards, since the result is always the last event.
   */
  static final class Notes implements Progress {
    private final Progress people;
    private final PrintWriter err;
    private Phase phase = Phase.PREFLIGHT;
    private boolean ended;

    Notes(Progress people, PrintWriter err) {
      this.people = people;
      this.err = err;
    }

    @Override
    public synchronized void tell(Event event) {
      ended |= event.type().equals(Event.RESULT);
      phase = event.type().equals(Event.STEP_STARTED) ? event.phase() : phase;
    }

    synchronized void say(String text) {
      if (ended) {
        err.println(text);
        err.flush();
      } else {
        people.tell(new Event(Event.NOTE, phase, text, Doc.EMPTY));
      }
    }
  }
}
