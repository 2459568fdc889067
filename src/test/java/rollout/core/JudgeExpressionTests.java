package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.SUBJECT;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;
import static rollout.core.Scraped.value;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.Verdict;

class JudgeExpressionTests {
  private static final Check ORDERS = Check.of("orders", new Measure.Expression("x"), 0.5);

  private static Verdict judge(Scraped answers) {
    return Judge.judge(ORDERS, Scraped.NAMES, answers.round(), SUBJECT);
  }

  @Test
  void passesBelowTheBound() {
    assertThat(judge(answers().with("value/orders", value("", 0.25))))
        .isEqualTo(new Verdict.Pass(0.25, 0.5, 0, "0.25, allowed below 0.5"));
  }

  @Test
  void failsAtTheBound() {
    assertThat(judge(answers().with("value/orders", value("", 0.5))))
        .isEqualTo(new Verdict.Fail(0.5, 0.5, 0, "0.5, allowed below 0.5"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void hasNoDataWhenTheValueIsNoNumber(double odd) {
    assertThat(judge(answers().with("value/orders", value("", odd))))
        .isEqualTo(new Verdict.NoData(0.5, "the query gives " + odd, false));
  }

  @Test
  void hasNoDataWhenTheAnswerIsEmpty() {
    assertThat(judge(answers().with("value/orders")))
        .isEqualTo(new Verdict.NoData(0.5, "the query has an empty answer", false));
  }

  @Test
  void hasNoDataWithSeveralSeries() {
    assertThat(
            judge(
                answers()
                    .with("value/orders", series("a", "", 0, 1, 0.1), series("b", "", 0, 1, 0.1))))
        .isEqualTo(
            new Verdict.NoData(
                0.5,
                "the query gives 2 series, and one number is needed: sum(…) or max(…) it",
                false));
  }

  @Test
  void hasNoDataWithARangeOfValues() {
    assertThat(judge(answers().with("value/orders", series("a", "", 0, 1, 0.1, 0.2))))
        .isInstanceOf(Verdict.NoData.class);
  }

  @Test
  void saysThatTheBackendIsAway() {
    assertThat(judge(answers().with("value/orders", new MetricAnswer.Unreachable("HTTP 502"))))
        .isEqualTo(new Verdict.NoData(0.5, "HTTP 502", true));
  }

  @Test
  void saysThatTheBackendIsAwayWhenItWasNeverAsked() {
    assertThat(judge(answers())).isEqualTo(new Verdict.NoData(0.5, "not asked", true));
  }
}
