package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.plan.Step;

/** A journal of each format that was ever written can be read: releases outlive programs. */
class JournalSamplesTests {
  private static Doc sample(String name) throws IOException {
    return Doc.parse(Files.readString(Path.of("src/test/resources/journal", name)));
  }

  @Test
  void everyFormatHasItsSample() {
    for (int format = 1; format <= JournalText.FORMAT; format++) {
      assertThat(Path.of("src/test/resources/journal", "format-" + format + "-state.json"))
          .exists();
    }
  }

  @Test
  void formatOneIsRead() throws IOException {
    RolloutState state = JournalText.read(sample("format-1-state.json"));
    assertThat(state.release().revision()).isEqualTo(1);
    assertThat(state.current()).containsInstanceOf(Step.Bake.class);
    assertThat(state.release().migration()).isPresent();
    assertThat(state.release().terms().checks()).hasSize(1);
    List<HistoryEntry> history =
        sample("format-1-history.json").docs("revisions").stream()
            .map(JournalText::readHistory)
            .toList();
    assertThat(history).extracting(HistoryEntry::outcome).containsExactly("found");
  }
}
