package rollout.plan;

import static rollout.plan.Right.on;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rollout.model.Autoscaler;
import rollout.model.Kind;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;

/**
 * What the program can do, with the rights that it takes: the preflight asks for them, and the
 * published Roles grant them.
 */
public enum Feature {
  /** A release with its way back, here, as a Job, or gone on with by a guard. */
  RELEASE(
      Scope.RELEASES,
      on(
          "the switch; preview Services",
          Kind.SERVICE,
          "get",
          "list",
          "watch",
          "create",
          "patch",
          "delete"),
      on(
          "stable and candidate",
          Kind.DEPLOYMENT,
          "get",
          "list",
          "watch",
          "create",
          "patch",
          "delete"),
      on("whose pods are whose", Kind.REPLICA_SET, "list", "watch"),
      on("what is ready", Kind.POD, "list", "watch"),
      on("what gets traffic", Kind.ENDPOINT_SLICE, "list", "watch"),
      new Right(
          "the logs of a migration and of a failed candidate",
          "",
          List.of("pods/log"),
          List.of("get")),
      on(
          "migration, smoke test, guard; deleted when they are over or leave the history",
          Kind.JOB,
          "list",
          "watch",
          "create",
          "patch",
          "delete"),
      on("journal", Kind.CONFIG_MAP, "get", "list", "watch", "create", "patch"),
      on("lock", Kind.LEASE, "get", "list", "watch", "create", "patch"),
      on("what happened, for kubectl describe", Kind.EVENT, "list", "create"),
      on("looked at by the preflight: what sizes stable by load", Kind.AUTOSCALER, "list"),
      on("looked at by the preflight: the same by KEDA", Kind.SCALED_OBJECT, "list"),
      on("looked at by the preflight: what may leave at once", Kind.DISRUPTION_BUDGET, "list"),
      on("looked at by the preflight: room for a second version", Kind.RESOURCE_QUOTA, "list")),

  /** A HorizontalPodAutoscaler is steered with the release. */
  AUTOSCALER(
      Scope.RELEASES,
      on(
          "its floor and its target for the time of a release",
          Kind.AUTOSCALER,
          "get",
          "watch",
          "patch")),

  /** A ScaledObject is steered with the release. */
  KEDA(
      Scope.RELEASES,
      on(
          "whether it takes pods away, and its target, for the time of a release",
          Kind.SCALED_OBJECT,
          "get",
          "watch",
          "patch")),

  /** A canary by HTTPRoute or GRPCRoute. */
  GATEWAY_API(Scope.RELEASES, weights("gateway-api", "get", "list", "watch", "patch")),

  /** A canary by VirtualService. */
  ISTIO(Scope.RELEASES, weights("istio", "get", "list", "watch", "patch")),

  /** A canary by TraefikService or IngressRoute. */
  TRAEFIK(Scope.RELEASES, weights("traefik", "get", "list", "watch", "patch")),

  /** A canary by Ingress. */
  INGRESS_NGINX(
      Scope.RELEASES,
      weights("ingress-nginx", "get", "list", "watch", "create", "patch", "delete")),

  /** A canary that makes the route of a file; an Ingress takes nothing more. */
  ROUTE(Scope.RELEASES, made("gateway-api"), made("istio"), made("traefik")),

  /** Metrics through the API server. */
  PROMETHEUS(
      Scope.ELSEWHERE,
      new Right("svc:NAMESPACE/NAME:PORT", "", List.of("services/proxy"), List.of("get"))),

  /** A database that several namespaces share. */
  DATABASE(Scope.ELSEWHERE, on("who migrates it", Kind.LEASE, "get", "create", "patch")),

