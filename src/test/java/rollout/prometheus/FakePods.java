package rollout.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Pods as Prometheus sees them: a path each, with counters that the test sets. */
final class FakePods implements AutoCloseable {
  private static final String NOTHING = "# nothing yet\n";

  private final HttpServer server;
  private final Map<String, String> texts = new ConcurrentHashMap<>();

  FakePods() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The pod is there from now on, and has counted nothing. */
  void start(String pod) {
    texts.put(pod, NOTHING);
  }

  /** The pod's counters from now on. */
  void count(String pod, long good, long bad, long within100ms, long within500ms) {
    texts.put(
        pod,
        """
        http_requests_total{code="200"} %d
        http_requests_total{code="500"} %d
        http_request_duration_seconds_bucket{le="0.1"} %d
        http_request_duration_seconds_bucket{le="0.5"} %d
        http_request_duration_seconds_bucket{le="+Inf"} %d
        """
            .formatted(good, bad, within100ms, within500ms, good + bad));
  }

  /** What the pod answers from now on. */
  void says(String pod, String text) {
    texts.put(pod, text);
  }

  /** The pod answers no more. */
  void stop(String pod) {
    texts.remove(pod);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String text = texts.get(exchange.getRequestURI().getPath().substring(1));
    byte[] body = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(text == null ? 503 : 200, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
