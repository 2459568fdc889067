package rollout.real;

import java.util.Map;
import java.util.TreeMap;
import rollout.document.Doc;

/**
 * What of a shop a release must leave as it was, whatever its end: all but the pod template.
 *
 * @param service the Service's labels, annotations and spec
 * @param deployment the Deployment's labels, annotations and spec, its template left out
 */
record ShopShape(Doc service, Doc deployment) {
  // Kubernetes counts the Deployment's templates there.
  private static final String COUNTER = "deployment.kubernetes.io/revision";

  /** The shape of these two. */
  static ShopShape of(Doc service, Doc deployment) {
    return new ShopShape(shape(service), shape(deployment).without("spec", "template"));
  }

  /** The same but for kubectl's record of a client-side apply. */
  ShopShape withoutLastApplied() {
    String record = "kubectl.kubernetes.io/last-applied-configuration";
    return new ShopShape(
        service.without("annotations", record), deployment.without("annotations", record));
  }

  private static Doc shape(Doc object) {
    Map<String, String> annotations = new TreeMap<>(object.texts("metadata", "annotations"));
    annotations.remove(COUNTER);
    return Doc.of(
        "labels", object.texts("metadata", "labels"),
        "annotations", annotations,
        "spec", object.doc("spec"));
  }
}
