package rollout.kubernetes;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, as kubectl reads them. */
final class ProxyVariables {
  private final Map<String, String> environment;

  ProxyVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The proxy through which a server is to be asked. */
  Optional<String> proxyOf(String server) {
    String host = host(server);
    if (host.isEmpty() || isLocal(host) || isExcepted(host)) {
      return Optional.empty();
    }
    String proxy = variable(server.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY");
    boolean isWhole = proxy.contains("://");
    return proxy.isEmpty() ? Optional.empty() : Optional.of(isWhole ? proxy : "http://" + proxy);
  }

  private static String host(String server) {
    try {
      return Optional.ofNullable(new URI(server).getHost()).orElse("");
    } catch (URISyntaxException e) {
      return "";
    }
  }

  private static boolean isLocal(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private boolean isExcepted(String host) {
    return Arrays.stream(variable("NO_PROXY").split(","))
        .map(String::strip)
        .filter(exception -> !exception.isEmpty())
        .anyMatch(exception -> matches(exception, host));
  }

  // A range of addresses (10.0.0.0/8) is taken by its whole bytes.
  private static boolean matches(String exception, String host) {
    if (exception.equals("*")) {
      return true;
    }
    int slash = exception.indexOf('/');
    if (slash > 0 && exception.substring(slash + 1).matches("8|16|24|32")) {
      int bytes = Integer.parseInt(exception.substring(slash + 1)) / 8;
      String[] parts = exception.substring(0, slash).split("\\.");
      String start = String.join(".", Arrays.copyOf(parts, Math.min(bytes, parts.length)));
      return host.equals(start) || host.startsWith(start + ".");
    }
    String name = exception.startsWith("*.") ? exception.substring(1) : exception;
    String suffix = name.startsWith(".") ? name : "." + name;
    return host.equals(name) || host.endsWith(suffix);
  }

  private String variable(String name) {
    String upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }
}
