package rollout.exporter;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rollout.model.Event;
import rollout.port.Progress;

/**
 * The metrics of one run of the program: it is told what happens, and offers it in the ways that
 * were asked for. Never fails and never blocks: without a port or a gateway the release goes on all
 * the same, and that is said.
 */
public final class Exporter implements Progress, AutoCloseable {
  private static final Duration PUSH_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration MOST_TIME_AT_END = Duration.ofSeconds(5);

  private final Instruments instruments;
  private final List<Progress> told = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Optional<String> served = Optional.empty();

  /**
   * Where to listen.
   *
   * @param host a name or an address of this machine
   * @param port 0: any that is free
   */
  public record Place(String host, int port) {}

  private Exporter(Instruments instruments) {
    this.instruments = instruments;
  }

  /**
   * Begins.
   *
   * @param serve where to answer {@code GET /metrics}; empty: nowhere
   * @param pushgateway where to push to; empty: nowhere
   * @param says told where the metrics are, and what went wrong with them; from any thread
   */
  public static Exporter open(
      About about,
      ApiRequests requests,
      InstantSource clock,
      Optional<Place> serve,
      Optional<URI> pushgateway,
      Consumer<String> says) {
    Exporter exporter = new Exporter(new Instruments(about, requests));
    exporter.told.add(new Counting(exporter.instruments, clock));
    serve.ifPresent(place -> exporter.serve(place, says));
    pushgateway.ifPresent(
        base ->
            exporter.push(
                new Pushing(
                    new Pushgateway(base, about, PUSH_TIMEOUT),
                    exporter.instruments::text,
                    says,
                    MOST_TIME_AT_END)));
    return exporter;
  }

  private void serve(Place place, Consumer<String> says) {
    try {
      MetricsServer server = MetricsServer.start(instruments::text, place);
      open.add(server);
      served = Optional.of(server.url());
      says.accept("metrics are served at " + server.url());
    } catch (IOException | RuntimeException e) {
      says.accept(
          "metrics are not served: port "
              + place.port()
              + " of "
              + place.host()
              + " cannot be listened on ("
              + e.getMessage()
              + ")");
    }
  }

  private void push(Pushing pushing) {
    told.add(pushing);
    // Before the server: what is pushed last has been seen by nobody else, perhaps.
    open.addFirst(pushing);
  }

  /** Where the metrics are served; empty: nowhere. */
  public Optional<String> served() {
    return served;
  }

  @Override
  public void tell(Event event) {
    for (Progress one : told) {
      try {
        one.tell(event);
      } catch (RuntimeException e) {
        // A metric that is wrong is a small thing beside a release.
      }
    }
  }

  /** Ends the serving, and waits for the last push, five seconds at most. */
  @Override
  public void close() {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        // Nobody waits for it any more.
      }
    }
  }
}
