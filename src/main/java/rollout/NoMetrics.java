package rollout;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.port.Metrics;
import rollout.port.Signal;

/** Where no Prometheus is named: no query has an answer. */
final class NoMetrics implements Metrics {
  private final AtomicReference<@Nullable MetricRound> latest = new AtomicReference<>();

  @Override
  public void ask(List<MetricQuery> queries, Instant now, Signal signal) {
    latest.set(read(queries, now));
    signal.raise();
  }

  @Override
  public Optional<MetricRound> latest() {
    return Optional.ofNullable(latest.get());
  }

  @Override
  public MetricRound read(List<MetricQuery> queries, Instant now) {
    MetricAnswer none = new MetricAnswer.Unreachable("no Prometheus is named");
    Map<String, MetricAnswer> answers =
        queries.stream().collect(Collectors.toMap(MetricQuery::id, query -> none));
    return new MetricRound(now, now, answers);
  }

  @Override
  public void close() {}
}
