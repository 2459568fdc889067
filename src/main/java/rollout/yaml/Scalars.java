package rollout.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a word without quotes means: text, a number, true, false, or nothing. */
final class Scalars {
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
  private static final Set<String> FALSE = Set.of("false", "False", "FALSE");
  private static final Set<String> KUBECTL_TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> KUBECTL_FALSE =
      Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,100}");
  private static final Pattern FRACTION =
      Pattern.compile(
          "[-+]?(?:[0-9]{1,100}\\.?[0-9]{0,100}|\\.[0-9]{1,100})(?:[eE][-+]?[0-9]{1,3})?");
  private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7]{1,30}");
  private static final Pattern HEXADECIMAL = Pattern.compile("[-+]?0x[0-9a-fA-F]{1,30}");

  private static final Pattern EXPONENT_WITHOUT_SIGN = Pattern.compile("[0-9.]+[eE][0-9]+");

  private Scalars() {}

  /** Whether the value is missing: {@code key:} with nothing behind it, or {@code null}. */
  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar
        && (node.getTag().equals(Tag.NULL)
            || (node.getTag().equals(YamlText.PLAIN) && NOTHING.contains(scalar.getValue())));
  }

  /** As YAML 1.2 reads it: what validators of the published schema see. */
  static @Nullable Object core(ScalarNode node) {
    String text = node.getValue();
    if (isNull(node)) {
      return null;
    }
    if (node.getTag().equals(Tag.STR)) {
      return text;
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return TRUE.contains(text);
    }
    return number(text);
  }

  /**
   * As kubectl reads it, which keeps to YAML 1.1: {@code yes} is true and {@code 0644} is octal, so
   * a {@code defaultMode} means here what it means there.
   */
  static @Nullable Object kubectl(ScalarNode node) {
    String text = node.getValue();
    if (node.getTag().equals(YamlText.PLAIN)) {
      if (KUBECTL_TRUE.contains(text) || KUBECTL_FALSE.contains(text)) {
        return KUBECTL_TRUE.contains(text);
      }
      if (OCTAL.matcher(text).matches() && !text.matches("[-+]?0")) {
        return new BigInteger(text.replace("o", ""), 8);
      }
      if (HEXADECIMAL.matcher(text).matches()) {
        return new BigInteger(text.replace("0x", ""), 16);
      }
      if (EXPONENT_WITHOUT_SIGN.matcher(text).matches()) {
        // An image tag or a commit such as 1234e567, not a number.
        return text;
      }
    }
    return core(node);
  }

  private static Object number(String text) {
    if (WHOLE.matcher(text).matches()) {
      return whole(text);
    }
    return FRACTION.matcher(text).matches() ? new BigDecimal(text) : text;
  }

  private static Object whole(String text) {
    BigInteger value = new BigInteger(text);
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }
}
