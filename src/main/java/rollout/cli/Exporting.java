package rollout.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How the metrics of this run itself get out.
 *
 * @param serve where to listen for a Prometheus; empty: nowhere
 * @param linger how long to go on listening after the end
 * @param pushgateway with its login, where it has one; empty: none
 */
public record Exporting(Optional<Place> serve, Duration linger, Optional<URI> pushgateway) {
  /** Nobody wants them. */
  public static final Exporting NONE =
      new Exporting(Optional.empty(), Duration.ZERO, Optional.empty());

  /**
   * A port of this machine.
   *
   * @param host a name or an address
   * @param port 0: any that is free
   */
  public record Place(String host, int port) {}

  /** Whether anybody wants them. */
  public boolean isWanted() {
    return serve.isPresent() || pushgateway.isPresent();
  }

  /** Says no login. */
  @Override
  public String toString() {
    return "Exporting[serve=" + serve + ", pushgateway=" + pushgateway.isPresent() + "]";
  }
}
