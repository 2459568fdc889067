package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Advance;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Verdict;
import rollout.plan.Step;

class ChecksTests {
  private static final Check OFTEN = check("often", 5);
  private static final Check SELDOM = check("seldom", 30);
  private final RolloutState bake =
      Seen.in(Seen.with(Seen.copy(), Seen.terms(OFTEN, SELDOM)), Step.Bake.class);

  private static Check check(String name, int seconds) {
    return new Check(
        name,
        new Measure.Expression(name),
        10,
        0,
        Duration.ofSeconds(seconds),
        2,
        Check.OnFail.ROLLBACK);
  }

  private static MetricRound round(int second, double often, double seldom) {
    Instant asked = Seen.NOW.plusSeconds(second);
    Map<String, MetricAnswer> answers = new HashMap<>();
    answers.put("value/often", Scraped.value("", often));
    answers.put("value/seldom", Scraped.value("", seldom));
    return new MetricRound(asked, asked, answers);
  }

  private Optional<RolloutState> judged(RolloutState state, MetricRound round) {
    Seen seen = Seen.at(state).round(round).after(Duration.between(Seen.NOW, round.asked()));
    return Checks.judgeNewRound(new Sight(state, seen.look())).map(Advance::next);
  }

  @Test
  void eachCheckCountsOnlyWhenItsOwnIntervalHasPassed() {
    RolloutState state = bake;
    for (int second = 0; second < 30; second += 5) {
      state = judged(state, round(second, 1, 99)).orElseThrow();
    }
    assertThat(state.tallies().fails()).isEqualTo(Map.of("often", 0, "seldom", 1));
    assertThat(Checks.failed(state)).isEmpty();

    state = judged(state, round(30, 1, 99)).orElseThrow();
    assertThat(state.tallies().fails()).isEqualTo(Map.of("often", 0, "seldom", 2));
    assertThat(Checks.failed(state))
        .contains(new Checks.Failed(SELDOM, "seldom: 99, allowed below 10 (2 times in a row)"));
  }

  @Test
  void asksOnlyForTheChecksThatAreDue() {
    RolloutState state = judged(bake, round(0, 1, 1)).orElseThrow();
    assertThat(ids(state, 5)).containsExactly("value/often");
    assertThat(ids(state, 30)).containsExactly("value/often", "value/seldom");
    assertThat(Checks.every(state)).isEqualTo(Duration.ofSeconds(5));
  }

  private static List<String> ids(RolloutState state, int second) {
    Observation seen = Seen.at(state).after(Duration.ofSeconds(second)).look();
    return Checks.queries(state, seen).stream().map(MetricQuery::id).toList();
  }

  @Test
  void asksOnlyWhileItVerifiesAndBakes() {
    RolloutState start =
        Seen.in(Seen.with(Seen.copy(), Seen.terms(OFTEN)), Step.StartCandidate.class);
    assertThat(ids(start, 0)).isEmpty();
  }

  @Test
  void aGoodAnswerBeginsTheCountAnew() {
    RolloutState state = judged(bake, round(0, 99, 1)).orElseThrow();
    state = judged(state, round(5, 1, 1)).orElseThrow();
    state = judged(state, round(10, 99, 1)).orElseThrow();
    assertThat(state.tallies().fails()).containsEntry("often", 1);
    assertThat(Checks.failed(state)).isEmpty();
  }

  @Test
  void aRoundIsJudgedOnceAndNotIfItWasAskedBeforeTheStep() {
    RolloutState state = judged(bake, round(0, 1, 1)).orElseThrow();
    assertThat(judged(state, round(0, 1, 1))).isEmpty();
    assertThat(judged(bake, round(-1, 99, 99))).isEmpty();
  }

  @Test
  void whatWasJudgedBeforeASwitchSaysNothingAfterIt() {
    RolloutState state = judged(bake, round(0, 99, 1)).orElseThrow();
    Tallies fresh = state.next(Seen.NOW.plusSeconds(1)).tallies();
    assertThat(fresh.fails()).isEmpty();
    assertThat(fresh.verdicts()).isEmpty();
    assertThat(fresh.askedAt()).isEmpty();
  }

  @Test
  void tellsEveryVerdictWithItsNumbers() {
    Advance advance =
        Checks.judgeNewRound(new Sight(bake, Seen.at(bake).round(round(0, 99, 1)).look()))
            .orElseThrow();
    assertThat(advance.events().getFirst().fields())
        .isEqualTo(
            rollout.document.Doc.of(
                "name",
                "often",
                "query",
                "often",
                "value",
                99.0,
                "threshold",
                10.0,
                "samples",
                0L,
                "verdict",
                "fail"));
    assertThat(advance.next().tallies().verdicts().get("seldom")).isInstanceOf(Verdict.Pass.class);
  }
}
