package rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.router.Landscape;
import rollout.router.Routers;
import rollout.strategy.Canary;

/**
 * Reads what may divide requests: the routes of a namespace, those of others as far as they may be
 * listed, and what they hang on anywhere.
 */
final class LandscapeReader {
  private final Cluster cluster;
  private final String namespace;
  private final Canary canary;

  /** Other namespaces that the names of routes say, of which nothing has been read yet. */
  private final Set<String> unread;

  private String denial = "";

  LandscapeReader(Cluster cluster, String namespace, Canary canary) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.canary = canary;
    this.unread = new LinkedHashSet<>(Routers.namespaces(canary.routes()));
    unread.remove(namespace);
  }

  /**
   * What there is for a Service.
   *
   * @throws RefusedError when something that was asked for may not be read
   */
  Landscape read(String service) {
    Map<Kind, List<Doc>> objects = new LinkedHashMap<>();
    for (Kind kind : Routers.kinds()) {
      if (cluster.kind(kind.apiVersion(), kind.kind()).isPresent()) {
        Optional<List<Doc>> found = Routers.isRoute(kind) ? routes(kind) : judging(kind);
        found.ifPresent(docs -> objects.put(kind, docs));
      }
    }
    if (!unread.isEmpty()) {
      throw RefusedError.of(
          "no permission to list routes in namespace " + String.join(", ", unread) + ": " + denial,
          "The Role of their router (manifests/rbac) is needed there too, bound to the account that"
              + " releases.");
    }
    return new Landscape(namespace, service, objects);
  }

  private Optional<List<Doc>> routes(Kind kind) {
    if (Routers.reachesFar(kind)) {
      Optional<List<Doc>> everywhere = list(kind, "");
      if (everywhere.isPresent()) {
        unread.clear();
        return everywhere;
      }
    }
    Optional<List<Doc>> beside = list(kind, namespace);
    boolean asked = !canary.router().equals(Canary.AUTO) || canary.route().isPresent();
    if (beside.isEmpty() && asked) {
      // What nobody may read is not judged; a router that was asked for must be readable.
      throw RefusedError.of(
          "no permission to list " + kind.plural() + ": " + denial,
          "Grant list and patch on it, or use --router replicas.");
    }
    List<Doc> all = new ArrayList<>(beside.orElse(List.of()));
    boolean some = beside.isPresent();
    if (Routers.reachesFar(kind)) {
      for (String other : Routers.namespaces(canary.routes())) {
        Optional<List<Doc>> there = other.equals(namespace) ? Optional.empty() : list(kind, other);
        there.ifPresent(all::addAll);
        if (there.isPresent()) {
          unread.remove(other);
          some = true;
        }
      }
    }
    return some ? Optional.of(all) : Optional.empty();
  }

  /**
   * What a route hangs on may be anywhere; of what lets it in, that of this namespace is enough.
   */
  private Optional<List<Doc>> judging(Kind kind) {
    return list(kind, "")
        .or(() -> Routers.isGrant(kind) ? list(kind, namespace) : Optional.empty());
  }

  private Optional<List<Doc>> list(Kind kind, String where) {
    try {
      return Optional.of(cluster.list(Query.all(kind, where)));
    } catch (ClusterException.Forbidden e) {
      denial = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }
}
