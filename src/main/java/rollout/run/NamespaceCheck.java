package rollout.run;

import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.port.Cluster;
import rollout.port.ClusterException;

/** Whether a namespace in which nothing was found is there at all. */
final class NamespaceCheck {
  private NamespaceCheck() {}

  /**
   * Throws when there is no such namespace.
   *
   * @throws RefusedError naming it
   */
  static void check(Cluster cluster, String namespace) {
    if (!exists(cluster, namespace)) {
      throw RefusedError.of(
          "there is no namespace " + namespace, "Check --namespace and --context.");
    }
  }

  private static boolean exists(Cluster cluster, String namespace) {
    try {
      return cluster.get(new Ref(Kind.NAMESPACE, "", namespace)).isPresent();
    } catch (ClusterException.Forbidden e) {
      // A namespaced Role may not look at namespaces; then nothing can be said against it.
      return true;
    }
  }
}
