package rollout.notify;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import rollout.model.UserError;
import rollout.strategy.Subscriber;
import rollout.strategy.Subscriber.Address;

/**
 * A subscriber with what its files say. They are read again for each message, since tokens change.
 * Says nothing of itself but the server.
 */
record Recipient(URI url, List<Header> headers) {
  private static final int MOST_BYTES = 65_536;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e\\t]*[\\x21-\\x7e])?");
  private static final Set<String> NOT_OURS =
      Set.of("host", "connection", "content-length", "content-type", "expect", "upgrade");

  /** One header. */
  record Header(String name, String value) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Reads the files.
   *
   * @throws UserError when one cannot be read, or has something else in it; its text is not shown
   */
  static Recipient read(Subscriber subscriber) {
    List<Header> headers = new ArrayList<>();
    subscriber.tokenFile().map(Recipient::token).ifPresent(headers::add);
    subscriber.headersFile().map(Recipient::lines).ifPresent(headers::addAll);
    return new Recipient(url(subscriber.address()), headers);
  }

  /** Which server, for people: {@code https://hooks.slack.com}. */
  String server() {
    return url.getScheme() + "://" + url.getHost();
  }

  private static URI url(Address address) {
    return switch (address) {
      case Address.Url(String text) -> url("notify", text);
      case Address.UrlFile(String path) -> url(path, text(path));
    };
  }

  private static URI url(String place, String text) {
    Optional<String> wrong = Address.wrong(text);
    if (wrong.isPresent()) {
      throw UserError.of(place, "the URL " + wrong.get() + ".", "One line: https://…");
    }
    try {
      URI url = new URI(text);
      if (url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Its message has the URL in it; said below without.
    }
    throw UserError.of(place, "the URL is none.", "One line: https://…");
  }

  private static Header token(String path) {
    return new Header("Authorization", value(path, "Bearer " + text(path)));
  }

  private static List<Header> lines(String path) {
    return text(path)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line(path, line))
        .toList();
  }

  private static Header line(String path, String line) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    if (!NAME.matcher(name).matches()) {
      throw UserError.of(path, "a line is not of the form Name: value.", "X-Room: releases");
    }
    if (NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw UserError.of(path, "the header " + name + " cannot be set.", "Drop its line");
    }
    return new Header(name, value(path, line.substring(colon + 1).strip()));
  }

  private static String value(String path, String value) {
    if (!VALUE.matcher(value).matches()) {
      throw UserError.of(
          path, "has something in it that no header may have.", "One line of plain text");
    }
    return value;
  }

  /** The text of a file, without white space around it. */
  private static String text(String path) {
    try {
      Path file = Path.of(path);
      String text = Files.size(file) > MOST_BYTES ? "" : Files.readString(file).strip();
      if (text.isEmpty()) {
        throw UserError.of(
            path, "is empty, or far too long.", "notify in the strategy file reads it");
      }
      return text;
    } catch (IOException | InvalidPathException e) {
      throw UserError.of(
          path,
          "cannot be read (" + e.getClass().getSimpleName() + ").",
          "notify in the strategy file names it");
    }
  }

  @Override
  public String toString() {
    return server();
  }
}
