package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.NOW;
import static rollout.core.Scraped.series;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.model.MetricAnswer.Series;

/** What the times of samples tell. */
class ScrapesTests {
  private static Scrapes scrapes(long sinceSecondsAgo, Series... series) {
    return new Scrapes(List.of(series), NOW, NOW.minusSeconds(sinceSecondsAgo), Duration.ZERO);
  }

  @Test
  void theNewestSampleOfAPodCountsWhicheverCounterHasIt() {
    Series older = series("g-1", "code=200", 10, 10, 1, 2);
    Series newer = series("g-1", "code=500", 2, 10, 1, 2);
    assertThat(scrapes(600, older, newer).newest()).isEqualTo(NOW.minusSeconds(2));
    assertThat(scrapes(600, newer, older).newest()).isEqualTo(NOW.minusSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({"15, 40", "16, 60"})
  void upToFifteenSecondsApartTheLastMinuteIsJudged(double every, double grown) {
    Series steady = series("g-1", "", 2, every, 0, 10, 20, 30, 40, 50, 60);
    assertThat(scrapes(600, steady).growth(steady)).isEqualTo(grown);
  }

  @Test
  void theUsualTimeBetweenSamplesIsTheOneInTheMiddle() {
    Series slow = series("g-1", "", 40, 30, 1, 2);
    Series fast = series("g-2", "", 40, 10, 1, 2);
    Series middle = series("g-3", "", 40, 20, 1, 2);
    assertThat(scrapes(600, slow, fast, middle).stale()).as("40 s are two of 20 s").isFalse();
    assertThat(scrapes(600, fast).stale()).as("but four of 10 s").isTrue();
  }

  @Test
  void aCounterGrewFromZeroWhereItWouldHaveBeenScrapedBefore() {
    Series born = series("g-1", "", 2, 10, 5, 9);
    assertThat(scrapes(60, born).growth(born)).as("every 10 s since before").isEqualTo(9);
    Series single = series("g-1", "", 2, 10, 5);
    assertThat(scrapes(60, single).growth(single)).as("nobody knows how often").isZero();
  }
}
