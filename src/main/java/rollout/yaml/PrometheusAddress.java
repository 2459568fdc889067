package rollout.yaml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where Prometheus may be: a URL, or a Service behind the API server's proxy. */
public final class PrometheusAddress {
  /** What to write, for messages. */
  public static final String EXPECTED =
      "Write 'http://prometheus.monitoring:9090', or 'svc:NAMESPACE/NAME:PORT'.";

  private static final Pattern SERVICE =
      Pattern.compile("svc:[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}:[a-z0-9-]{1,15}");

  private PrometheusAddress() {}

  /** What is wrong with an address, as the end of a sentence; nothing for a good one. */
  public static Optional<String> wrong(String address) {
    if (address.startsWith("svc:")) {
      return SERVICE.matcher(address).matches()
          ? Optional.empty()
          : Optional.of("is no svc:NAMESPACE/NAME:PORT");
    }
    try {
      URI uri = new URI(address);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return web && uri.getHost() != null
          ? Optional.empty()
          : Optional.of("is no http or https URL");
    } catch (URISyntaxException e) {
      return Optional.of("is no http or https URL");
    }
  }
}
