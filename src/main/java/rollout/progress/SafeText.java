package rollout.progress;

import java.util.regex.Pattern;

/**
 * The last fence before a secret gets out: events come clean from those who tell, but a library's
 * message may carry a URL with a password in it.
 */
final class SafeText {
  // Stops at a quote, so that in JSON it can't run on into the next member.
  private static final Pattern USER_INFO = Pattern.compile("://(?:[^/\\s@\"\\\\]|\\\\.)+@");

  private SafeText() {}

  /** The text, with three stars for the user and password of each URL. Also for JSON text. */
  static String of(String text) {
    return text.contains("://") ? USER_INFO.matcher(text).replaceAll("://***@") : text;
  }
}
