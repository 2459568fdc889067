package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Problem;

/** What is asked of a backend before anything is written. */
class ProbeTests {
  private static final Check PODS = Check.of("pods", new Measure.PodHealth(), 0);
  private static final Check ERRORS = Check.of("errors", new Measure.ErrorRate(), 0.01);
  private static final Check SLOW = Check.of("slow", new Measure.Latency(0.99), 1);
  private static final Check QUEUE = Check.of("queue", new Measure.Expression("q"), 1);

  @Test
  void podsNeedNoBackendAndExpressionsNoNames() {
    assertThat(Probe.needed(List.of())).isFalse();
    assertThat(Probe.needed(List.of(PODS))).isFalse();
    assertThat(Probe.needed(List.of(PODS, QUEUE))).isTrue();
    assertThat(Probe.needsNames(List.of(PODS, QUEUE))).isFalse();
    assertThat(Probe.needsNames(List.of(QUEUE, ERRORS))).isTrue();
    assertThat(Probe.needsNames(List.of(SLOW))).isTrue();
  }

  @Test
  void wrongQueryAndSilentBackendAreProblemsAndEmptyAnswersAreNone() {
    List<MetricQuery> queries =
        List.of(
            new MetricQuery("good", "up"),
            new MetricQuery("bad", "up("),
            new MetricQuery("one", "a"),
            new MetricQuery("two", "b"));
    MetricAnswer away = new MetricAnswer.Unreachable("timeout");
    MetricRound round =
        new MetricRound(
            Seen.NOW,
            Seen.NOW,
            Map.of(
                "good",
                new MetricAnswer.Samples(List.of(), List.of()),
                "bad",
                new MetricAnswer.Refused(400, "no end"),
                "one",
                away,
                "two",
                away));
    assertThat(Probe.problems(queries, round, "Prometheus"))
        .as("a backend that is away says so once")
        .containsExactly(
            Problem.of("Prometheus refuses the query up(: no end", "Correct it; status 400."),
            Problem.of("Prometheus gave no answer: timeout", "Check --prometheus."));
  }
}
