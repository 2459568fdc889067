package rollout.strategy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody far away who is told of a release over HTTP.
 *
 * @param address where it is sent
 * @param tokenFile its text is sent as {@code Authorization: Bearer}
 * @param headersFile its lines, {@code Name: value}, are sent as headers
 * @param on what is told
 */
public record Subscriber(
    Form form,
    Address address,
    Optional<String> tokenFile,
    Optional<String> headersFile,
    Set<News> on) {
  private static final int MOST_PORT = 65_535;
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
  private static final Pattern LOGIN = Pattern.compile("https?://[^/?]*@");
  private static final Pattern WEB =
      Pattern.compile(
          "https?://(?:%1$s(?:\\.%1$s)*|\\[[0-9A-Fa-f:.]+\\])(?::([0-9]{1,5}))?".formatted(LABEL)
              + "(?:[/?](?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?");

  /** Copies the set. */
  public Subscriber {
    on = Set.copyOf(on);
  }

  /** The files that it is read from. */
  public List<String> files() {
    Optional<String> url =
        address instanceof Address.UrlFile(String path) ? Optional.of(path) : Optional.empty();
    return Stream.of(url, tokenFile, headersFile).flatMap(Optional::stream).toList();
  }

  /** What is sent. */
  public enum Form {
    /** A CloudEvent 1.0 in structured mode. */
    CLOUD_EVENT,
    /** What an incoming webhook of Slack takes, and of those that imitate it. */
    SLACK
  }

  /** An {@code http} or {@code https} URL, which may be a secret as a whole. */
  public sealed interface Address {
    /** What is wrong with a URL, as the end of a sentence that does not show it; empty: nothing. */
    static Optional<String> wrong(String url) {
      if (LOGIN.matcher(url).lookingAt()) {
        return Optional.of("has a login, which would not be sent");
      }
      Matcher parts = WEB.matcher(url);
      boolean web = parts.matches() && (parts.group(1) == null || port(parts.group(1)));
      return web ? Optional.empty() : Optional.of("is no http or https URL");
    }

    private static boolean port(String digits) {
      int port = Integer.parseInt(digits);
      return port > 0 && port <= MOST_PORT;
    }

    /** As the strategy file has it; says nothing of itself. */
    record Url(String text) implements Address {
      @Override
      public String toString() {
        return "a URL";
      }
    }

    /**
     * In a file.
     *
     * @param path from the folder that the program was started in
     */
    record UrlFile(String path) implements Address {}
  }
}
