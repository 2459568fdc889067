package rollout.prometheus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.UserError;

/**
 * How to log in to Prometheus: from the environment and from files, never from flags, which every
 * user of the machine can read. Files are read again for each round, since tokens change.
 */
final class Credentials {
  static final String TOKEN = "ROLLOUT_PROMETHEUS_TOKEN";
  static final String TOKEN_FILE = "ROLLOUT_PROMETHEUS_TOKEN_FILE";
  static final String USER = "ROLLOUT_PROMETHEUS_USER";
  static final String PASSWORD = "ROLLOUT_PROMETHEUS_PASSWORD";
  static final String PASSWORD_FILE = "ROLLOUT_PROMETHEUS_PASSWORD_FILE";
  static final String HEADERS_FILE = "ROLLOUT_PROMETHEUS_HEADERS_FILE";

  private static final String AUTHORIZATION = "Authorization";
  private static final int LEAST_SECRET = 4;

  private final Map<String, String> environment;
  private final Optional<Address.Login> login;

  /**
   * @param environment the process's; empty values count as not set
   * @param login the one in the URL
   * @throws UserError when there is more than one login, or half of one
   */
  Credentials(Map<String, String> environment, Optional<Address.Login> login) {
    this.environment = Map.copyOf(environment);
    this.login = login;
    List<String> ways = new ArrayList<>();
    login.ifPresent(url -> ways.add("the user in --prometheus"));
    for (String name : List.of(TOKEN, TOKEN_FILE, USER)) {
      value(name).ifPresent(set -> ways.add(name));
    }
    if (ways.size() > 1) {
      throw UserError.of(
          ways.get(1), "set besides " + ways.getFirst(), "Keep one way to log in to Prometheus.");
    }
    if (value(USER).isPresent() == (value(PASSWORD).isEmpty() && value(PASSWORD_FILE).isEmpty())) {
      throw UserError.of(
          USER,
          "a user needs a password, and a password a user",
          "Set " + USER + " and " + PASSWORD + " or " + PASSWORD_FILE + ".");
    }
  }

  /** Whether nothing is set. */
  boolean none() {
    return login.isEmpty()
        && List.of(TOKEN, TOKEN_FILE, USER, HEADERS_FILE).stream()
            .allMatch(name -> value(name).isEmpty());
  }

  /**
   * The headers of one round, read afresh.
   *
   * @throws UserError when a file cannot be read, or has a line that is no header
   */
  Headers headers() {
    List<Header> headers = new ArrayList<>();
    List<String> secrets = new ArrayList<>();
    Optional<String> token = value(TOKEN).or(() -> file(TOKEN_FILE));
    token.ifPresent(
        secret -> {
          secrets.add(secret);
          headers.add(new Header(AUTHORIZATION, "Bearer " + secret));
        });
    basic()
        .ifPresent(
            basic -> {
              String pair = basic.user() + ":" + basic.password();
              String coded =
                  Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
              secrets.addAll(List.of(coded, basic.password()));
              headers.add(new Header(AUTHORIZATION, "Basic " + coded));
            });
    file(HEADERS_FILE)
        .ifPresent(
            text ->
                text.lines()
                    .filter(line -> !line.isBlank())
                    .map(Credentials::header)
                    .forEach(
                        header -> {
                          secrets.add(header.value());
                          headers.add(header);
                        }));
    return new Headers(headers, secrets);
  }

  private Optional<Address.Login> basic() {
    return login.or(
        () ->
            value(USER)
                .map(
                    user ->
                        new Address.Login(
                            user, value(PASSWORD).or(() -> file(PASSWORD_FILE)).orElse(""))));
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private Optional<String> file(String name) {
    return value(name).map(path -> read(name, path));
  }

  /** The text of a file, without white space around it. */
  static String read(String name, String path) {
    try {
      String text = Files.readString(Path.of(path)).strip();
      if (text.isEmpty()) {
        throw UserError.of(name, path + " is empty", "");
      }
      return text;
    } catch (IOException | InvalidPathException e) {
      throw UserError.of(
          name,
          "cannot read %s (%s)".formatted(path, e.getClass().getSimpleName()),
          "Name a file that this process may read.");
    }
  }

  private static Header header(String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    // The line is not shown: what looks like no header may well be a secret.
    if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw UserError.of(
          HEADERS_FILE, "a line is not of the form Name: value", "X-Scope-OrgID: shop");
    }
    if (List.of("host", "connection", "content-length", "expect", "upgrade")
        .contains(name.toLowerCase(java.util.Locale.ROOT))) {
      throw UserError.of(HEADERS_FILE, "the header " + name + " cannot be set", "");
    }
    return new Header(name, line.substring(colon + 1).strip());
  }

  @Override
  public String toString() {
    return "credentials";
  }

  /** One header; says only its name. */
  record Header(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What to send, and what to keep out of messages.
   *
   * @param secrets the parts that no message may have
   */
  record Headers(List<Header> headers, List<String> secrets) {
    Headers {
      headers = List.copyOf(headers);
      secrets = List.copyOf(secrets);
    }

    /** A text of the other side, which may have sent our own words back to us. */
    String hide(String text) {
      String hidden = text;
      for (String secret : secrets) {
        if (secret.length() >= LEAST_SECRET) {
          hidden = hidden.replace(secret, "***");
        }
      }
      return hidden;
    }

    @Override
    public String toString() {
      return headers.toString();
    }
  }
}
