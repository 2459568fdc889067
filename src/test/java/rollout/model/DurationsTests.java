package rollout.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTests {
  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "500ms, PT0.5S",
    "90s, PT1M30S",
    "5m, PT5M",
    "1h30m, PT1H30M",
    "2d, PT48H",
    "1d1h1m1s1ms, PT25H1M1.001S",
    "999999999d, PT23999999976H",
  })
  void readsWhatPeopleWrite(String text, Duration duration) {
    assertThat(Durations.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5 m", " 5m", "-5m", "1.5h", "5M", "m", "5min", "1h30", "9999999999s"})
  void anythingElseIsNone(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT90S, 1m30s", "PT24H, 24h", "PT0.25S, 250ms", "PT1H0.001S, 1h1ms"})
  void writesTheShortestText(Duration duration, String text) {
    assertThat(Durations.text(duration)).isEqualTo(text);
  }

  @RepeatedTest(20)
  void whatIsWrittenIsReadTheSame(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Duration any = Duration.ofMillis(random.nextLong(1_000_000_000_000L));
    assertThat(Durations.parse(Durations.text(any))).contains(any);
  }
}
