package rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.plan.Access;
import rollout.plan.Feature;
import rollout.plan.Right;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.strategy.PrometheusSource;

/**
 * Asks the API server, before anything is written, whether every write and read of a release would
 * be allowed.
 */
final class AccessCheck {
  private AccessCheck() {}

  /**
   * Throws when something is not allowed.
   *
   * @throws RefusedError naming each verb, resource, and the rule that would grant it
   */
  static void check(Cluster cluster, String namespace, List<Access> needed) {
    Map<String, List<Access>> denied = new LinkedHashMap<>();
    try {
      for (Access one : denied(cluster, namespace, needed)) {
        denied
            .computeIfAbsent(one.group() + "/" + one.resource(), key -> new ArrayList<>())
            .add(one);
      }
    } catch (ClusterException.Forbidden | ClusterException.Invalid e) {
      // A server that does not answer such questions says no when it comes to it.
      return;
    }
    if (!denied.isEmpty()) {
      throw new RefusedError(
          denied.values().stream().map(same -> problem(namespace, same)).toList());
    }
  }

  /**
   * The same for a Prometheus that is asked through the API server: {@code
   * svc:NAMESPACE/NAME:PORT}.
   *
   * @param url any; of another form nothing is needed
   */
  static void proxy(Cluster cluster, String url) {
    PrometheusSource.proxied(url)
        .ifPresent(where -> check(cluster, where, Feature.PROMETHEUS.accesses()));
  }

  /**
   * Those that are not allowed.
   *
   * @param namespace empty: in all
   */
  static List<Access> denied(Cluster cluster, String namespace, List<Access> needed) {
    List<Doc> questions = needed.stream().map(access -> question(namespace, access)).toList();
    List<Doc> answers = cluster.review(Kind.ACCESS_REVIEW, questions);
    List<Access> denied = new ArrayList<>();
    for (int i = 0; i < needed.size(); i++) {
      if (!answers.get(i).isTrue("status", "allowed")) {
        denied.add(needed.get(i));
      }
    }
    return denied;
  }

  private static Problem problem(String namespace, List<Access> same) {
    Access first = same.getFirst();
    List<String> verbs = same.stream().map(Access::verb).toList();
    return Problem.of(
        "no permission to "
            + String.join(", ", verbs)
            + " "
            + first.resource()
            + " in namespace "
            + namespace,
        "A Role with this rule grants it: "
            + new Right("", first.group(), List.of(first.resource()), verbs).line());
  }

  private static Doc question(String namespace, Access access) {
    String[] parts = access.resource().split("/", 2);
    Doc attributes =
        Doc.of(
            "namespace",
            namespace,
            "verb",
            access.verb(),
            "group",
            access.group(),
            "resource",
            parts[0]);
    if (parts.length > 1) {
      attributes = attributes.with(parts[1], "subresource");
    }
    return Doc.of(
        "apiVersion", Kind.ACCESS_REVIEW.apiVersion(),
        "kind", Kind.ACCESS_REVIEW.kind(),
        "spec", Doc.of("resourceAttributes", attributes));
  }
}
