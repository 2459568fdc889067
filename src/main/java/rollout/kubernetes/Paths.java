package rollout.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.stream.Collectors;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/** Where things are under the API server's address. */
final class Paths {
  private static final int PAGE = 500;
  private static final String MANAGER = "fieldManager=rollout";

  private Paths() {}

  static String collection(Kind kind, String namespace) {
    String place = namespace.isEmpty() ? "" : "/namespaces/" + encoded(namespace);
    return kind.apiPath() + place + "/" + kind.plural();
  }

  /**
   * The path of one object.
   *
   * @throws IllegalArgumentException on an empty name, since that would be the path of them all
   */
  static String object(Ref ref) {
    if (ref.name().isEmpty()) {
      throw new IllegalArgumentException(ref.kind() + " without a name");
    }
    return collection(ref.kind(), ref.namespace()) + "/" + encoded(ref.name());
  }

  // Strict: a misspelt field is an error, as with kubectl, and not silently dropped.
  static String creation(Kind kind, String namespace, Send send) {
    return collection(kind, namespace) + "?" + MANAGER + "&fieldValidation=Strict" + dryRun(send);
  }

  static String patch(Ref ref, Send send) {
    return object(ref) + "?" + MANAGER + dryRun(send);
  }

  static String list(Query query, String continuation) {
    String next = continuation.isEmpty() ? "" : "&continue=" + encoded(continuation);
    return collection(query.kind(), query.namespace()) + "?limit=" + PAGE + selectors(query) + next;
  }

  static String watch(Query query, String resourceVersion) {
    return collection(query.kind(), query.namespace())
        + "?watch=1&allowWatchBookmarks=true&resourceVersion="
        + encoded(resourceVersion)
        + selectors(query);
  }

  static String log(Ref pod, String container, String rest) {
    return object(pod) + "/log?container=" + encoded(container) + rest;
  }

  static String proxy(String namespace, String service, String port, String pathAndQuery) {
    return "/api/v1/namespaces/"
        + encoded(namespace)
        + "/services/"
        + encoded(service)
        + ":"
        + encoded(port)
        + "/proxy"
        + pathAndQuery;
  }

  private static String selectors(Query query) {
    String labels =
        new TreeMap<>(query.labels())
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    return (labels.isEmpty() ? "" : "&labelSelector=" + encoded(labels))
        + (query.name().isEmpty() ? "" : "&fieldSelector=metadata.name%3D" + encoded(query.name()));
  }

  private static String dryRun(Send send) {
    return send == Send.DRY_RUN ? "&dryRun=All" : "";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
