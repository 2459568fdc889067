package rollout.exporter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics}, in threads of its own.
 *
 * <p>Not by the library's own server: that answers a Prometheus which would like protobuf, as it
 * does when it wants native histograms, only with 2 MB of jars more, and with an error without
 * them. The text format is what every Prometheus reads, whatever it would like better.
 */
final class MetricsServer implements AutoCloseable {
  private static final String PATH = "/metrics";
  private static final int NO_BODY = -1;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String host;

  private MetricsServer(HttpServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Listens.
   *
   * @param text in Prometheus' text format, made anew for each request
   * @throws IOException when it cannot, for example because the port is taken
   */
  static MetricsServer start(Supplier<String> text, Exporter.Place place) throws IOException {
    InetSocketAddress address = new InetSocketAddress(place.host(), place.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("nobody knows this host");
    }
    MetricsServer started = new MetricsServer(HttpServer.create(address, 0), place.host());
    started.server.createContext(PATH, exchange -> answer(exchange, text));
    started.server.setExecutor(started.threads);
    started.server.start();
    return started;
  }

  private static void answer(HttpExchange exchange, Supplier<String> text) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, NO_BODY);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, NO_BODY);
      } else {
        byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", Instruments.CONTENT_TYPE);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** Where it answers: {@code http://127.0.0.1:9095/metrics}. */
  String url() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return "http://" + shown + ":" + server.getAddress().getPort() + PATH;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
