package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;

class StampTests {
  private static final Stamp OWN = new Stamp(7, "me", Way.FORWARD);

  @ParameterizedTest
  @CsvSource({
    "8, me, true",
    "8, other, true",
    "7, other, true",
    "7, me, false",
    "6, other, false",
    "6, me, false",
  })
  void aHigherEpochOrAnotherProcessOfTheSameFences(long epoch, String by, boolean fences) {
    assertThat(new Stamp(epoch, by, Way.FORWARD).fences(OWN)).isEqualTo(fences);
    assertThat(new Stamp(epoch, by, Way.BACK).fences(OWN)).isEqualTo(fences);
  }

  @Test
  void isReadFromWhatAnObjectCarries() {
    assertThat(Stamp.in(Doc.of("epoch", 3, "by", "x", "way", "back", "more", true)))
        .isEqualTo(new Stamp(3, "x", Way.BACK));
    assertThat(Stamp.in(Doc.EMPTY)).isEqualTo(new Stamp(0, "", Way.FORWARD));
  }
}
