package rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.model.Service;
import rollout.plan.Access;
import rollout.plan.Feature;
import rollout.plan.Missing;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.router.Landscape;
import rollout.router.Router;
import rollout.router.Routers;

/** Asks the API server for the rights that releases of a namespace take. Writes nothing. */
final class RightsCheck {
  private final Cluster cluster;
  private final String namespace;
  private final RightsQuestion question;
  private final List<String> unseen = new ArrayList<>();

  RightsCheck(Ports ports, RightsQuestion question) {
    this.cluster = new PatientCluster(ports.cluster(), ports.time());
    this.namespace = ports.namespace();
    this.question = question;
  }

  /**
   * What there is and what is missing.
   *
   * @throws RefusedError when there is no such namespace, or the server answers no such questions
   */
  RightsAnswer run() {
    NamespaceCheck.check(cluster, namespace);
    List<Feature> asked = features();
    List<Missing> missing = new ArrayList<>();
    for (Feature feature : asked) {
      String where =
          feature == Feature.PROMETHEUS ? question.prometheus().orElseThrow() : namespace;
      Missing one = Missing.of(feature, where, denied(where, feature.accesses()));
      if (!one.rights().isEmpty()) {
        missing.add(one);
      }
    }
    return new RightsAnswer(namespace, asked, missing, unseen);
  }

  private List<Access> denied(String where, List<Access> needed) {
    try {
      return AccessCheck.denied(cluster, where, needed);
    } catch (ClusterException.Forbidden | ClusterException.Invalid e) {
      throw RefusedError.of(
          "the server does not say who may do what: " + e.getMessage(),
          "Compare your Role with manifests/rbac.yaml.");
    }
  }

  private List<Feature> features() {
    List<Feature> all = new ArrayList<>();
    if (question.calling()) {
      all.add(Feature.CALLER);
      return all;
    }
    all.add(Feature.RELEASE);
    all.addAll(scalers());
    all.addAll(routers());
    question.prometheus().ifPresent(where -> all.add(Feature.PROMETHEUS));
    return all;
  }

  private Set<Feature> scalers() {
    Set<Feature> found = new LinkedHashSet<>();
    List<Deployment> released = released();
    for (Kind kind : List.of(Kind.AUTOSCALER, Kind.SCALED_OBJECT)) {
      seen(kind).stream()
          .map(doc -> new Autoscaler(kind, doc))
          .filter(one -> !one.ownedByKeda())
          .filter(one -> released.stream().anyMatch(live -> one.scales(live.name())))
          .forEach(one -> found.add(Feature.of(one)));
    }
    return found;
  }

  /** What the target selects, or all that there is. */
  private List<Deployment> released() {
    List<Deployment> all = seen(Kind.DEPLOYMENT).stream().map(Deployment::new).toList();
    if (question.service().isEmpty()) {
      return all;
    }
    String name = question.service().get();
    Optional<Service> target =
        seen(Kind.SERVICE).stream()
            .map(Service::new)
            .filter(one -> one.name().equals(name))
            .findFirst();
    return target.isEmpty()
        ? List.of()
        : all.stream()
            .filter(
                one -> target.get().selector().selects(one.template().texts("metadata", "labels")))
            .toList();
  }

  private Set<Feature> routers() {
    Set<Feature> found = new LinkedHashSet<>();
    if (question.router().isPresent()) {
      // None for the share of the pods.
      Feature.ofRouter(question.router().get()).ifPresent(found::add);
      return found;
    }
    for (String word : Routers.words()) {
      if (divides(Routers.of(word).orElseThrow())) {
        found.add(Feature.ofRouter(word).orElseThrow());
      }
    }
    return found;
  }

  private boolean divides(Router router) {
    Map<Kind, List<Doc>> objects = new LinkedHashMap<>();
    router.kinds().forEach(kind -> objects.put(kind, seen(kind)));
    boolean some = objects.values().stream().anyMatch(routes -> !routes.isEmpty());
    if (!some || question.service().isEmpty()) {
      return some;
    }
    router.judges().forEach(kind -> objects.put(kind, judging(kind)));
    String name = question.service().get();
    return !router.find(new Landscape(namespace, name, objects)).isEmpty();
  }

  /** What routes hang on, in all namespaces; a release does without where it may not be read. */
  private List<Doc> judging(Kind kind) {
    try {
      return cluster.list(Query.all(kind, ""));
    } catch (ClusterException.Forbidden e) {
      return List.of();
    }
  }

  /** All objects of a kind, as far as they may be listed. */
  private List<Doc> seen(Kind kind) {
    // Whether the server has the kind at all is no secret; a list of what it has not is forbidden.
    if (cluster.kind(kind.apiVersion(), kind.kind()).isEmpty()) {
      return List.of();
    }
    try {
      return cluster.list(Query.all(kind, namespace));
    } catch (ClusterException.Forbidden e) {
      unseen.add(kind.plural());
      return List.of();
    }
  }
}
