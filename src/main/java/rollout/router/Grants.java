package rollout.router;

import java.util.List;
import rollout.document.Doc;
import rollout.model.Kind;

/** Whether a route of another namespace may send to the candidate's Service too. */
final class Grants {
  private Grants() {}

  static void judge(Kind kind, Doc route, Reasons reasons, Landscape landscape) {
    String from = route.text("metadata", "namespace").orElse(landscape.namespace());
    if (from.equals(landscape.namespace())) {
      return;
    }
    if (!landscape.serves(RouteKinds.REFERENCE_GRANT)) {
      reasons.refuse(
          "nobody could look whether a ReferenceGrant lets "
              + kind
              + " "
              + route.textOrEmpty("metadata", "name")
              + " of namespace "
              + from
              + " send to namespace "
              + landscape.namespace(),
          "Grant list on referencegrants: manifests/rbac/gateways.yaml.");
      return;
    }
    List<Doc> grants =
        landscape.of(RouteKinds.REFERENCE_GRANT).stream()
            .filter(one -> one.textOrEmpty("metadata", "namespace").equals(landscape.namespace()))
            .filter(one -> one.docs("spec", "from").stream().anyMatch(f -> isFrom(f, kind, from)))
            .toList();
    // One that names Services does not name the candidate's, which is not there yet.
    boolean granted =
        grants.stream()
            .flatMap(one -> one.docs("spec", "to").stream())
            .anyMatch(to -> isServices(to) && !to.has("name"));
    if (!granted) {
      reasons.refuse(
          "no ReferenceGrant in namespace "
              + landscape.namespace()
              + " lets "
              + kind
              + " "
              + route.textOrEmpty("metadata", "name")
              + " of namespace "
              + from
              + " send to every Service"
              + (grants.isEmpty() ? "" : ", only to named ones"),
          "The candidate has a Service of its own: add one from "
              + kind
              + " in "
              + from
              + " to Service without a name.");
    }
  }

  private static boolean isFrom(Doc from, Kind kind, String namespace) {
    return from.textOrEmpty("group").equals(kind.group())
        && from.textOrEmpty("kind").equals(kind.kind())
        && from.textOrEmpty("namespace").equals(namespace);
  }

  private static boolean isServices(Doc to) {
    return to.textOrEmpty("group").isEmpty() && to.textOrEmpty("kind").equals("Service");
  }
}
