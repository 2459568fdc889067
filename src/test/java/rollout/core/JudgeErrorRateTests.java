package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static rollout.core.Scraped.SUBJECT;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;
import static rollout.core.Scraped.subject;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.Verdict;

class JudgeErrorRateTests {
  private static final Check CHECK = Check.of("errors", new Measure.ErrorRate(), 0.01);

  private static final Series ONE = series("g-1", "code=200", 2, 10, 100, 200, 300, 400, 500);
  private static final Series TWO = series("g-2", "code=200", 4, 10, 10, 110, 210, 310, 410);
  private static final Series BAD = series("g-2", "code=500", 4, 10, 0, 100, 200, 300, 400);

  private static Verdict judge(Scraped answers) {
    return judge(answers, SUBJECT);
  }

  private static Verdict judge(Scraped answers, Subject subject) {
    return Judge.judge(CHECK, Scraped.NAMES, answers.round(), subject);
  }

  private static Verdict.NoData noData(String reason) {
    return new Verdict.NoData(0.01, reason, false);
  }

  @Test
  void failsWhenErrorsReachTheBound() {
    assertThat(judge(answers().with("total", ONE, TWO, BAD).with("bad", BAD)))
        .isEqualTo(
            new Verdict.Fail(
                400.0 / 1200, 0.01, 1200, "error rate 33.3 % of 1200 requests, allowed 1 %"));
  }

  @Test
  void passesWithoutASeriesOfErrors() {
    assertThat(judge(answers().with("total", ONE, TWO).with("bad")))
        .isEqualTo(new Verdict.Pass(0, 0.01, 800, "error rate 0 % of 800 requests, allowed 1 %"));
  }

  private static final MetricNames ROUTER =
      new MetricNames(
          "traefik",
          "",
          "r{$version}",
          "r{$version,code=~\"5..\"}",
          "rb{$version}",
          1,
          "",
          Optional.of(new MetricNames.ByService(List.of("traefik"), "s=\"c\"", "s=\"s\"")));

  @Test
  void noPodIsMissedWhereARouterCounts() {
    Series traefik = series("traefik-1", "code=200", 2, 10, 100, 200, 300, 400, 500);
    Scraped answers = answers().with("total", traefik).with("bad");
    assertThat(Judge.judge(CHECK, ROUTER, answers.round(), SUBJECT))
        .isEqualTo(new Verdict.Pass(0, 0.01, 400, "error rate 0 % of 400 requests, allowed 1 %"));
    assertThat(judge(answers)).isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void replicasOfARouterThatNoPodLabelTellsAreToldByTheirAddress() {
    // Two are scraped every 30 s, the second 15 s after the first, both with a long past.
    Series one = scraped("10.0.0.1:9100", 15, 9_000, 9_010, 9_020, 9_030);
    Series two = scraped("10.0.0.2:9100", 0, 8_000, 8_010, 8_020, 8_030);
    Scraped answers = answers().with("total", one, two).with("bad");
    assertThat(Judge.judge(CHECK, ROUTER, answers.round(), SUBJECT).samples()).isEqualTo(60);
  }

  private static Series scraped(String instance, double newest, double... values) {
    Series series = series("", "", newest, 30, values);
    return new Series(Map.of("instance", instance), series.points());
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, 4, 5})
  void failsFromTheBoundOn(double errors) {
    Verdict verdict =
        judge(
            answers()
                .with("total", series("g-1", "", 1, 10, 0, 400), series("g-2", "", 1, 10, 0, 0))
                .with("bad", series("g-1", "", 1, 10, 0, errors)));
    assertThat(verdict.value()).isCloseTo(errors / 400, within(1e-12));
    assertThat(verdict instanceof Verdict.Fail).isEqualTo(errors >= 4);
  }

  @Test
  void isUndecidedBelowTheLeastNumberOfRequestsEvenWhenAllFail() {
    Series few = series("g-1", "", 1, 10, 0, 49);
    assertThat(judge(answers().with("total", few).with("bad", few)))
        .isEqualTo(new Verdict.Undecided(1, 0.01, 49, "49 requests so far, 50 are needed"));
  }

