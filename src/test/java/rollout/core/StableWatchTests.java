package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Decision.Advance;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Schema;
import rollout.model.Verdict;
import rollout.plan.Release;
import rollout.plan.Release.Database;
import rollout.plan.Release.Proof;
import rollout.plan.Step;
import rollout.strategy.Migration.OnStableBroken;

/** Stable's own numbers on the new schema, compared with those from before the release. */
class StableWatchTests {
  private static final String ERRORS = "stable errors";
  private static final String LATENCY = "stable latency";
  private static final Release PROVING = proving(Duration.ofMinutes(1));
  private static final RolloutState WATCHES =
      Seen.in(Seen.counted(PROVING, Scraped.NAMES), Step.Prove.class);

  /** A release whose migration stable proves itself on, watched for so long. */
  private static Release proving(Duration watch) {
    Proof proof =
        new Proof(Optional.of("shop-fresh"), Optional.empty(), watch, OnStableBroken.HOLD);
    return Seen.with(
        Seen.copy(),
        new Database(
            Optional.of(Seen.MIGRATION),
            List.of(),
            Optional.of(proof),
            Optional.empty(),
            Optional.empty(),
            "",
            0,
            Schema.UNKNOWN,
            Schema.UNKNOWN));
  }

  private static Series[] ofPods(String labels, double... values) {
    return Stream.of("s-1", "s-2", "s-3")
        .map(pod -> series(pod, labels, 2, 10, values))
        .toArray(Series[]::new);
  }

  /** 300 requests now, of which some failed; before, 2 of 100 had failed. */
  private static Scraped errors(double failed) {
    return answers()
        .with("total", ofPods("", 0, 100))
        .with("bad", series("s-1", "", 2, 10, 0, failed))
        .with("buckets")
        .with("before/total", series("s-1", "", 2, 10, 0, 100))
        .with("before/bad", series("s-1", "", 2, 10, 0, 2))
        .with("before/buckets");
  }

  private static Optional<Advance> judged(RolloutState state, MetricRound round) {
    return StableWatch.judgeNewRound(Seen.at(state).round(round).sight());
  }

  private static Tallies tallies(Scraped answers) {
    return judged(WATCHES, answers.round()).orElseThrow().next().tallies();
  }

  private static double bound(Scraped answers, String check) {
    return tallies(answers).verdicts().get(check).threshold();
  }

  // ---- what is asked

  @Test
  void isAskedWhereStableIsWatchedAndMetricsTell() {
    Release unwatched = Seen.counted(proving(Duration.ZERO), Scraped.NAMES);
    Release unproven = Seen.counted(Seen.copy(), Scraped.NAMES);
    assertThat(StableWatch.asking(WATCHES)).isTrue();
    assertThat(StableWatch.asking(Seen.in(PROVING, Step.Prove.class))).as("no names").isFalse();
    assertThat(StableWatch.asking(Seen.in(unwatched, Step.Prove.class))).as("for 0 s").isFalse();
    assertThat(StableWatch.asking(Seen.in(unproven, Step.Bake.class))).as("no proof").isFalse();
  }

  @Test
  void asksForStablesCountersAsTheyAreAndAsTheyWereBeforeTheRelease() {
    String pods = "pod=~\"s-1|s-2|s-3\"";
    String total = "t{namespace=\"web\"," + pods + "}[2m]";
    String bad = "t{namespace=\"web\"," + pods + ",code=~\"5..\"}[2m]";
    String buckets = "b{" + pods + "}[2m]";
    assertThat(StableWatch.queries(Seen.at(WATCHES).after(Duration.ofSeconds(5)).sight()))
        .containsExactly(
            new MetricQuery("total", total),
            new MetricQuery("bad", bad),
            new MetricQuery("control", "max(count_over_time(" + total + "))"),
            new MetricQuery("buckets", buckets),
            new MetricQuery("before/total", total + " offset 65s"),
            new MetricQuery("before/bad", bad + " offset 65s"),
            new MetricQuery("before/buckets", buckets + " offset 65s"));
  }

  // ---- which rounds count

  @Test
  void aRoundIsJudgedOnce() {
    Advance once = judged(WATCHES, errors(0).round()).orElseThrow();
    assertThat(once.next().tallies().judged()).contains(Scraped.NOW);
    assertThat(once.events()).hasSize(1);
    assertThat(judged(once.next(), errors(0).round())).isEmpty();
    assertThat(StableWatch.judgeNewRound(Seen.at(WATCHES).sight())).as("no round").isEmpty();
  }

  @Test
  void aRoundFromBeforeTheStepIsNotJudged() {
    Instant early = Seen.NOW.minusMillis(1);
    MetricRound old = new MetricRound(early, early, errors(0).round().answers());
    assertThat(judged(WATCHES, old)).isEmpty();
    assertThat(judged(Seen.in(PROVING, Step.Prove.class), errors(0).round()))
        .as("nobody asked")
        .isEmpty();
  }

  // ---- the bounds

