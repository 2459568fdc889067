package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;
import static rollout.core.Scraped.subject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer.Series;
import rollout.model.Verdict;

/** Where a verdict turns into another: the least number of requests, and what is too old. */
class JudgeEdgesTests {
  private static final Check ERRORS = Check.of("errors", new Measure.ErrorRate(), 0.01);
  private static final Check P99 = Check.of("p99", new Measure.Latency(0.99), 0.3);

  private static Verdict judge(Check check, Scraped answers) {
    return Judge.judge(check, Scraped.NAMES, answers.round(), subject(3600, "g-1"));
  }

  private static Series bucket(String le, double newest, double count) {
    return series("g-1", "le=" + le, newest, 10, 5, 5 + count);
  }

  @ParameterizedTest
  @CsvSource({"49, Undecided", "50, Pass", "51, Pass"})
  void asManyRequestsAsAreNeededAreEnough(double requests, String verdict) {
    Series total = series("g-1", "", 2, 10, 0, requests);
    assertThat(judge(ERRORS, answers().with("total", total).with("bad")).getClass().getSimpleName())
        .isEqualTo(verdict);
  }

  @Test
  void noRequestAtAllIsNoPassThoughNoneAreNeeded() {
    Check any =
        new Check("errors", new Measure.ErrorRate(), 1, 0, ERRORS.every(), 2, ERRORS.onFail());
    Series idle = series("g-1", "", 2, 10, 7, 7, 7);
    assertThat(judge(any, answers().with("total", idle).with("bad")))
        .isEqualTo(new Verdict.Undecided(Double.NaN, 1, 0, "0 requests so far, 1 are needed"));
  }

  @ParameterizedTest
  @CsvSource({"49, Undecided", "50, NoData"})
  void aHistogramThatEndsTooLowIsSaidOnceThereAreEnoughRequests(double count, String verdict) {
    Scraped slow = answers().with("buckets", bucket("0.1", 2, 0), bucket("+Inf", 2, count));
    assertThat(judge(P99, slow).getClass().getSimpleName()).isEqualTo(verdict);
  }

  @Test
  void oldBucketsAreNoData() {
    Scraped old = answers().with("buckets", bucket("0.1", 26, 100), bucket("+Inf", 26, 100));
    assertThat(judge(P99, old))
        .isEqualTo(new Verdict.NoData(0.3, "the newest sample is 26 s old", false));
  }

  @Test
  void aBucketThatIsNoNumberIsNoData() {
    Scraped odd = answers().with("buckets", bucket("0.1", 2, 100), bucket("+Inf", 2, Double.NaN));
    assertThat(judge(P99, odd)).isEqualTo(new Verdict.NoData(0.3, "a counter is NaN", false));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, false"})
  void twoSamplesOfStableTellHowOftenIsScraped(double ofStable, boolean tooOld) {
    // Once a minute: 100 s are less than two and a half of them. Not known: 75 s are the limit.
    Scraped once = answers().with("total", series("g-1", "", 100, 1, 90)).with("bad");
    Verdict verdict = judge(ERRORS, once.with("control", Scraped.value("", ofStable)));
    assertThat(verdict instanceof Verdict.NoData).isEqualTo(tooOld);
  }
}
