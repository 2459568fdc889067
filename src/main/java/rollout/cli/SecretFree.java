package rollout.cli;

import java.util.regex.Pattern;

/** Text that an error brings along, without the user and password of a URL. */
final class SecretFree {
  private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]+@");

  private SecretFree() {}

  static String text(String text) {
    return text.indexOf('@') < 0 ? text : USER_INFO.matcher(text).replaceAll("://***@");
  }
}
