package rollout.model;

import java.util.regex.Pattern;

/**
 * The last fence before a secret gets out: what tells something tells it without, but a library's
 * message may carry a URL with a password in it, and the log of a Job anything.
 */
public final class Secrets {
  private static final Pattern LOGIN = Pattern.compile("://[^/\\s@]+@");
  // Stops at a quote that is not escaped, so that it can't run on into the next member.
  private static final Pattern LOGIN_IN_JSON = Pattern.compile("://(?:[^/\\s@\"\\\\]|\\\\.)+@");
  private static final String NO_LOGIN = "://***@";
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)\\b(\\w*(?:password|passwd|secret|token|api[_-]?key)\\w*\\s*[=:]\\s*)\\S+");

  private Secrets() {}

  /** A program's log line: without logins in URLs, and without values that are named secrets. */
  public static String masked(String line) {
    return ASSIGNED.matcher(withoutLogins(line)).replaceAll("$1***");
  }

  /** The text, with three stars for the user and password of each URL. */
  public static String withoutLogins(String text) {
    return text.indexOf('@') < 0 ? text : LOGIN.matcher(text).replaceAll(NO_LOGIN);
  }

  /** The same for JSON text, which stays JSON. */
  public static String withoutLoginsInJson(String json) {
    return json.indexOf('@') < 0 ? json : LOGIN_IN_JSON.matcher(json).replaceAll(NO_LOGIN);
  }
}
