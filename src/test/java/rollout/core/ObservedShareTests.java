package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservedShareTests {
  @Test
  void intervalIsWilsons() {
    // R: prop.test(10, 100, correct = FALSE)$conf.int
    ObservedShare share = new ObservedShare(10, 90, false);
    assertThat(share.percent()).isEqualTo(10);
    assertThat(share.low()).isCloseTo(5.52, within(0.01));
    assertThat(share.high()).isCloseTo(17.44, within(0.01));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 90, 10, true",
    "10, 90, 15, true",
    "10, 90, 25, false",
    "0, 40, 5, false",
    "2, 98, 5, true",
    "480, 520, 50, true",
    "4700, 5300, 50, false",
    "4850, 5150, 50, true",
    "0, 5000, 5, false"
  })
  void agreesWithinItsIntervalOrNearWhereThereAreMany(
      double candidate, double stable, double requested, boolean agrees) {
    assertThat(new ObservedShare(candidate, stable, false).agrees(requested)).isEqualTo(agrees);
  }

  @Test
  void chosenUsersMayMakeItMore() {
    assertThat(new ObservedShare(400, 600, true).agrees(5)).isTrue();
    assertThat(new ObservedShare(400, 600, false).agrees(5)).isFalse();
    assertThat(new ObservedShare(10, 990, true).agrees(5)).isFalse();
  }

  @Test
  void nothingIsNothingButForWhatWasUnderWay() {
    assertThat(new ObservedShare(0, 1000, false).isNone()).isTrue();
    assertThat(new ObservedShare(1, 1000, false).isNone()).isTrue();
    assertThat(new ObservedShare(20, 1000, false).isNone()).isFalse();
    assertThat(new ObservedShare(20, 1000, false).isSome()).isTrue();
  }

  @Test
  void fiftyRequestsAreTheFewestThatTell() {
    assertThat(new ObservedShare(5, 45, false).tells()).isTrue();
    assertThat(new ObservedShare(5, 44, false).tells()).isFalse();
  }

  @Test
  void theEndsOfTheIntervalBelongToIt() {
    ObservedShare share = new ObservedShare(10, 90, false);
    assertThat(share.agrees(share.low())).isTrue();
    assertThat(share.agrees(share.high())).isTrue();
    assertThat(share.agrees(Math.nextDown(share.low()))).isFalse();
    assertThat(share.agrees(Math.nextUp(share.high()))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"5, 495, 3, true", "5, 495, 3.01, false", "5, 494, 3, false"})
  void twoPointsAreNearFromFiveHundredRequestsOn(
      double candidate, double stable, double requested, boolean agrees) {
    assertThat(new ObservedShare(candidate, stable, false).agrees(requested)).isEqualTo(agrees);
  }

  @Test
  void oneOfAHundredAndTwoOfAThousandAreMoreThanWasUnderWay() {
    assertThat(new ObservedShare(1, 99, false).isNone()).isFalse();
    assertThat(new ObservedShare(0.9, 99, false).isNone()).isTrue();
    assertThat(new ObservedShare(2, 998, false).isNone()).isFalse();
    assertThat(new ObservedShare(2, 999, false).isNone()).isTrue();
    assertThat(new ObservedShare(0, 1000, false).isSome()).isFalse();
  }

  @Test
  void isSaidWithItsIntervalAndWhoseRequestsItHas() {
    assertThat(new ObservedShare(10, 90, false).says())
        .isEqualTo("observed 10.0 % (5.5 to 17.4) of 100 requests");
    assertThat(new ObservedShare(10, 90, true).says())
        .isEqualTo("observed 10.0 % (5.5 to 17.4) of 100 requests, chosen users included");
  }

  @Test
  void itsEventHasTenthsOfAPercent() {
    assertThat(new ObservedShare(10, 90, false).fields())
        .isEqualTo(
            Map.of("observed", 10.0, "observedLow", 5.5, "observedHigh", 17.4, "samples", 100L));
    assertThat(new ObservedShare(100, 200, false).fields()).containsEntry("observed", 33.3);
  }
}
