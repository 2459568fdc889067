package rollout.exporter;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;

/** Answers {@code GET /metrics}, in threads of its own. */
final class MetricsServer implements AutoCloseable {
  private final HTTPServer server;
  private final String host;

  private MetricsServer(HTTPServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Listens.
   *
   * @throws IOException when it cannot, for example because the port is taken
   */
  static MetricsServer start(PrometheusRegistry registry, Exporter.Place place) throws IOException {
    HTTPServer server =
        HTTPServer.builder()
            .registry(registry)
            .hostname(place.host())
            .port(place.port())
            .buildAndStart();
    return new MetricsServer(server, place.host());
  }

  /** Where it answers: {@code http://127.0.0.1:9095/metrics}. */
  String url() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return "http://" + shown + ":" + server.getPort() + "/metrics";
  }

  @Override
  public void close() {
    server.close();
  }
}
