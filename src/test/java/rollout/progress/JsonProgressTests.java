package rollout.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

class JsonProgressTests {
  private final StringWriter out = new StringWriter();
  private final JsonProgress progress =
      new JsonProgress(
          new Target("shop", "prod"),
          InstantSource.fixed(Instant.parse("2025-01-01T10:42:07Z")),
          new PrintWriter(out));

  private List<Doc> lines() {
    return out.toString().lines().map(Doc::parse).toList();
  }

  @Test
  void oneObjectALineWithTheMembersOfTheContract() {
    progress.tell(
        new Event(Event.WRITE, Phase.SHIFT, "switched", Doc.of("verb", "patch", "ms", 12)));

    assertThat(out)
        .hasToString(
            "{\"time\":\"2025-01-01T10:42:07.000Z\",\"target\":\"shop\",\"namespace\":\"prod\","
                + "\"revision\":0,\"seq\":1,\"type\":\"write\",\"phase\":\"shift\","
                + "\"message\":\"switched\",\"verb\":\"patch\",\"ms\":12}\n");
  }

  @Test
  void seqRisesAndTheRevisionStaysOnceItIsKnown() {
    progress.tell(new Event(Event.STEP_STARTED, Phase.PREFLIGHT, "a", Doc.EMPTY));
    progress.tell(new Event(Event.STEP_DONE, Phase.PREFLIGHT, "b", Doc.of("revision", 7)));
    progress.tell(new Event(Event.STEP_STARTED, Phase.DEPLOY, "c", Doc.EMPTY));

    assertThat(lines()).extracting(line -> line.number(-1, "seq")).containsExactly(1L, 2L, 3L);
    assertThat(lines()).extracting(line -> line.number(-1, "revision")).containsExactly(0L, 7L, 7L);
  }

  @Test
  void aFieldCannotTakeThePlaceOfAMemberOfEachEvent() {
    progress.tell(new Event(Event.NOTE, Phase.BAKE, "a", Doc.of("type", "result", "seq", 99)));

    assertThat(lines().getFirst().textOrEmpty("type")).isEqualTo("note");
    assertThat(lines().getFirst().number(-1, "seq")).isEqualTo(1);
  }

  @Test
  void passwordsInUrlsAreMaskedAndNothingElse() {
    progress.tell(
        new Event(
            Event.NOTE,
            Phase.BAKE,
            "http://me:a\"b@prom:9090 is away",
            Doc.of("url", "http://prom:9090", "by", "ci@host")));

    assertThat(lines().getFirst().textOrEmpty("message")).isEqualTo("http://***@prom:9090 is away");
    assertThat(lines().getFirst().textOrEmpty("url")).isEqualTo("http://prom:9090");
    assertThat(lines().getFirst().textOrEmpty("by")).isEqualTo("ci@host");
  }

  @Test
  void linesInAMessageStayInOneLineOfJson() {
    progress.tell(new Event(Event.NOTE, Phase.BAKE, "a\nb", Doc.EMPTY));

    assertThat(out.toString()).hasLineCount(1);
  }
}
