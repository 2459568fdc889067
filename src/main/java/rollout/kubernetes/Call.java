package rollout.kubernetes;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.SecretMetadata;

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

  private static final Pattern SECRETS =
      Pattern.compile("/api/v1/(namespaces/[^/?]+/)?secrets([/?]|$)");

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

  /** The form that the answer shall have: of Secrets it is the metadata alone, at every call. */
  String accept() {
    String list = roleVerb().equals("list") ? "List" : "";
    return isOnSecrets()
        ? "application/json;as=PartialObjectMetadata" + list + ";g=meta.k8s.io;v=v1"
        : "application/json, */*";
  }

  private boolean isOnSecrets() {
    return SECRETS.matcher(path).lookingAt();
  }

  /**
   * Reads an answer, or an event of a watch. Whatever form a server chose, of Secrets nothing but
   * {@link SecretMetadata} is in it.
   *
   * @throws IllegalArgumentException when it is not a JSON object, or no list where one was asked
   *     for; about Secrets it has nothing of what was read
   */
  Doc read(String json) {
    if (!isOnSecrets()) {
      return Doc.parse(json);
    }
    Doc answer;
    try {
      answer = Doc.parse(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return switch (roleVerb()) {
      case "list" -> {
        // Anything else has no items either, which would be taken for none.
        if (!answer.textOrEmpty("kind").endsWith("List")) {
          throw new IllegalArgumentException("not a list");
        }
        yield SecretMetadata.list(answer);
      }
      case "watch" ->
          Doc.of(
              "type",
              answer.textOrEmpty("type"),
              "object",
              SecretMetadata.of(answer.doc("object")));
      default -> SecretMetadata.of(answer);
    };
  }

  /** The verb and the path without its query, for messages. */
  @Override
  public String toString() {
    int query = path.indexOf('?');
    return verb + " " + (query < 0 ? path : path.substring(0, query));
  }
}
