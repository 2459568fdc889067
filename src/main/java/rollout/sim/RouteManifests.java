package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;

/** Plain objects of routers to put into a world. */
public final class RouteManifests {
  private static final String HOST = "shop.example";
  private static final int PORT = 80;

  private RouteManifests() {}

  /**
   * The object at which requests for a Service enter, all of them to that one.
   *
   * @param name of the object and of the Service
   */
  public static Doc route(RouterKind kind, String namespace, String name) {
    Doc bare = object(kind.kind(), namespace, name, spec(kind, name));
    return kind == RouterKind.INGRESS_NGINX ? bare : weighted(kind, bare, Map.of(name, 1));
  }

  private static Doc spec(RouterKind kind, String name) {
    return switch (kind) {
      case HTTP_ROUTE, GRPC_ROUTE ->
          Doc.of(
              "parentRefs",
              List.of(Doc.of("name", Routers.GATEWAY)),
              "hostnames",
              List.of(HOST),
              "rules",
              List.of(Doc.EMPTY));
      case TRAEFIK_SERVICE -> Doc.of("weighted", Doc.EMPTY);
      case INGRESS_ROUTE ->
          Doc.of(
              "entryPoints",
              List.of("web"),
              "routes",
              List.of(Doc.of("kind", "Rule", "match", "Host(`" + HOST + "`)")));
      case VIRTUAL_SERVICE -> Doc.of("hosts", List.of(HOST), "http", List.of(Doc.EMPTY));
      case INGRESS_NGINX -> ingress(name);
    };
  }

  /** Another object of the same kind with these Services and weights in its first rule. */
  public static Doc weighted(RouterKind kind, Doc route, Map<String, Integer> weights) {
    return switch (kind) {
      case HTTP_ROUTE, GRPC_ROUTE ->
          inFirst(route, backends(weights, true), "backendRefs", "spec", "rules");
      case TRAEFIK_SERVICE -> route.with(backends(weights, true), "spec", "weighted", "services");
      case INGRESS_ROUTE -> inFirst(route, backends(weights, true), "services", "spec", "routes");
      case VIRTUAL_SERVICE -> inFirst(route, backends(weights, false), "route", "spec", "http");
      case INGRESS_NGINX ->
          throw new IllegalArgumentException("an Ingress has no weights: see canary()");
    };
  }

  private static Doc inFirst(Doc object, List<Doc> list, String member, String... path) {
    List<@Nullable Object> changed = new ArrayList<>(object.docs(path));
    changed.set(0, object.docs(path).getFirst().with(list, member));
    return object.with(changed, path);
  }

  private static List<Doc> backends(Map<String, Integer> weights, boolean named) {
    List<Doc> backends = new ArrayList<>();
    weights.forEach(
        (service, weight) ->
            backends.add(
                named
                    ? Doc.of("name", service, "port", PORT, "weight", weight)
                    : Doc.of(
                        "destination",
                        Doc.of("host", service, "port", Doc.of("number", PORT)),
                        "weight",
                        weight)));
    return backends;
  }

  /** The second Ingress of nginx: so many of a total to another Service. */
  public static Doc canary(String namespace, String name, String service, int weight, int total) {
    Map<String, String> annotations =
        Map.of(
            "nginx.ingress.kubernetes.io/canary",
            "true",
            "nginx.ingress.kubernetes.io/canary-weight",
            Integer.toString(weight),
            "nginx.ingress.kubernetes.io/canary-weight-total",
            Integer.toString(total));
    return object(RouteKinds.INGRESS, namespace, name, ingress(service))
        .with(annotations, "metadata", "annotations");
  }

  private static Doc ingress(String service) {
    Doc backend = Doc.of("service", Doc.of("name", service, "port", Doc.of("number", PORT)));
    Doc path = Doc.of("path", "/", "pathType", "Prefix", "backend", backend);
    Doc rule = Doc.of("host", HOST, "http", Doc.of("paths", List.of(path)));
    return Doc.of("ingressClassName", "nginx", "rules", List.of(rule));
  }

  /** An IngressRoute that sends all to a TraefikService of the same name. */
  static Doc toTraefikService(String namespace, String name) {
    Doc service = Doc.of("kind", "TraefikService", "name", name);
    Doc route =
        Doc.of("kind", "Rule", "match", "Host(`" + HOST + "`)", "services", List.of(service));
    return object(
        RouteKinds.INGRESS_ROUTE,
        namespace,
        name,
        Doc.of("entryPoints", List.of("web"), "routes", List.of(route)));
  }

  static Doc gateway(String namespace, String name, String className) {
    Doc listener =
        Doc.of(
            "name",
            "http",
            "port",
            PORT,
            "protocol",
            "HTTP",
            "allowedRoutes",
            Doc.of("namespaces", Doc.of("from", "Same")));
    return object(
        RouteKinds.GATEWAY,
        namespace,
        name,
        Doc.of("gatewayClassName", className, "listeners", List.of(listener)));
  }

  static Doc gatewayClass(String name) {
    return object(
        RouteKinds.GATEWAY_CLASS, "", name, Doc.of("controllerName", GatewayRefs.CONTROLLER));
  }

  static Doc ingressClass(String name, String controller) {
    return object(RouteKinds.INGRESS_CLASS, "", name, Doc.of("controller", controller));
  }

  private static Doc object(Kind kind, String namespace, String name, Doc spec) {
    Doc metadata =
        namespace.isEmpty() ? Doc.of("name", name) : Doc.of("name", name, "namespace", namespace);
    return Doc.of(
        "apiVersion", kind.apiVersion(), "kind", kind.kind(), "metadata", metadata, "spec", spec);
  }
}
