package rollout.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import rollout.model.Durations;

/**
 * A PromQL selector: {@code name{label="x",pod=~"a|b"}[60s]}.
 *
 * @param range zero: an instant selector
 * @param offset how much earlier it is evaluated
 */
record Selector(String metric, List<Match> matches, Duration range, Duration offset) {
  private static final Pattern WHOLE =
      Pattern.compile(
          "\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{(.*)\\})?\\s*(?:\\[\\s*(\\w+)\\s*\\])?"
              + "(?:\\s+offset\\s+(\\w+))?\\s*",
          Pattern.DOTALL);
  private static final Pattern MATCHER =
      Pattern.compile(
          "\\s*([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*,?\\s*");

  /** One condition on a label; an absent label is the empty text. */
  record Match(String label, String operator, String value, Pattern pattern) {
    boolean fits(Map<String, String> labels) {
      String there = labels.getOrDefault(label, "");
      return switch (operator) {
        case "=" -> there.equals(value);
        case "!=" -> !there.equals(value);
        case "=~" -> pattern.matcher(there).matches();
        default -> !pattern.matcher(there).matches();
      };
    }
  }

  /** The selector, or nothing when the text is none. */
  static Optional<Selector> parse(String text) {
    Matcher whole = WHOLE.matcher(text);
    if (!whole.matches()) {
      return Optional.empty();
    }
    String inside = whole.group(2) == null ? "" : whole.group(2).strip();
    List<Match> matches = new ArrayList<>();
    Matcher one = MATCHER.matcher(inside);
    int at = 0;
    while (at < inside.length()) {
      if (!one.find(at) || one.start() != at) {
        return Optional.empty();
      }
      String value = unescaped(one.group(3));
      try {
        boolean regex = one.group(2).endsWith("~");
        Pattern pattern = Pattern.compile(regex ? value : "");
        matches.add(new Match(one.group(1), one.group(2), value, pattern));
      } catch (PatternSyntaxException e) {
        return Optional.empty();
      }
      at = one.end();
    }
    Optional<Duration> range = duration(whole.group(3));
    Optional<Duration> offset = duration(whole.group(4));
    return range.isEmpty() || offset.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Selector(whole.group(1), List.copyOf(matches), range.get(), offset.get()));
  }

  private static Optional<Duration> duration(@Nullable String text) {
    return text == null ? Optional.of(Duration.ZERO) : Durations.parse(text);
  }

  private static String unescaped(String text) {
    return text.replace("\\\"", "\"").replace("\\\\", "\\");
  }

  boolean matches(Map<String, String> labels) {
    for (Match match : matches) {
      if (!match.fits(labels)) {
        return false;
      }
    }
    return true;
  }
}
