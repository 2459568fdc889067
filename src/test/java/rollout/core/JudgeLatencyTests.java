package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;
import static rollout.core.Scraped.subject;

import org.junit.jupiter.api.Test;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.Verdict;

class JudgeLatencyTests {
  private static final Check P99 = Check.of("p99", new Measure.Latency(0.99), 0.3);
  private static final Subject SUBJECT = subject(3600, "g-1");

  private static Series bucket(String pod, String le, double count) {
    return series(pod, "le=" + le, 2, 10, 5, 5 + count);
  }

  private static Verdict judge(Check check, Series... buckets) {
    return Judge.judge(check, Scraped.NAMES, answers().with("buckets", buckets).round(), SUBJECT);
  }

  @Test
  void interpolatesBetweenTheBounds() {
    assertThat(
            judge(
                P99,
                bucket("g-1", "0.1", 900),
                bucket("g-1", "0.5", 980),
                bucket("g-1", "1.5", 1000),
                bucket("g-1", "+Inf", 1000)))
        .isEqualTo(
            new Verdict.Fail(
                1.0, 0.3, 1000, "p99 1s (between 500ms and 1.5s) of 1000 requests, allowed 300ms"));
  }

  @Test
  void interpolatesFromZeroInTheFirstBucket() {
    Verdict verdict = judge(P99, bucket("g-1", "0.1", 100), bucket("g-1", "+Inf", 100));
    assertThat(verdict).isInstanceOf(Verdict.Pass.class);
    assertThat(verdict.value()).isCloseTo(0.099, within(1e-12));
  }

  @Test
  void comparesBoundsByValue() {
    assertThat(
            judge(
                P99,
                bucket("g-1", "10.0", 1000),
                bucket("g-1", "2", 1000),
                bucket("g-1", "0.1", 1000),
                bucket("g-1", "+Inf", 1000)))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void sumsOverThePodsBeforeTheQuantile() {
    // 10 of 1010 requests are slow: the slow pod's own p99 would be 10 s, the mean of the two 5 s.
    assertThat(
            judge(
                P99,
                bucket("g-1", "0.1", 1000),
                bucket("g-1", "10", 1000),
                bucket("g-1", "+Inf", 1000),
                bucket("g-2", "0.1", 0),
                bucket("g-2", "10", 10),
                bucket("g-2", "+Inf", 10)))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void failsWhenTheHighestBoundIsNotBelowTheMaximum() {
    assertThat(
            judge(
                P99,
                bucket("g-1", "0.1", 10),
                bucket("g-1", "0.3", 90),
                bucket("g-1", "+Inf", 100)))
        .isEqualTo(
            new Verdict.Fail(0.3, 0.3, 100, "p99 at least 300ms of 100 requests, allowed 300ms"));
  }

  @Test
  void hasNoDataWhenTheHighestBoundIsBelowTheMaximum() {
    assertThat(judge(P99, bucket("g-1", "0.1", 90), bucket("g-1", "+Inf", 100)))
        .isEqualTo(
            new Verdict.NoData(
                0.3,
                "p99 lies above 100ms, the highest bound of the histogram, so 300ms cannot be told",
                false));
  }

  @Test
  void hasNoDataWithoutTheInfiniteBucket() {
    assertThat(judge(P99, bucket("g-1", "0.1", 90), bucket("g-1", "1", 100)))
        .isEqualTo(
            new Verdict.NoData(
                0.3, "the latency histogram lacks its +Inf bucket or all finite ones", false));
  }

  @Test
  void hasNoDataWhenABoundIsNoNumber() {
    assertThat(judge(P99, bucket("g-1", "fast", 90), bucket("g-1", "+Inf", 100)))
        .isInstanceOf(Verdict.NoData.class);
  }

  @Test
  void hasNoDataWithoutBuckets() {
    assertThat(judge(P99)).isInstanceOf(Verdict.NoData.class);
  }

  @Test
  void isUndecidedWithFewRequests() {
    assertThat(judge(P99, bucket("g-1", "0.1", 0), bucket("g-1", "+Inf", 49)))
        .isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void isUndecidedWithoutRequests() {
    assertThat(judge(P99, bucket("g-1", "0.1", 0), bucket("g-1", "+Inf", 0)))
        .isEqualTo(new Verdict.Undecided(Double.NaN, 0.3, 0, "0 requests so far, 50 are needed"));
  }

  @Test
  void readsBoundsInTheUnitOfTheTemplate() {
    MetricNames millis = new MetricNames("istio", "", "", "", "", 0.001, "");
    Scraped answers =
        answers()
            .with(
                "buckets",
                bucket("g-1", "250", 0),
                bucket("g-1", "500", 100),
                bucket("g-1", "+Inf", 100));
    Verdict verdict = Judge.judge(P99, millis, answers.round(), SUBJECT);
    assertThat(verdict).isInstanceOf(Verdict.Fail.class);
    assertThat(verdict.value()).isCloseTo(0.4975, within(1e-9));
  }

  @Test
  void leavesOutBoundsThatNotAllPodsHave() {
    Verdict verdict =
        judge(
            P99,
            bucket("g-1", "0.1", 100),
            bucket("g-1", "0.2", 100),
            bucket("g-1", "+Inf", 100),
            bucket("g-2", "0.1", 100),
            bucket("g-2", "+Inf", 100));
    assertThat(verdict).isInstanceOf(Verdict.Pass.class);
    assertThat(verdict.value()).isCloseTo(0.099, within(1e-9));
  }
}
