package rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import rollout.kubernetes.KubeConnect;
import rollout.kubernetes.Requests;
import rollout.plan.ToolJob;
import rollout.port.Connect;
import rollout.port.Metrics;
import rollout.port.Ports;
import rollout.port.Progress;
import rollout.prometheus.HttpMetrics;
import rollout.prometheus.MetricTemplates;

/** The ports of a real cluster and a real Prometheus. */
final class RealConnect implements Connect {
  private static final int NONCE_BYTES = 6;

  private final Map<String, String> environment;
  private final Requests requests;

  /**
   * Connects.
   *
   * @param requests told of each request to an API server
   */
  RealConnect(Map<String, String> environment, Requests requests) {
    this.environment = environment;
    this.requests = requests;
  }

  @Override
  public Ports to(Where where, Progress progress) {
    KubeConnect.Connected connected = KubeConnect.ofThisProcess(requests).to(where);
    return new Ports(
        connected.cluster(),
        metrics(where, connected),
        SystemTime.start(),
        progress,
        connected.namespace(),
        identity(),
        nonce(),
        environment.getOrDefault(ToolJob.JOB_VARIABLE, ""),
        connected.credentialEnds(),
        MetricTemplates.all());
  }

  private Metrics metrics(Where where, KubeConnect.Connected connected) {
    Duration timeout = Duration.ofMillis(where.prometheusTimeoutMillis());
    return where
        .prometheusUrl()
        .<Metrics>map(url -> HttpMetrics.of(url, timeout, environment, connected.cluster()))
        .orElseGet(NoMetrics::new);
  }

  private String identity() {
    String user = System.getProperty("user.name", "unknown");
    return user + "@" + host() + " (pid " + ProcessHandle.current().pid() + ")";
  }

  // Not by InetAddress: it may ask a DNS server, and wait for it.
  private String host() {
    String name = environment.getOrDefault("HOSTNAME", "");
    if (!name.isEmpty()) {
      return name;
    }
    try {
      return Files.readString(Path.of("/etc/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  private static String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
