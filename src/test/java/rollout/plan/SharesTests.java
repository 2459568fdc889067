package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTests {
  @ParameterizedTest
  @CsvSource({
    "3,25,1",
    "3,40,2",
    "3,50,3",
    "10,10,1",
    "10,5,1",
    "4,5,1",
    "19,5,1",
    "10,75,30",
    "1,50,1"
  })
  void podsBesideStableMakeTheNearestShare(int stable, int percent, int pods) {
    assertThat(Shares.beside(stable, percent)).isEqualTo(pods);
    double share = 100.0 * pods / (stable + pods);
    for (int other = 1; other <= 40; other++) {
      assertThat(Math.abs(share - percent))
          .as("%d pods", other)
          .isLessThanOrEqualTo(Math.abs(100.0 * other / (stable + other) - percent));
    }
  }

  @ParameterizedTest
  @CsvSource({"3,5,1", "3,34,2", "10,25,3", "10,100,10", "10,0,1", "100,1,1", "1,50,1"})
  void podsBearTheirShareRoundedUp(int stable, int percent, int pods) {
    assertThat(Shares.bearing(stable, percent)).isEqualTo(pods);
  }

  @ParameterizedTest
  @CsvSource({"3,1,25", "2,1,33", "0,0,0", "6,1,14"})
  void shareOfThePods(int stable, int candidate, int percent) {
    assertThat(Shares.percent(stable, candidate)).isEqualTo(percent);
  }

  @ParameterizedTest
  @CsvSource({"15,6", "50,1", "1,99", "100,1"})
  void fewestPodsForAShareOfOne(int percent, int stable) {
    assertThat(Shares.fewestFor(percent)).isEqualTo(stable);
    assertThat(100.0 / (stable + 1)).isLessThanOrEqualTo(Math.max(percent, 50));
  }
}
