package rollout.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/** Creates, patches and deletes by the rules of the API server. */
final class ApiServer {
  /** Kinds whose status a write to the object itself does not touch. */
  private static final Set<Kind> WITH_STATUS =
      Store.union(
          Set.of(
              Kind.DEPLOYMENT,
              Kind.REPLICA_SET,
              Kind.STATEFUL_SET,
              Kind.DAEMON_SET,
              Kind.CRON_JOB,
              Kind.JOB,
              Kind.POD,
              Kind.SERVICE,
              Kind.NAMESPACE,
              Kind.AUTOSCALER,
              Kind.RESOURCE_QUOTA,
              Kind.DISRUPTION_BUDGET),
          RouteKinds.WITH_STATUS);

  private final Store store;
  private final Garbage garbage;
  private final Dice dice;
  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final Set<String> forbidden = new HashSet<>();
  private int addresses;

  ApiServer(Store store, Garbage garbage, Dice dice) {
    this.store = store;
    this.garbage = garbage;
    this.dice = dice;
    List.of(
            Kind.SERVICE,
            Kind.POD,
            Kind.CONFIG_MAP,
            Kind.SECRET,
            Kind.EVENT,
            Kind.NAMESPACE,
            Kind.RESOURCE_QUOTA,
            Kind.DEPLOYMENT,
            Kind.REPLICA_SET,
            Kind.STATEFUL_SET,
            Kind.DAEMON_SET,
            Kind.CRON_JOB,
            Kind.JOB,
            Kind.LEASE,
            Kind.ENDPOINT_SLICE,
            Kind.AUTOSCALER,
            Kind.DISRUPTION_BUDGET,
            Kind.ACCESS_REVIEW)
        .forEach(this::know);
    RouteKinds.ALWAYS.forEach(this::know);
  }

  void know(Kind kind) {
    kinds.put(kind.apiVersion() + "/" + kind.kind(), kind);
  }

  Optional<Kind> kind(String apiVersion, String kind) {
    return Optional.ofNullable(kinds.get(apiVersion + "/" + kind));
  }

  void forbid(String verb, String plural) {
    forbidden.add(verb + " " + plural);
  }

  void allow(String verb, String plural) {
    forbidden.remove(verb + " " + plural);
  }

  void forbid(String verb, String plural, String namespace) {
    forbidden.add(verb + " " + plural + " in " + namespace);
  }

  boolean allows(String verb, String plural, String namespace) {
    return !forbidden.contains(verb + " " + plural)
        && !forbidden.contains(verb + " " + plural + " in " + namespace);
  }

  void checkAllowed(String verb, String plural, String namespace) {
    if (!allows(verb, plural, namespace)) {
      throw new ClusterException.Forbidden(
          "%s is forbidden: User \"sim\" cannot %s resource \"%s\" in the namespace \"%s\""
              .formatted(plural, verb, plural, namespace));
    }
  }

  Doc create(Kind kind, Doc object, Send send) {
    if (kind.equals(Kind.ACCESS_REVIEW)) {
      return review(object);
    }
    if (kind(kind.apiVersion(), kind.kind()).isEmpty()) {
      throw new ClusterException.NotFound("the server could not find the requested resource");
    }
    checkNamespace(kind, object);
    Doc wanted = Defaults.fill(kind, named(kind, object));
    wanted = wanted.without("metadata", "uid");
    if (WITH_STATUS.contains(kind) || RouteKinds.WITHOUT_STATUS.contains(kind)) {
      wanted = wanted.without("status");
    }
    wanted = store.born(kind, wanted);
    wanted = kind.equals(Kind.JOB) ? Defaults.jobSelector(wanted) : wanted;
    wanted = kind.equals(Kind.SERVICE) ? addressed(wanted) : wanted;
    Rules.check(kind, wanted);
    Ref ref = Ref.to(kind, wanted);
    if (store.get(ref) != null) {
      throw new ClusterException.AlreadyExists(
          "%s \"%s\" already exists".formatted(kind.plural(), ref.name()));
    }
    return send == Send.DRY_RUN ? wanted : store.add(kind, wanted);
  }

  private void checkNamespace(Kind kind, Doc object) {
    String namespace = Meta.namespace(object);
    boolean inOne = !kind.equals(Kind.NAMESPACE) && !RouteKinds.OF_THE_CLUSTER.contains(kind);
    if (inOne && store.get(new Ref(Kind.NAMESPACE, "", namespace)) == null) {
      throw new ClusterException.NotFound("namespaces \"" + namespace + "\" not found");
    }
  }