  /** The contract of a migration looks at everybody on the database. */
  CONTRACT(
      Scope.ELSEWHERE,
      on(
          "which schema they run on",
          List.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET),
          "get"),
      on("the same of Jobs", List.of(Kind.CRON_JOB, Kind.JOB), "get")),

  /** Somebody starts releases as Jobs, follows them, and looks. */
  CALLER(
      Scope.CALLERS,
      on(
          "the Job that drives: made suspended, let go, followed, replaced",
          Kind.JOB,
          "list",
          "watch",
          "create",
          "patch",
          "delete"),
      on(
          "its files; status and history tell from the journal",
          Kind.CONFIG_MAP,
          "get",
          "list",
          "watch",
          "create"),
      on("how far it is", Kind.POD, "list", "watch"),
      new Right("what it says", "", List.of("pods/log"), List.of("get")),
      on("why it has no pod", Kind.EVENT, "list"),
      on("status: whether there is such a Service", Kind.SERVICE, "get", "list", "watch"),
      on("status: what gets traffic", Kind.ENDPOINT_SLICE, "list", "watch"),
      on("status: whether its driver lives", Kind.LEASE, "get", "list", "watch")),

  /** What the routes of a canary hang on, and those of others, where that may be looked at. */
  GATEWAYS(
      Scope.CLUSTER,
      judged("gateway-api"),
      judged("istio"),
      judged("ingress-nginx"),
      elsewhere("gateway-api"),
      elsewhere("istio"),
      elsewhere("traefik")),

  /** {@code rollout list -A}. */
  LIST(
      Scope.CLUSTER,
      on("journals", Kind.CONFIG_MAP, "get", "list"),
      on("whether the Service is there", Kind.SERVICE, "get"),
      on("what gets traffic", Kind.ENDPOINT_SLICE, "list"),
      on("whether the driver lives", Kind.LEASE, "get"));

  /** Where rights hold, and whose they are. */
  public enum Scope {
    /** In the namespace of the releases. */
    RELEASES,
    /** The same, but of another account: not of who releases. */
    CALLERS,
    /** In a namespace that something of the release names. */
    ELSEWHERE,
    /** In all namespaces. */
    CLUSTER
  }

  private final Scope scope;
  private final List<Right> rights;

  Feature(Scope scope, Right... rights) {
    this.scope = scope;
    this.rights = List.of(rights);
  }

  private static Right weights(String router, String... verbs) {
    return on("their weights for the time of a canary", router(router).kinds(), verbs);
  }

  private static Right made(String router) {
    return on("the route of --route, where there is none", router(router).kinds(), "create");
  }

  private static Right elsewhere(String router) {
    return on("whether one of another namespace sends there too", router(router).kinds(), "list");
  }

  private static Right judged(String router) {
    return on("whether a route of " + router + " can divide", router(router).judges(), "list");
  }

  private static Router router(String word) {
    return Routers.of(word).orElseThrow();
  }

  /** Where they hold. */
  public Scope scope() {
    return scope;
  }

  /** The rules of its Role. */
  public List<Right> rights() {
    return rights;
  }

  /** As in the name of its Role: {@code gateway-api}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name of its Role. */
  public String role() {
    return this == RELEASE ? "rollout" : "rollout-" + word();
  }

  /** Each thing that it takes. */
  public List<Access> accesses() {
    return rights.stream().flatMap(right -> right.accesses().stream()).toList();
  }

  /** The one of a router. */
  public static Optional<Feature> ofRouter(String router) {
    return Stream.of(values())
        .filter(one -> one.word().equals(router) && Routers.of(router).isPresent())
        .findFirst();
  }

  /** The one that steers what sizes stable by load. */
  public static Feature of(Autoscaler scaler) {
    return scaler.keda() ? KEDA : AUTOSCALER;
  }

  /** What a release takes besides: for the routes that it steers, and what sizes stable by load. */
  public static List<Access> besides(Release release) {
    List<Access> all = new ArrayList<>();
    for (Route route : release.routes()) {
      if (route.namespace().equals(release.namespace())) {
        all.addAll(steering(route.kind()));
      }
    }
    release.given().ifPresent(route -> all.addAll(making(route.kind())));
    release.stableScaler().ifPresent(one -> all.addAll(steering(one.kind())));
    return List.copyOf(all);
  }

  /** What it takes in other namespaces: where routes are that it steers. */
  public static Map<String, List<Access>> elsewhere(Release release) {
    Map<String, List<Access>> all = new LinkedHashMap<>();
    for (Route route : release.routes()) {
      if (!route.namespace().equals(release.namespace())) {
        all.computeIfAbsent(route.namespace(), key -> new ArrayList<>())
            .addAll(steering(route.kind()));
      }
    }
    return all;
  }

  /** What it takes to make a route of the user's file. */
  public static List<Access> making(Kind route) {
    return of(Stream.of(ROUTE, INGRESS_NGINX), route)
        .filter(one -> one.verb().equals("create"))
        .toList();
  }

  private static List<Access> steering(Kind kind) {
    return of(Stream.of(AUTOSCALER, KEDA, GATEWAY_API, ISTIO, TRAEFIK, INGRESS_NGINX), kind)
        .toList();
  }

  private static Stream<Access> of(Stream<Feature> features, Kind kind) {
    return features
        .flatMap(feature -> feature.accesses().stream())
        .filter(one -> one.group().equals(kind.group()) && one.resource().equals(kind.plural()));
  }
}
