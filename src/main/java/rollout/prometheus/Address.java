package rollout.prometheus;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.model.UserError;

/** Where a Prometheus is, as {@code --prometheus} says it. */
sealed interface Address {
  /** Reached straight. The base has no user, no query, and no slash at its end. */
  record Direct(URI base, Optional<Login> login) implements Address {
    @Override
    public String toString() {
      return base.toString();
    }
  }

  /** Reached through the API server's proxy for Services. */
  record Proxied(String namespace, String service, String port) implements Address {
    @Override
    public String toString() {
      return "svc:%s/%s:%s".formatted(namespace, service, port);
    }
  }

  /** A user and a password; says neither. */
  record Login(String user, String password) {
    @Override
    public String toString() {
      return "a login";
    }
  }

  /** The flag that gives it, for messages. */
  String PLACE = "--prometheus";

  private static UserError wrong(String what) {
    return UserError.of(
        PLACE,
        what,
        "Write for example http://prometheus.monitoring:9090, https://metrics.example/prometheus,"
            + " or svc:monitoring/prometheus:9090.");
  }

  /**
   * Reads an address.
   *
   * @throws UserError when it is none; the message never has a password in it
   */
  static Address parse(String text) {
    return text.startsWith("svc:") ? proxied(text) : direct(text);
  }

  private static Address proxied(String text) {
    Matcher parts = Patterns.SERVICE.matcher(text);
    if (!parts.matches()) {
      throw wrong("'%s' is not svc:NAMESPACE/NAME:PORT".formatted(shown(text)));
    }
    return new Proxied(parts.group(1), parts.group(2), parts.group(3));
  }

  private static Address direct(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw wrong("'%s' is not a URL: %s".formatted(shown(text), e.getReason()));
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw wrong("'%s' begins neither with http:// nor https://".formatted(shown(text)));
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw wrong("'%s' has no valid host and port".formatted(shown(text)));
    }
    if (uri.getQuery() != null || uri.getFragment() != null) {
      throw wrong("'%s' has a query or a fragment".formatted(shown(text)));
    }
    return new Direct(base(uri), login(uri));
  }

  private static URI base(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    return URI.create(uri.getScheme() + "://" + uri.getHost() + port + path);
  }

  private static Optional<Login> login(URI uri) {
    String info = uri.getUserInfo();
    if (info == null) {
      return Optional.empty();
    }
    int colon = info.indexOf(':');
    return Optional.of(
        colon < 0
            ? new Login(info, "")
            : new Login(info.substring(0, colon), info.substring(colon + 1)));
  }

  /** What may be shown of a text that could not be read: nothing before its last @. */
  private static String shown(String text) {
    int at = text.lastIndexOf('@');
    return at < 0 ? text : "…" + text.substring(at);
  }

  /** Kept apart, since fields of an interface are public. */
  final class Patterns {
    private static final Pattern SERVICE =
        Pattern.compile("svc:([a-z0-9-]{1,63})/([a-z0-9-]{1,63}):([a-z0-9-]{1,15})");

    private Patterns() {}
  }
}
