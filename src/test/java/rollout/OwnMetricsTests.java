package rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

class OwnMetricsTests {
  private final List<Event> told = new ArrayList<>();
  private final StringWriter err = new StringWriter();
  private final OwnMetrics.Notes notes = new OwnMetrics.Notes(told::add, new PrintWriter(err));

  @Test
  void whatThereIsToSayIsANoteOfThePhase() {
    notes.say("served");
    notes.tell(new Event(Event.STEP_STARTED, Phase.BAKE, "", Doc.EMPTY));
    notes.say("not pushed");
    assertThat(told)
        .containsExactly(
            new Event(Event.NOTE, Phase.PREFLIGHT, "served", Doc.EMPTY),
            new Event(Event.NOTE, Phase.BAKE, "not pushed", Doc.EMPTY));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void afterTheResultNoEventComesAnyMore() {
    notes.tell(new Event(Event.RESULT, Phase.DONE, "", Doc.EMPTY));
    notes.say("not pushed");
    assertThat(told).isEmpty();
    assertThat(err.toString()).isEqualTo("not pushed" + System.lineSeparator());
  }
}
