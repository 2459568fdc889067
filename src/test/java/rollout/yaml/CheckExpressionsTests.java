package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.UserError;

class CheckExpressionsTests {
  @ParameterizedTest
  @MethodSource
  void reads(String expression, Check expected) {
    assertThat(CheckExpressions.parse(expression)).isEqualTo(expected);
  }

  static Stream<Arguments> reads() {
    return Stream.of(
        Arguments.of("error-rate < 1%", Check.of("error-rate", new Measure.ErrorRate(), 0.01)),
        Arguments.of("error-rate<0.5 %", Check.of("error-rate", new Measure.ErrorRate(), 0.005)),
        Arguments.of("error-rate < 100%", Check.of("error-rate", new Measure.ErrorRate(), 1)),
        Arguments.of("  p99 < 300ms ", Check.of("p99", new Measure.Latency(0.99), 0.3)),
        Arguments.of("p50 < 1s", Check.of("p50", new Measure.Latency(0.5), 1)),
        Arguments.of("p90 < 1s", Check.of("p90", new Measure.Latency(0.9), 1)),
        Arguments.of("p95 < 1s500ms", Check.of("p95", new Measure.Latency(0.95), 1.5)),
        Arguments.of("p999 < 2s", Check.of("p999", new Measure.Latency(0.999), 2)),
        Arguments.of("pod-health", Check.of("pod-health", new Measure.PodHealth(), 0)),
        expression("orders: sum(rate(bad[1m])) < 0.5", "orders", "sum(rate(bad[1m]))", 0.5),
        expression("x: up{a=\"b < 3\"} < 5", "x", "up{a=\"b < 3\"}", 5),
        expression("x: up{a='\\' < 3'} < 5", "x", "up{a='\\' < 3'}", 5),
        expression("x: (a < b) < 5m", "x", "(a < b)", 300),
        expression("x: a < 3 < 5%", "x", "a < 3", 0.05),
        expression("x: a == bool b < 5", "x", "a == bool b", 5),
        expression("x: job:errors:rate5m < -1.5", "x", "job:errors:rate5m", -1.5),
        expression("p99: own_p99 < 1e3", "p99", "own_p99", 1000));
  }

  private static Arguments expression(String text, String name, String promql, double max) {
    return Arguments.of(text, Check.of(name, new Measure.Expression(promql), max));
  }

