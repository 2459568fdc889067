package rollout.prometheus;

import java.io.IOException;
import java.time.Instant;

/** One way to Prometheus. */
interface Transport extends AutoCloseable {
  /**
   * Begins a round: reads again what may have changed, such as a token.
   *
   * @throws rollout.model.UserError when a file cannot be read
   */
  Round begin();

  @Override
  void close();

  /** Sends the queries of one round, from several threads. */
  interface Round {
    /**
     * Asks one query and waits for the answer.
     *
     * @throws IOException when there is none; the message is fit for people
     */
    Reply send(String promql, Instant at) throws IOException, InterruptedException;

    /** A text without the secrets of this round. */
    String hide(String text);
  }
}
