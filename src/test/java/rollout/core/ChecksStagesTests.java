package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.plan.Release;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.strategy.Canary;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy.OnMissing;

/** Which checks judge which step, how often they are asked, and of which pods. */
class ChecksStagesTests {
  private static final Check PODS = Check.of("pods", new Measure.PodHealth(), 0);
  private static final Check ERRORS = every("errors", 20);
  private static final Check QUEUE = every("queue", 10);

  private static Check every(String name, int seconds) {
    return new Check(
        name,
        new Measure.Expression("up{pod=~\"{{candidatePods}}\"}"),
        10,
        0,
        Duration.ofSeconds(seconds),
        2,
        Check.OnFail.ROLLBACK);
  }

  private static RolloutState in(Class<? extends Step> step, Check... checks) {
    Canary.Weight own = new Canary.Weight(25, Duration.ofSeconds(30), List.of("errors"));
    Release canary = Canaries.byPods(own, new Canary.Gate());
    return Seen.in(Seen.with(canary, Seen.terms(checks)), step);
  }

  @Test
  void stageMayNameItsOwnChecks() {
    assertThat(Checks.onMetrics(in(Step.Watch.class, PODS, ERRORS, QUEUE))).containsExactly(ERRORS);
    for (Class<? extends Step> step : List.of(Step.Approve.class, Step.Bake.class)) {
      assertThat(Checks.onMetrics(in(step, PODS, ERRORS, QUEUE)))
          .containsExactlyInAnyOrder(ERRORS, QUEUE);
    }
    Release all = Canaries.byPods(new Canary.Weight(25, Duration.ofSeconds(30), List.of()));
    RolloutState watch = Seen.in(Seen.with(all, Seen.terms(ERRORS, QUEUE)), Step.Watch.class);
    assertThat(Checks.onMetrics(watch)).containsExactly(ERRORS, QUEUE);
  }

  @Test
  void backendIsAskedAsOftenAsTheMostFrequentCheck() {
    assertThat(Checks.every(in(Step.Bake.class, ERRORS, QUEUE))).isEqualTo(QUEUE.every());
    assertThat(Checks.every(in(Step.Watch.class, ERRORS, QUEUE))).isEqualTo(ERRORS.every());
    assertThat(Checks.every(in(Step.Bake.class, PODS))).isEqualTo(Timings.IDLE);
    assertThat(Checks.every(in(Step.Shift.class, ERRORS)))
        .as("what shows a share")
        .isEqualTo(Check.EVERY);
    Proof proof =
        new Proof(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), OnStableBroken.HOLD);
    RolloutState prove = Seen.in(Releases.proving(proof, Optional.empty()), Step.Prove.class);
    assertThat(Checks.every(prove)).as("what shows that stable lives").isEqualTo(Check.EVERY);
  }

  @Test
  void onlyPodsThatStayAreAskedAbout() {
    RolloutState bake = in(Step.Bake.class, QUEUE);
    Seen seen =
        Seen.at(bake)
            .pods("c-2", pod -> pod.with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp"));
    assertThat(Checks.queries(bake, seen.look()))
        .filteredOn(query -> query.id().equals("value/queue"))
        .extracting(MetricQuery::promql)
        .containsExactly("up{pod=~\"c-1|c-3\"}");
    assertThat(Checks.queries(in(Step.Pin.class, QUEUE), seen.look())).isEmpty();
  }

  @Test
  void stableIsAskedAboutWhileItProvesItself() {
    Proof proof =
        new Proof(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), OnStableBroken.HOLD);
    Release counted =
        Releases.counted(Releases.proving(proof, Optional.empty()), OnMissing.HOLD, OnMissing.HOLD);
    RolloutState prove = Seen.in(counted, Step.Prove.class);
    assertThat(Checks.asking(prove)).isTrue();
    assertThat(Checks.queries(prove, Seen.at(prove).look()))
        .extracting(MetricQuery::id)
        .anyMatch(id -> id.startsWith("before/"));
  }

  @Test
  void roundThatWasJudgedIsNotJudgedAgain() {
    RolloutState bake = in(Step.Bake.class, QUEUE);
    MetricRound round =
        new MetricRound(Seen.NOW, Seen.NOW, Map.of("value/queue", Scraped.value("", 1)));
    Advance judged = Checks.judgeNewRound(Seen.at(bake).round(round).sight()).orElseThrow();
    // The check is due again in a while, but the answers are still the old ones.
    Observation later = Seen.at(bake).round(round).after(QUEUE.every().multipliedBy(3)).look();
    assertThat(Checks.judgeNewRound(new Sight(judged.next(), later))).isEmpty();
    Instant before = Seen.NOW.minusMillis(1);
    MetricRound old = new MetricRound(before, before, round.answers());
    assertThat(Checks.judgeNewRound(Seen.at(bake).round(old).sight()))
        .as("asked before the step")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.99, http-p99.0", "0.5, http-p50.0", "0.999, http-p99.9"})
  void latencyIsToldByItsPercentile(double share, String says) {
    Check latency = Check.of("slow", new Measure.Latency(share), 1);
    Terms terms = Seen.terms(latency);
    Release release =
        Releases.counted(Seen.with(Seen.copy(), terms), OnMissing.HOLD, OnMissing.HOLD);
    RolloutState bake = Seen.in(release, Step.Bake.class);
    MetricRound away =
        new MetricRound(
            Seen.NOW, Seen.NOW, Map.of("buckets", new MetricAnswer.Unreachable("away")));
    Advance judged = Checks.judgeNewRound(Seen.at(bake).round(away).sight()).orElseThrow();
    Doc fields = judged.events().getFirst().fields();
    assertThat(fields.textOrEmpty("query")).isEqualTo(says);
    assertThat(fields.textOrEmpty("verdict")).isEqualTo("no-data");
  }
}