  @Test
  void isUndecidedWithoutRequestsThoughNoneAreRequired() {
    Check any = new Check("e", new Measure.ErrorRate(), 1, 0, CHECK.every(), 2, CHECK.onFail());
    Series idle = series("g-1", "", 1, 10, 7, 7, 7);
    assertThat(
            Judge.judge(
                any, Scraped.NAMES, answers().with("total", idle).with("bad").round(), SUBJECT))
        .isInstanceOf(Verdict.Undecided.class);
  }

  @Test
  void countsWhatCameAfterACounterReset() {
    Series restarted = series("g-1", "", 1, 10, 1000, 1100, 30, 90);
    assertThat(judge(answers().with("total", restarted).with("bad"), subject(3600, "g-1")))
        .isEqualTo(new Verdict.Pass(0, 0.01, 190, "error rate 0 % of 190 requests, allowed 1 %"));
  }

  @Test
  void countsASeriesThatIsBornWithItsFirstValue() {
    Series born = series("g-1", "code=500", 2, 10, 60);
    assertThat(judge(answers().with("total", ONE, TWO, born).with("bad", born)))
        .isEqualTo(
            new Verdict.Fail(
                60.0 / 860, 0.01, 860, "error rate 6.98 % of 860 requests, allowed 1 %"));
  }

  @Test
  void countsPodsThatWereNeverScrapedBeforeTheSwitchFromZero() {
    Series one = series("g-1", "", 1, 15, 90);
    assertThat(judge(answers().with("total", one).with("bad", one), subject(20, "g-1")))
        .isEqualTo(new Verdict.Fail(1, 0.01, 90, "error rate 100 % of 90 requests, allowed 1 %"));
  }

  @Test
  void doesNotCountTheLifeOfAPodThatWasThereBeforeTheRange() {
    Series old = series("g-1", "", 1, 15, 900_000, 900_060);
    assertThat(judge(answers().with("total", old).with("bad"), subject(3600, "g-1")).samples())
        .isEqualTo(60);
  }

  @Test
  void doesNotCountWhatWasBeforeTheSwitch() {
    Series smoke = series("g-1", "", 5, 10, 0, 500, 500, 500, 560);
    Series broken = series("g-1", "", 5, 10, 0, 500, 500, 500, 500);
    assertThat(judge(answers().with("total", smoke).with("bad", broken), subject(22, "g-1")))
        .isEqualTo(new Verdict.Pass(0, 0.01, 60, "error rate 0 % of 60 requests, allowed 1 %"));
  }

  @Test
  void judgesTheLastMinuteOfDenseSamples() {
    double[] values = new double[24];
    java.util.Arrays.setAll(values, i -> i * 100);
    assertThat(
            judge(
                    answers().with("total", series("g-1", "", 0, 5, values)).with("bad"),
                    subject(3600, "g-1"))
                .samples())
        .isEqualTo(1200);
  }

  @Test
  void judgesTwoMinutesOfSparseSamples() {
    Series sparse = series("g-1", "", 30, 60, 0, 600);
    assertThat(judge(answers().with("total", sparse).with("bad"), subject(3600, "g-1")).samples())
        .isEqualTo(600);
  }

