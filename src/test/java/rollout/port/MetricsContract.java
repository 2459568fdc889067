package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Point;
import rollout.model.MetricAnswer.Refused;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;

/**
 * What every {@link Metrics} does: the one suite for the world's, for our client on written
 * answers, and for the client on a real Prometheus.
 */
public abstract class MetricsContract {
  private static final String WRONG = "sum(rate(http_requests_total[1m])";

  /** The source under test. */
  protected abstract Metrics metrics();

  /** What the source takes for now; all scrapes so far are older. */
  protected abstract Instant now();

  /** A pod whose {@code http_requests_total} at least two scrapes have seen. */
  protected abstract String pod();

  /** Lets time pass until something holds. */
  protected abstract void await(BooleanSupplier condition);

  /** From now on nobody answers. */
  protected abstract void goAway();

  private String counter() {
    return "http_requests_total{pod=\"" + pod() + "\"}";
  }

  private MetricAnswer ask(String promql) {
    return metrics().read(List.of(new MetricQuery("q", promql)), now()).answer("q");
  }

  private static List<Series> series(MetricAnswer answer) {
    assertThat(answer).isInstanceOf(Samples.class);
    return ((Samples) answer).series();
  }

  @Test
  void aSelectorGivesTheNewestSampleOfEachSeries() {
    List<Series> found = series(ask(counter()));
    assertThat(found).isNotEmpty();
    for (Series one : found) {
      assertThat(one.labels()).containsEntry("pod", pod()).containsKey("code");
      assertThat(one.points()).hasSize(1);
      assertThat(one.points().getFirst().value()).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void aRangeGivesItsSamplesOldestFirst() {
    Instant from = now().minus(Duration.ofMinutes(2));
    List<Series> found = series(ask(counter() + "[2m]"));
    assertThat(found).isNotEmpty();
    for (Series one : found) {
      List<Instant> times = one.points().stream().map(Point::at).toList();
      assertThat(times).hasSizeGreaterThan(1).isSorted().doesNotHaveDuplicates();
      assertThat(times.getFirst()).isAfterOrEqualTo(from);
      assertThat(times.getLast()).isBeforeOrEqualTo(now());
    }
  }

  @Test
  void aFunctionGivesANumberWithoutLabels() {
    int counters = series(ask(counter())).size();
    assertThat(series(ask("count(" + counter() + ")")))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.labels()).isEmpty();
              assertThat(one.points()).extracting(Point::value).containsExactly((double) counters);
            });
  }

  @Test
  void whatIsNotThereIsAnAnswerWithoutSeries() {
    assertThat(series(ask("http_requests_total{pod=\"nobody\"}"))).isEmpty();
    assertThat(series(ask("http_requests_total{pod=\"nobody\"}[1m]"))).isEmpty();
  }

  @Test
  void aWrongExpressionIsRefusedWithAReason() {
    assertThat(ask(WRONG))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(400);
              assertThat(refused.message()).contains("parse error");
            });
  }

  @Test
  void everyQueryOfARoundHasItsOwnAnswer() {
    Instant now = now();
    MetricRound round =
        metrics()
            .read(
                List.of(
                    new MetricQuery("good", counter()),
                    new MetricQuery("wrong", WRONG),
                    new MetricQuery("none", "http_requests_total{pod=\"nobody\"}")),
                now);
    assertThat(round.asked()).isEqualTo(now);
    assertThat(round.answered()).isAfterOrEqualTo(now);
    assertThat(round.answers()).hasSize(3);
    assertThat(series(round.answer("good"))).isNotEmpty();
    assertThat(round.answer("wrong")).isInstanceOf(Refused.class);
    assertThat(series(round.answer("none"))).isEmpty();
  }

  @Test
  void aRoundThatIsAskedComesByAndByWithASignal() {
    AtomicInteger raised = new AtomicInteger();
    assertThat(metrics().latest()).isEmpty();
    Instant first = now();
    metrics().ask(List.of(new MetricQuery("q", counter())), first, raised::incrementAndGet);
    await(() -> raised.get() == 1);
    MetricRound round = metrics().latest().orElseThrow();
    assertThat(round.asked()).isEqualTo(first);
    assertThat(series(round.answer("q"))).isNotEmpty();

    await(() -> now().isAfter(first));
    Instant second = now();
    metrics().ask(List.of(new MetricQuery("other", "vector(7)")), second, raised::incrementAndGet);
    await(() -> raised.get() == 2);
    round = metrics().latest().orElseThrow();
    assertThat(round.asked()).isEqualTo(second);
    assertThat(round.answers()).containsOnlyKeys("other");
    assertThat(series(round.answer("other")))
        .extracting(Series::labels, one -> one.points().getFirst().value())
        .containsExactly(org.assertj.core.groups.Tuple.tuple(Map.of(), 7.0));
  }

  @Test
  void whoIsAwayIsUnreachable() {
    goAway();
    assertThat(ask(counter())).isInstanceOf(Unreachable.class);
    AtomicInteger raised = new AtomicInteger();
    metrics().ask(List.of(new MetricQuery("q", counter())), now(), raised::incrementAndGet);
    await(() -> raised.get() == 1);
    assertThat(metrics().latest().orElseThrow().answer("q")).isInstanceOf(Unreachable.class);
  }
}
