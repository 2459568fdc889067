package rollout.prometheus;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Prometheus of its own, scraping {@link FakePods} each second. */
final class RealPrometheus implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final String url;

  private RealPrometheus(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Whether the machine has one. */
  static boolean installed() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus")));
  }

  static RealPrometheus start(Path folder, int targetPort, List<String> pods) throws IOException {
    Path config = Files.writeString(folder.resolve("prometheus.yml"), config(targetPort, pods));
    int port = freePort();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    RealPrometheus started = new RealPrometheus(process, "http://127.0.0.1:" + port);
    try {
      Await.until(START, started::ready, ready -> ready);
      return started;
    } catch (AssertionError e) {
      started.close();
      throw e;
    }
  }

  private static String config(int targetPort, List<String> pods) {
    return "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
        + "scrape_configs:\n- job_name: pods\n  static_configs:\n"
        + pods.stream()
            .map(
                pod ->
                    "  - {targets: ['127.0.0.1:%d'], labels: {pod: %s, __metrics_path__: /%s}}\n"
                        .formatted(targetPort, pod, pod))
            .collect(Collectors.joining());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean ready() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/-/ready")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
