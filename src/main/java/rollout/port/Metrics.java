package rollout.port;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;

/** Where numbers come from: raw samples, judged elsewhere. */
public interface Metrics extends AutoCloseable {
  /**
   * Begins a round: asks all queries at once, each with the timeout of this source, and returns at
   * once. The answers are in {@link #latest()} when the last has come, and the signal is raised. A
   * round that still runs goes on; the new one is then not begun.
   */
  void ask(List<MetricQuery> queries, Instant now, Signal signal);

  /** The newest finished round. */
  Optional<MetricRound> latest();

  /** Asks and waits: for the preflight, where there is nothing else to do. */
  MetricRound read(List<MetricQuery> queries, Instant now);

  @Override
  void close();
}
