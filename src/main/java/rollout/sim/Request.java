package rollout.sim;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a router sees of a request; all are GET.
 *
 * @param headers by their names in small letters
 */
public record Request(String path, Map<String, String> headers) {
  /** Copies the headers. */
  public Request {
    Map<String, String> small = new LinkedHashMap<>();
    headers.forEach((name, value) -> small.put(name.toLowerCase(Locale.ROOT), value));
    headers = Map.copyOf(small);
  }

  /** Of a user who is not chosen: no header of interest. */
  public static Request plain() {
    return new Request("/", Map.of());
  }

  /** Of a user who is chosen by a header. */
  public static Request header(String name, String value) {
    return new Request("/", Map.of(name, value));
  }

  /** Of a user who is chosen by a cookie. */
  public static Request cookie(String name, String value) {
    return header("cookie", name + "=" + value);
  }

  /** A header, or the empty string. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** A cookie, or the empty string. */
  String cookie(String name) {
    for (String one : header("cookie").split(";", -1)) {
      if (one.strip().startsWith(name + "=")) {
        return one.strip().substring(name.length() + 1);
      }
    }
    return "";
  }

  /** Whether the path begins with this one, whole parts of it. */
  boolean under(String prefix) {
    String bare = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return path.equals(bare) || path.startsWith(bare + "/");
  }
}