  @Test
  void ignoresErrorsThatAreNewerThanTheRequestsSeen() {
    Series total = series("g-1", "", 11, 10, 0, 100, 200);
    Series bad = series("g-1", "", 1, 10, 0, 0, 0, 100);
    assertThat(judge(answers().with("total", total).with("bad", bad), subject(3600, "g-1")))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void isUndecidedWhileAPodHasNoMetricsYet() {
    assertThat(judge(answers().with("total", ONE).with("bad"), subject(3600, "g-1", "g-3", "g-4")))
        .isEqualTo(new Verdict.Undecided(0, 0.01, 400, "no metrics yet from g-3 and 1 more"));
  }

  @Test
  void hasNoDataWhenAPodHasStopped() {
    Series stopped = series("g-2", "", 40, 10, 10, 110, 210);
    assertThat(judge(answers().with("total", ONE, stopped).with("bad")))
        .isEqualTo(noData("no fresh metrics from g-2"));
  }

  @Test
  void failsOnOnePodThoughAnotherIsSilent() {
    Series bad = series("g-1", "code=500", 2, 10, 0, 50, 100, 150, 200);
    assertThat(judge(answers().with("total", ONE, bad).with("bad", bad)))
        .isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void hasNoDataWhenOnlyTheCandidateIsSilent() {
    assertThat(judge(answers().with("total").with("bad")))
        .isEqualTo(noData("no metrics from the candidate, though there are some from elsewhere"));
  }

  @Test
  void saysThatTheBackendIsAwayWhenTheControlFailsToo() {
    assertThat(judge(answers().with("total").with("bad").with("control")))
        .isEqualTo(
            new Verdict.NoData(
                0.01, "no metrics from the candidate, nor from the stable one", true));
  }

  @Test
  void saysThatTheBackendIsAwayWhenItCannotBeReached() {
    assertThat(
            judge(
                answers().with("total", ONE).with("bad", new MetricAnswer.Unreachable("HTTP 503"))))
        .isEqualTo(new Verdict.NoData(0.01, "HTTP 503", true));
  }

  @Test
  void hasNoDataWhenTheQueryIsRefused() {
    assertThat(judge(answers().with("total", new MetricAnswer.Refused(422, "too many samples"))))
        .isEqualTo(
            new Verdict.NoData(0.01, "the query was refused (422): too many samples", false));
  }

  @Test
  void hasNoDataWhenTheResponseIsPartial() {
    Samples partial = new Samples(List.of(ONE, TWO), List.of("store-2 is away"));
    assertThat(judge(answers().with("total", partial).with("bad")))
        .isEqualTo(noData("partial response: store-2 is away"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void hasNoDataWhenACounterIsNoNumber(double odd) {
    Series broken = series("g-2", "", 4, 10, 10, odd, 500);
    assertThat(judge(answers().with("total", ONE, TWO).with("bad", broken)))
        .isEqualTo(noData("a counter is " + odd));
  }

  @Test
  void hasNoDataWhenAllSamplesAreOld() {
    Series old = series("g-1", "", 26, 10, 0, 100, 200);
    assertThat(judge(answers().with("total", old).with("bad")))
        .isEqualTo(noData("the newest sample is 26 s old"));
  }

  @Test
  void learnsFromTheStableVersionWhenASingleSampleIsOld() {
    Scraped answers = answers().with("total", series("g-1", "", 16, 1, 90)).with("bad");
    assertThat(judge(answers.with("control", Scraped.value("", 120))))
        .isEqualTo(noData("the newest sample is 16 s old"));
    assertThat(judge(answers.with("control", Scraped.value("", 8))))
        .isNotInstanceOf(Verdict.NoData.class);
  }

  @Test
  void toleratesSamplesOfTwoAndAHalfScrapeIntervals() {
    Series slow = series("g-1", "", 70, 30, 0, 100);
    assertThat(judge(answers().with("total", slow).with("bad"), subject(110, "g-1")))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void toleratesABackendWhoseClockIsAheadByHalfAMinute() {
    Series ahead = series("g-1", "", -30, 10, 0, 100, 200);
    assertThat(judge(answers().with("total", ahead).with("bad"), subject(3600, "g-1")))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void hasNoDataWhenTheBackendsClockIsFartherAhead() {
    Series ahead = series("g-1", "", -31, 10, 0, 100, 200);
    assertThat(judge(answers().with("total", ahead).with("bad")))
        .isEqualTo(noData("the samples are 31 s ahead of this machine's clock"));
  }

  @Test
  void hasNoDataWhenSeriesHaveNoPoints() {
    Series none = series("g-1", "", 0, 1);
    assertThat(judge(answers().with("total", none).with("bad"))).isInstanceOf(Verdict.NoData.class);
  }

  @Test
  void refusesToJudgePodHealth() {
    Check pods = Check.of("pods", new Measure.PodHealth(), 0);
    assertThatThrownBy(() -> Judge.judge(pods, Scraped.NAMES, answers().round(), SUBJECT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
