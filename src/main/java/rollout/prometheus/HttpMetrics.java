package rollout.prometheus;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import rollout.model.Durations;
import rollout.model.MetricAnswer;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.UserError;
import rollout.port.Cluster;
import rollout.port.Metrics;
import rollout.port.Signal;

/**
 * Numbers from Prometheus, or from what speaks its HTTP API: Thanos, Mimir, VictoriaMetrics.
 *
 * <p>All queries of a round run at once; a round ends when the last has its answer, and at the
 * latest when the timeout of a query has passed. A query that gets no answer is not sent again: the
 * next round does that.
 */
public final class HttpMetrics implements Metrics {
  private final Transport transport;
  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean asking = new AtomicBoolean();
  private final AtomicReference<@Nullable MetricRound> latest = new AtomicReference<>();

  private HttpMetrics(Transport transport, Duration timeout) {
    this.transport = transport;
    this.timeout = timeout;
  }

  /**
   * A source; nothing is sent yet.
   *
   * @param url {@code http(s)://…} or {@code svc:NAMESPACE/NAME:PORT}
   * @param timeout of one query, positive
   * @param environment the process's: {@code ROLLOUT_PROMETHEUS_TOKEN} and its like
   * @param cluster whose API server leads to a {@code svc:}
   * @throws UserError when the URL, or a file that the environment names, cannot be used
   */
  public static HttpMetrics of(
      String url, Duration timeout, Map<String, String> environment, Cluster cluster) {
    Transport transport =
        switch (Address.parse(url)) {
          case Address.Direct direct -> new DirectTransport(direct, timeout, environment);
          case Address.Proxied proxied ->
              new ProxyTransport(proxied, timeout, environment, cluster);
        };
    // A file that is missing from the start is a mistake of the user's, not an outage.
    transport.begin();
    return new HttpMetrics(transport, timeout);
  }

  @Override
  public void ask(List<MetricQuery> queries, Instant now, Signal signal) {
    if (!asking.compareAndSet(false, true)) {
      return;
    }
    try {
      threads.execute(
          () -> {
            try {
              latest.set(read(queries, now));
            } finally {
              asking.set(false);
              signal.raise();
            }
          });
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: nobody waits for the answers.
      asking.set(false);
    }
  }

  @Override
  public Optional<MetricRound> latest() {
    return Optional.ofNullable(latest.get());
  }

  @Override
  public MetricRound read(List<MetricQuery> queries, Instant now) {
    long begun = System.nanoTime();
    Map<String, MetricAnswer> answers = answers(queries, now);
    return new MetricRound(now, now.plusNanos(System.nanoTime() - begun), answers);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    transport.close();
  }

  private Map<String, MetricAnswer> answers(List<MetricQuery> queries, Instant now) {
    try {
      Transport.Round round = transport.begin();
      List<Callable<MetricAnswer>> tasks =
          queries.stream()
              .map(query -> (Callable<MetricAnswer>) () -> answer(round, query, now))
              .toList();
      List<Future<MetricAnswer>> futures =
          threads.invokeAll(tasks, timeout.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, MetricAnswer> answers = new HashMap<>();
      for (int i = 0; i < tasks.size(); i++) {
        answers.put(queries.get(i).id(), done(futures.get(i)));
      }
      return answers;
    } catch (UserError e) {
      return all(queries, e.problems().getFirst().toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return all(queries, "interrupted");
    } catch (RejectedExecutionException e) {
      return all(queries, "closed");
    }
  }

  private static MetricAnswer answer(Transport.Round round, MetricQuery query, Instant now)
      throws InterruptedException {
    try {
      return hidden(round, Answers.read(round.send(query.promql(), now)));
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new Unreachable(round.hide(why));
    }
  }

  private static MetricAnswer hidden(Transport.Round round, MetricAnswer answer) {
    return switch (answer) {
      case MetricAnswer.Refused(int status, String message) ->
          new MetricAnswer.Refused(status, round.hide(message));
      case Unreachable(String why) -> new Unreachable(round.hide(why));
      case MetricAnswer.Samples(var series, var warnings) ->
          new MetricAnswer.Samples(series, warnings.stream().map(round::hide).toList());
    };
  }

  private MetricAnswer done(Future<MetricAnswer> future) throws InterruptedException {
    try {
      return future.get();
    } catch (CancellationException e) {
      return new Unreachable("no answer in " + Durations.text(timeout));
    } catch (ExecutionException e) {
      // Not thrown on: a bug here must stop neither the rollout nor its way back.
      return new Unreachable("asking failed: " + e.getCause());
    }
  }

  private static Map<String, MetricAnswer> all(List<MetricQuery> queries, String why) {
    Map<String, MetricAnswer> answers = new HashMap<>();
    queries.forEach(query -> answers.put(query.id(), new Unreachable(why)));
    return answers;
  }
}
