package rollout.sim;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.model.MetricAnswer;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.port.Metrics;
import rollout.port.Signal;

/** The metrics port of one program, on the Prometheus of the world. */
final class SimMetrics implements Metrics {
  private static final long TIMEOUT_MILLIS = 5_000;

  private final Program program;
  private final VirtualTime time;
  private final Dice dice;
  private final Prometheus prometheus;
  private @Nullable MetricRound latest;
  private boolean running;
  private boolean closed;

  SimMetrics(Program program, VirtualTime time, Dice dice, Prometheus prometheus) {
    this.program = program;
    this.time = time;
    this.dice = dice;
    this.prometheus = prometheus;
    program.atEnd(this::close);
  }

  private long answerMillis() {
    return prometheus.state() == MetricsState.SLOW ? TIMEOUT_MILLIS : dice.between(5, 40);
  }

  private Map<String, MetricAnswer> answers(List<MetricQuery> queries, Instant now) {
    Map<String, MetricAnswer> answers = new LinkedHashMap<>();
    queries.forEach(query -> answers.put(query.id(), prometheus.query(query.promql(), now)));
    return answers;
  }

  @Override
  public void ask(List<MetricQuery> queries, Instant now, Signal signal) {
    program.call(
        "ask",
        queries.size() + " queries",
        false,
        () -> {
          begin(queries, now, signal);
          return true;
        });
  }

  private void begin(List<MetricQuery> queries, Instant now, Signal signal) {
    if (running || closed) {
      return;
    }
    running = true;
    Map<String, MetricAnswer> answers = answers(queries, now);
    time.after(
        answerMillis(),
        () -> {
          running = false;
          if (!closed) {
            latest = new MetricRound(now, time.now(), answers);
            signal.raise();
          }
        });
  }

  @Override
  public Optional<MetricRound> latest() {
    return Optional.ofNullable(latest);
  }

  @Override
  public MetricRound read(List<MetricQuery> queries, Instant now) {
    return program.call(
        "read",
        queries.size() + " queries",
        false,
        () -> {
          Map<String, MetricAnswer> answers = answers(queries, now);
          time.pass(answerMillis());
          return new MetricRound(now, time.now(), answers);
        });
  }

  @Override
  public void close() {
    closed = true;
  }
}
