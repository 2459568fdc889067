package rollout.model;

import java.util.regex.Pattern;

/** What must not be shown, in texts that others wrote. */
public final class Secrets {
  private static final Pattern USER_INFO = Pattern.compile("(://[^:/@\\s]*):[^@/\\s]+@");
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)\\b(\\w*(?:password|passwd|secret|token|api[_-]?key)\\w*\\s*[=:]\\s*)\\S+");

  private Secrets() {}

  /** The text without passwords in URLs and without values that are named like secrets. */
  public static String masked(String text) {
    return ASSIGNED.matcher(USER_INFO.matcher(text).replaceAll("$1:***@")).replaceAll("$1***");
  }
}