  @ParameterizedTest
  @MethodSource
  void refuses(String expression, String message) {
    assertThatThrownBy(() -> CheckExpressions.parse(expression))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  static Stream<Arguments> refuses() {
    return Stream.of(
        Arguments.of("", "--check '': an empty check.  Write for example 'error-rate < 1%'."),
        Arguments.of("p99", "--check 'p99': no bound.  Write 'p99 < 300ms'."),
        Arguments.of(
            "p99 <",
            "--check 'p99 <': the bound of p99 must be a duration with a unit, above 0, but is"
                + " empty.  Write 'p99 < 300ms'."),
        Arguments.of(
            "p99 > 300ms",
            "--check 'p99 > 300ms': a check says what is good, with '<', not '>'.  Write 'p99 <"
                + " 300ms'."),
        Arguments.of(
            "p99 >= 5",
            "--check 'p99 >= 5': a check says what is good, with '<', not '>='.  Write 'p99 <"
                + " 300ms'."),
        Arguments.of(
            "error-rate <= 1%",
            "--check 'error-rate <= 1%': a check says what is good, with '<', not '<='.  Write"
                + " 'error-rate < 1%'."),
        Arguments.of(
            "error-rate = 1%",
            "--check 'error-rate = 1%': a check says what is good, with '<', not '='.  Write"
                + " 'error-rate < 1%'."),
        Arguments.of(
            "error-rate < 5",
            "--check 'error-rate < 5': the bound of error-rate must be a percentage above 0 % and"
                + " up to 100 %, but is '5'.  Write 'error-rate < 1%'."),
        Arguments.of(
            "error-rate < 0%",
            "--check 'error-rate < 0%': the bound of error-rate must be a percentage above 0 % and"
                + " up to 100 %, but is '0%'.  Write 'error-rate < 1%'."),
        Arguments.of(
            "error-rate < 100.1%",
            "--check 'error-rate < 100.1%': the bound of error-rate must be a percentage above 0 %"
                + " and up to 100 %, but is '100.1%'.  Write 'error-rate < 1%'."),
        Arguments.of(
            "error-rate < -1%",
            "--check 'error-rate < -1%': the bound of error-rate must be a percentage above 0 % and"
                + " up to 100 %, but is '-1%'.  Write 'error-rate < 1%'."),
        Arguments.of(
            "p99 < 300",
            "--check 'p99 < 300': the bound of p99 must be a duration with a unit, above 0, but is"
                + " '300'.  Write 'p99 < 300ms'."),
        Arguments.of(
            "p99 < 0s",
            "--check 'p99 < 0s': the bound of p99 must be a duration with a unit, above 0, but is"
                + " '0s'.  Write 'p99 < 300ms'."),
        Arguments.of(
            "p99 < 1%",
            "--check 'p99 < 1%': the bound of p99 must be a duration with a unit, above 0, but is"
                + " '1%'.  Write 'p99 < 300ms'."),
        Arguments.of(
            "pod-health < 1",
            "--check 'pod-health < 1': pod-health has no bound.  Write 'pod-health'."),
        Arguments.of(
            "eror-rate < 1%",
            "--check 'eror-rate < 1%': unknown check 'eror-rate'.  Did you mean 'error-rate'?"),
        Arguments.of("p98 < 1s", "--check 'p98 < 1s': unknown check 'p98'.  Did you mean 'p90'?"),
        Arguments.of(
            "foo < 1",
            "--check 'foo < 1': unknown check 'foo'.  Known here: error-rate, p50, p90, p95, p99,"
                + " p999, pod-health."),
        Arguments.of(
            "orders: up",
            "--check 'orders: up': no bound.  Write 'orders: up < VALUE', VALUE a number."),
        Arguments.of(
            "orders: < 5",
            "--check 'orders: < 5': no PromQL before the bound.  Write 'NAME: PROMQL < VALUE'."),
        Arguments.of(
            "orders: up < x",
            "--check 'orders: up < x': the bound of orders must be a number, a percentage or a"
                + " duration with a unit, but is 'x'.  Write 'orders: up < 0.5'."),
        Arguments.of(
            "orders: up > 5",
            "--check 'orders: up > 5': a check says what is good, with '<', not '>'.  Write"
                + " 'orders: up < 5'."),
        Arguments.of(
            "bad name: up < 1",
            "--check 'bad name: up < 1': 'bad name' is no name for a check.  A name is letters,"
                + " digits, '-', '_' and '.', 63 at most."),
        Arguments.of(
            "sum(rate(x[1m])) < 1",
            "--check 'sum(rate(x[1m])) < 1': PromQL needs a name.  Write 'NAME: sum(rate(x[1m])) <"
                + " 1', or use error-rate, p50, p90, p95, p99, p999, pod-health."),
        Arguments.of(
            "job:errors:rate5m < 1",
            "--check 'job:errors:rate5m < 1': PromQL needs a name.  Write 'NAME: job:errors:rate5m"
                + " < 1', or use error-rate, p50, p90, p95, p99, p999, pod-health."));
  }

  @Test
  void readsAllInTheirOrder() {
    assertThat(CheckExpressions.parseAll(List.of("pod-health", "p99 < 1s")))
        .extracting(Check::name)
        .containsExactly("pod-health", "p99");
  }

  @Test
  void saysWhatIsWrongWithAllOfThemAtOnce() {
    assertThatThrownBy(
            () -> CheckExpressions.parseAll(List.of("p99 < 1s", "p99 < 2s", "zz < 1", "p99 < 3s")))
        .hasMessage(
            """
            --check 'zz < 1': unknown check 'zz'.  Known here: error-rate, p50, p90, p95, p99, p999, pod-health.
            --check: more than one check is called 'p99'.  Give each a name of its own.\
            """);
  }

  @Test
  void isNotUpsetByLongText() {
    for (String text : List.of("x".repeat(100_000), "p99 < " + "1h".repeat(50_000))) {
      assertThatThrownBy(() -> CheckExpressions.parse(text))
          .isInstanceOf(UserError.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
  }
}
