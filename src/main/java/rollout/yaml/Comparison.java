package rollout.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last comparison of an expression that is in no bracket and no quotes.
 *
 * @param operator {@code <}, or another one
 */
record Comparison(String left, String operator, String right) {
  private static final Pattern OPERATOR = Pattern.compile("<=|>=|==|!=|=|<|>");

  /** Finds it, or says that there is none. */
  static Optional<Comparison> last(String text) {
    Matcher operator = OPERATOR.matcher(text);
    Optional<Comparison> last = Optional.empty();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\'', '`' -> i = endOfQuotes(text, i);
        case '{', '(', '[' -> depth++;
        case '}', ')', ']' -> depth--;
        default -> {
          if (depth == 0 && operator.region(i, text.length()).lookingAt()) {
            last = Optional.of(split(text, i, operator.group()));
            i = operator.end() - 1;
          }
        }
      }
    }
    return last;
  }

  private static Comparison split(String text, int at, String operator) {
    return new Comparison(
        text.substring(0, at).strip(), operator, text.substring(at + operator.length()).strip());
  }

  /** The index of the closing quote; the end of the text, if there is none. */
  private static int endOfQuotes(String text, int open) {
    char quote = text.charAt(open);
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (text.charAt(i) == quote) {
        return i;
      }
    }
    return text.length();
  }
}
