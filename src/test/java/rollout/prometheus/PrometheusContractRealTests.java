package rollout.prometheus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricQuery;
import rollout.port.Metrics;
import rollout.port.MetricsContract;

/** Our client keeps the contract of all metrics, on a real Prometheus. */
class PrometheusContractRealTests extends MetricsContract {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static FakePods pods;
  private static RealPrometheus prometheus;
  private HttpMetrics metrics;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(RealPrometheus.installed(), "no prometheus on the PATH");
    pods = new FakePods();
    pods.start("g-1");
    pods.count("g-1", 30, 2, 32, 32);
    prometheus = RealPrometheus.start(folder, pods.port(), List.of("g-1"));
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (pods != null) {
      pods.close();
    }
  }

  @BeforeEach
  void scrapedTwice() {
    metrics = HttpMetrics.of(prometheus.url(), Duration.ofSeconds(5), Map.of(), NoCluster.unused());
    MetricQuery range = new MetricQuery("q", "http_requests_total{pod=\"g-1\",code=\"500\"}[2m]");
    await(
        () ->
            metrics.read(List.of(range), now()).answer("q") instanceof Samples found
                && found.series().stream().anyMatch(one -> one.points().size() > 1));
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Override
  protected Metrics metrics() {
    return metrics;
  }

  @Override
  protected Instant now() {
    return Instant.now();
  }

  @Override
  protected String pod() {
    return "g-1";
  }

  @Override
  protected void await(BooleanSupplier condition) {
    Await.until(PATIENCE, condition::getAsBoolean, holds -> holds);
  }

  /** The Prometheus is everybody's, so the client goes where nobody listens. */
  @Override
  protected void goAway() {
    metrics.close();
    metrics = HttpMetrics.of(closedPort(), Duration.ofSeconds(5), Map.of(), NoCluster.unused());
  }

  private static String closedPort() {
    try (java.net.ServerSocket socket =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