  private Doc named(Kind kind, Doc object) {
    Doc named = object.with(kind.apiVersion(), "apiVersion").with(kind.kind(), "kind");
    String prefix = named.textOrEmpty("metadata", "generateName");
    return Meta.name(named).isEmpty() && !prefix.isEmpty()
        ? named.with(prefix + dice.suffix(), "metadata", "name")
        : named;
  }

  private Doc addressed(Doc service) {
    boolean external = service.textOrEmpty("spec", "type").equals("ExternalName");
    if (external || service.has("spec", "clusterIP")) {
      return service;
    }
    addresses++;
    String ip = "10.96.%d.%d".formatted(addresses / 250, addresses % 250 + 1);
    return service.with(ip, "spec", "clusterIP").with(List.of(ip), "spec", "clusterIPs");
  }

  private Doc review(Doc review) {
    Doc asked = review.doc("spec", "resourceAttributes");
    String part = asked.textOrEmpty("subresource");
    String resource = asked.textOrEmpty("resource") + (part.isEmpty() ? "" : "/" + part);
    boolean allowed = allows(asked.textOrEmpty("verb"), resource, asked.textOrEmpty("namespace"));
    return review.with(allowed, "status", "allowed");
  }

  Doc patch(Ref ref, Patch patch, Send send) {
    Doc before = existing(ref);
    Doc after;
    try {
      after = patch.apply(before);
    } catch (Patch.Refused e) {
      throw new ClusterException.Invalid(
          "the server rejected our request due to an error in our request: " + e.getMessage());
    }
    String version = after.textOrEmpty("metadata", "resourceVersion");
    if (!version.isEmpty() && !version.equals(before.textOrEmpty("metadata", "resourceVersion"))) {
      throw conflict(ref, "the object has been modified");
    }
    if (!Meta.uid(after).equals(Meta.uid(before))) {
      throw conflict(ref, "Precondition failed: UID in precondition: " + Meta.uid(after));
    }
    Doc wanted = Defaults.fill(ref.kind(), kept(ref.kind(), before, after));
    Rules.check(ref.kind(), wanted);
    Rules.checkChange(ref.kind(), before, wanted);
    Doc grown = Store.grown(ref.kind(), before, annotated(ref.kind(), before, wanted));
    if (send == Send.DRY_RUN) {
      return grown;
    }
    Doc stored = store.edit(ref, object -> grown);
    garbage.finalizersChanged(ref);
    return stored == null ? grown : stored;
  }

  /** The generation of a Deployment rises with its annotations too. */
  private static Doc annotated(Kind kind, Doc before, Doc after) {
    String[] path = {"metadata", "annotations"};
    return kind.equals(Kind.DEPLOYMENT) && !Meta.same(before.value(path), after.value(path))
        ? after.with(before.number(0, "metadata", "generation") + 1, "metadata", "generation")
        : after;
  }

  /** What a write may not change stays as it was. */
  private static Doc kept(Kind kind, Doc before, Doc after) {
    Doc kept = after;
    List<String[]> paths = new ArrayList<>();
    for (String member :
        List.of(
            "name",
            "namespace",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "deletionTimestamp")) {
      paths.add(new String[] {"metadata", member});
    }
    if (WITH_STATUS.contains(kind) || RouteKinds.WITHOUT_STATUS.contains(kind)) {
      paths.add(new String[] {"status"});
    }
    for (String[] path : paths) {
      @Nullable Object old = before.value(path);
      if (old != kept.value(path)) {
        kept = old == null ? kept.without(path) : kept.with(old, path);
      }
    }
    return kept;
  }

  void delete(Ref ref, String uid) {
    if (!Meta.uid(existing(ref)).equals(uid)) {
      throw conflict(ref, "Precondition failed: UID in precondition: " + uid);
    }
    garbage.delete(ref);
  }

  private Doc existing(Ref ref) {
    @Nullable Doc there = store.get(ref);
    if (there == null) {
      throw new ClusterException.NotFound(
          "%s \"%s\" not found".formatted(ref.kind().plural(), ref.name()));
    }
    return there;
  }

  private static ClusterException.Conflict conflict(Ref ref, String why) {
    return new ClusterException.Conflict(
        "Operation cannot be fulfilled on %s \"%s\": %s"
            .formatted(ref.kind().plural(), ref.name(), why));
  }
}
