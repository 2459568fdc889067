package rollout.prometheus;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.UserError;
import rollout.port.Cluster;
import rollout.port.ClusterException;

/**
 * Prometheus through the API server's proxy: by GET, which needs the verb {@code get} on {@code
 * services/proxy}; a POST would need {@code create}.
 */
final class ProxyTransport implements Transport, Transport.Round {
  private final Address.Proxied address;
  private final Duration timeout;
  private final Cluster cluster;

  ProxyTransport(
      Address.Proxied address, Duration timeout, Map<String, String> environment, Cluster cluster) {
    this.address = address;
    this.timeout = timeout;
    this.cluster = cluster;
    List<String> tls = List.of(Tls.CA_FILE, Tls.CERT_FILE, Tls.KEY_FILE);
    boolean plain = tls.stream().allMatch(name -> environment.getOrDefault(name, "").isEmpty());
    if (!plain || !new Credentials(environment, Optional.empty()).none()) {
      throw UserError.of(
          Address.PLACE,
          address + " goes through the API server, which passes no login on to Prometheus",
          "Give an http(s) URL, or unset ROLLOUT_PROMETHEUS_TOKEN and its like.");
    }
  }

  @Override
  public Round begin() {
    return this;
  }

  @Override
  public Reply send(String promql, Instant at) throws IOException {
    String query = "/api/v1/query?" + DirectTransport.form(promql, at, timeout);
    try {
      Cluster.ProxyAnswer answer =
          cluster.proxyGet(address.namespace(), address.service(), address.port(), query, timeout);
      if (answer.body().length() > DirectTransport.BODY_LIMIT_BYTES) {
        throw new IOException("the answer is larger than 16 MiB");
      }
      return new Reply(answer.status(), answer.body());
    } catch (ClusterException e) {
      throw new IOException("the API server's proxy to " + address + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String hide(String text) {
    return text;
  }

  @Override
  public void close() {}
}