  @Test
  void twiceTheErrorsAndOnePercentAreAllowed() {
    assertThat(bound(errors(0), ERRORS)).isCloseTo(0.05, within(1e-12));
  }

  @Test
  void aRestartBeforeTheReleaseIsNoLossOfRequests() {
    Scraped restarted =
        errors(0).with("before/total", series("s-1", "", 2, 10, 100, 130, 130, 5, 25));
    // 30 requests, then 5 and 20.
    assertThat(bound(restarted, ERRORS)).isCloseTo(2 * 2 / 55.0 + 0.01, within(1e-12));
  }

  @Test
  void aCounterWithoutSamplesBeforeIsLeftOut() {
    Series none = new Series(Map.of("pod", "s-2"), List.of());
    Scraped gap = errors(0).with("before/total", none, series("s-1", "", 2, 10, 0, 100));
    assertThat(bound(gap, ERRORS)).isCloseTo(0.05, within(1e-12));
  }

  private static Scraped latency(String le, double before) {
    return errors(0)
        .with("before/total")
        .with(
            "before/buckets",
            series("s-1", "le=" + le, 2, 10, 0, before),
            series("s-1", "le=+Inf", 2, 10, 0, before))
        .with("buckets", all(ofPods("le=0.01", 0, 100), ofPods("le=+Inf", 0, 100)));
  }

  private static Series[] all(Series[] some, Series[] more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(Series[]::new);
  }

  @ParameterizedTest
  @CsvSource({"0.01, 0.1099", "0.1, 0.199", "1, 1.98"})
  void twiceTheLatencyIsAllowedAndATenthOfASecondAnyway(String le, double allowed) {
    assertThat(bound(latency(le, 100), LATENCY)).isCloseTo(allowed, within(1e-9));
  }

  @Test
  void fewerThanFiftyRequestsBeforeAreNothingToCompareWith() {
    Scraped none = latency("1", 49).with("before/total", series("s-1", "", 2, 10, 0, 49));
    assertThat(tallies(none).verdicts()).isEmpty();
    Scraped both = latency("1", 50).with("before/total", series("s-1", "", 2, 10, 0, 50));
    assertThat(tallies(both).verdicts()).containsOnlyKeys(ERRORS, LATENCY);
  }

  // ---- the verdicts

  @Test
  void twoFailsInARowAreWorseThanBefore() {
    RolloutState once = judged(WATCHES, errors(15).round()).orElseThrow().next();
    assertThat(once.tallies().fails()).containsEntry(ERRORS, 1);
    assertThat(StableWatch.worse(once)).as("one may be chance").isEmpty();
    RolloutState twice = judged(once, later(errors(15))).orElseThrow().next();
    assertThat(StableWatch.worse(twice))
        .contains("stable errors: error rate 5 % of 300 requests, allowed 5 %");
    RolloutState well = judged(once, later(errors(0))).orElseThrow().next();
    assertThat(well.tallies().fails()).containsEntry(ERRORS, 0);
    assertThat(StableWatch.worse(well)).isEmpty();
  }

  private static MetricRound later(Scraped answers) {
    Instant at = Scraped.NOW.plusSeconds(1);
    return new MetricRound(at, at, answers.round().answers());
  }

  @Test
  void aBackendThatIsAwayTellsNothingOfEither() {
    Scraped away = errors(0).with("before/bad", new MetricAnswer.Unreachable("timed out"));
    assertThat(tallies(away).verdicts())
        .containsEntry(ERRORS, new Verdict.NoData(0, "timed out", true))
        .containsEntry(LATENCY, new Verdict.NoData(0, "timed out", true));
    Scraped refused = errors(0).with("bad", new MetricAnswer.Refused(422, "too long"));
    assertThat(tallies(refused).verdicts().get(ERRORS).reason())
        .isEqualTo("the query was refused (422): too long");
  }

  // ---- what is not known yet

  private static RolloutState told(Verdict verdict, Instant at) {
    Map<String, Verdict> verdicts = Map.of(ERRORS, verdict);
    return WATCHES.counting(Tallies.NONE.judged(Map.of(ERRORS, 0), verdicts, at));
  }

  @Test
  void isUnknownUntilARoundOfThisStepHasPassed() {
    Verdict pass = new Verdict.Pass(0, 0.05, 300, "well");
    Verdict few = new Verdict.Undecided(0, 0.05, 3, "3 requests so far");
    String none = "stable's numbers have not been answered yet";
    assertThat(StableWatch.unknown(WATCHES).map(Verdict::reason)).contains(none);
    assertThat(StableWatch.unknown(told(pass, Seen.NOW.minusSeconds(1))).map(Verdict::reason))
        .as("of the step before")
        .contains(none);
    assertThat(StableWatch.unknown(told(few, Seen.NOW))).contains(few);
    assertThat(StableWatch.unknown(told(pass, Seen.NOW))).isEmpty();
    assertThat(StableWatch.unknown(Seen.in(PROVING, Step.Prove.class))).as("nobody asks").isEmpty();
  }
}
