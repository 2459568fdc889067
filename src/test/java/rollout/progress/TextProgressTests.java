package rollout.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;

class TextProgressTests {
  private final StringWriter out = new StringWriter();
  private Instant now = Instant.parse("2025-01-01T10:42:07Z");

  private TextProgress progress(boolean colour) {
    return new TextProgress(new PrintWriter(out), () -> now, ZoneOffset.UTC, colour);
  }

  private static Event check(String verdict, String message) {
    return new Event(
        Event.CHECK, Phase.BAKE, message, Doc.of("name", "errors", "verdict", verdict));
  }

  @Test
  void aLineHasTimePhaseWordsAndVerdict() {
    progress(false).tell(check("pass", "errors 0.2 % of 512 requests (allowed 1 %)"));

    assertThat(out)
        .hasToString("10:42:07  bake      errors 0.2 % of 512 requests (allowed 1 %)  pass\n");
  }

  @Test
  void aCheckThatSaysTheSameIsShownEveryTenSeconds() {
    TextProgress progress = progress(false);
    for (int second = 0; second < 21; second++) {
      progress.tell(check("pass", "errors 0 %"));
      now = now.plusSeconds(1);
    }

    assertThat(out.toString()).hasLineCount(3);
  }

  @Test
  void aNewVerdictIsShownAtOnce() {
    TextProgress progress = progress(false);
    progress.tell(check("pass", "errors 0 %"));
    progress.tell(check("fail", "errors 7 %"));

    assertThat(out.toString()).hasLineCount(2).endsWith("errors 7 %  fail\n");
  }

  @Test
  void theLogOfAMigrationIsShownBelow() {
    progress(false)
        .tell(
            new Event(
                Event.MIGRATION, Phase.MIGRATE, "running", Doc.of("log", List.of("V1", "V2"))));

    assertThat(out).hasToString("10:42:07  migrate   running\n    | V1\n    | V2\n");
  }

  @Test
  void aLogThatIsInTheWordsTooIsShownOnce() {
    TextProgress progress = progress(false);
    Doc log = Doc.of("log", List.of("V1", "V2"));
    progress.tell(new Event(Event.MIGRATION, Phase.MIGRATE, "V1\nV2", log));
    progress.tell(new Event(Event.MIGRATION, Phase.MIGRATE, "failed; last lines:\nV1\nV2", log));

    assertThat(out)
        .hasToString(
            "    | V1\n    | V2\n"
                + "10:42:07  migrate   failed; last lines:\n    | V1\n    | V2\n");
  }

  @Test
  void theLastLineSaysWhereTheTrafficIs() {
    progress(false)
        .tell(
            new Event(
                Event.RESULT,
                Phase.DONE,
                "Rolled back.",
                Doc.of("exitCode", 4, "traffic", "all on shop, observed")));

    assertThat(out)
        .hasToString("10:42:07  done      Rolled back.\nTraffic: all on shop, observed\n");
  }

  @Test
  void coloursOnlyWhenWanted() {
    progress(true).tell(check("fail", "errors 7 %"));
    String coloured = out.toString();
    out.getBuffer().setLength(0);
    progress(false).tell(check("fail", "errors 7 %"));

    assertThat(coloured).contains("\u001b[31m");
    assertThat(out.toString()).doesNotContain("\u001b");
  }

  @Test
  void passwordsInUrlsAreMasked() {
    progress(false)
        .tell(new Event(Event.NOTE, Phase.BAKE, "http://me:s3cret@prom is away", Doc.EMPTY));

    assertThat(out.toString()).contains("http://***@prom").doesNotContain("s3cret");
  }
}
