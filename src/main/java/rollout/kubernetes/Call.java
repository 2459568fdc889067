package rollout.kubernetes;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request to the API server.
 *
 * @param path with query, encoded, beginning with a slash
 * @param body null: none
 */
record Call(String verb, String path, String contentType, @Nullable String body) {
  private static final String JSON = "application/json";
  private static final Pattern COLLECTION =
      Pattern.compile("/api(s/[^/?]+)?/[^/?]+(/namespaces/[^/?]+)?/[^/?]+(\\?|$)");

  static Call get(String path) {
    return new Call("GET", path, JSON, null);
  }

  static Call post(String path, String body) {
    return new Call("POST", path, JSON, body);
  }

  static Call patch(String path, String body) {
    return new Call("PATCH", path, "application/json-patch+json", body);
  }

  static Call delete(String path, String body) {
    return new Call("DELETE", path, JSON, body);
  }

  /** The verb as a Role has it: {@code get}, {@code list}, {@code watch}, {@code create} … */
  String roleVerb() {
    return switch (verb) {
      case "POST" -> "create";
      case "GET" -> path.contains("?watch=1") ? "watch" : isCollection() ? "list" : "get";
      default -> verb.toLowerCase(Locale.ROOT);
    };
  }

  // /api/v1/…/pods and /apis/GROUP/VERSION/…/deployments, with or without a namespace before it
  private boolean isCollection() {
    return COLLECTION.matcher(path).lookingAt();
  }

  /** The verb and the path without its query, for messages. */
  @Override
  public String toString() {
    int query = path.indexOf('?');
    return verb + " " + (query < 0 ? path : path.substring(0, query));
  }
}
