package rollout.router;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;

/**
 * A kind of route object, and how to write one down.
 *
 * @param backend of a Service, without weight
 * @param object around its lists of backends
 * @param rules path of the rules; empty: one list only
 * @param list path of the list in a rule, or in the object
 */
record Case(
    String router,
    Kind kind,
    Function<String, Doc> backend,
    Function<List<List<Doc>>, Doc> object,
    List<String> rules,
    List<String> list) {
  static final int NONE = -1;
  static final String CANDIDATE = "shop-r7";

  static final Case HTTP = gatewayApi(RouteKinds.HTTP_ROUTE, "path");
  static final Case GRPC = gatewayApi(RouteKinds.GRPC_ROUTE, "method");

  static final Case TRAEFIK_SERVICE =
      new Case(
          "traefik",
          RouteKinds.TRAEFIK_SERVICE,
          Case::traefik,
          lists -> Doc.of("weighted", Doc.of("services", lists.getFirst(), "unknown", "a<b&c")),
          List.of(),
          List.of("spec", "weighted", "services"));

  static final Case INGRESS_ROUTE =
      new Case(
          "traefik",
          RouteKinds.INGRESS_ROUTE,
          Case::traefik,
          lists ->
              Doc.of(
                  "entryPoints",
                  List.of("web"),
                  "routes",
                  numbered(
                      lists,
                      (i, list) ->
                          Doc.of(
                              "kind",
                              "Rule",
                              "match",
                              "PathPrefix(`/" + i + "`)",
                              "services",
                              list))),
          List.of("spec", "routes"),
          List.of("services"));

  static final Case VIRTUAL_SERVICE =
      new Case(
          "istio",
          RouteKinds.VIRTUAL_SERVICE,
          service -> Doc.of("destination", Doc.of("host", service, "port", Doc.of("number", 80))),
          lists ->
              Doc.of(
                  "hosts",
                  List.of("shop.example.com"),
                  "gateways",
                  List.of("infra/public"),
                  "http",
                  numbered(
                      lists,
                      (i, list) ->
                          Doc.of(
                              "match",
                              List.of(Doc.of("uri", Doc.of("prefix", "/" + i))),
                              "route",
                              list,
                              "timeout",
                              "3s"))),
          List.of("spec", "http"),
          List.of("route"));

  static final Case INGRESS =
      new Case(
          "ingress-nginx",
          RouteKinds.INGRESS,
          service -> Doc.of("service", Doc.of("name", service, "port", Doc.of("name", "http"))),
          lists ->
              Doc.of(
                  "ingressClassName",
                  "nginx",
                  "tls",
                  List.of(Doc.of("hosts", List.of("shop.example.com"))),
                  "rules",
                  List.of(
                      Doc.of(
                          "host",
                          "shop.example.com",
                          "http",
                          Doc.of(
                              "paths",
                              numbered(
                                  lists,
                                  (i, list) ->
                                      Doc.of(
                                          "path",
                                          "/" + i,
                                          "pathType",
                                          "Prefix",
                                          "backend",
                                          list.getFirst())))))),
          List.of(),
          List.of());

  static Stream<Case> all() {
    return Stream.concat(listing(), Stream.of(INGRESS));
  }

  /** Those that list Services with weights. */
  static Stream<Case> listing() {
    return Stream.concat(withRules(), Stream.of(TRAEFIK_SERVICE));
  }

  static Stream<Case> withRules() {
    return Stream.of(HTTP, GRPC, INGRESS_ROUTE, VIRTUAL_SERVICE);
  }

  private static Case gatewayApi(Kind kind, String condition) {
    return new Case(
        "gateway-api",
        kind,
        service ->
            Doc.of(
                "group",
                "",
                "kind",
                "Service",
                "name",
                service,
                "port",
                8080,
                "filters",
                List.of(Doc.of("type", "ResponseHeaderModifier"))),
        lists ->
            Doc.of(
                "parentRefs",
                List.of(Doc.of("name", "public", "namespace", "infra")),
                "rules",
                numbered(
                    lists,
                    (i, list) ->
                        Doc.of(
                            "matches",
                            List.of(Doc.of(condition, Doc.of("value", "/" + i))),
                            "filters",
                            List.of(Doc.of("type", "X", "value", "<&>")),
                            "backendRefs",
                            list))),
        List.of("spec", "rules"),
        List.of("backendRefs"));
  }

  private static Doc traefik(String service) {
    return Doc.of("name", service, "port", 80, "scheme", "http", "passHostHeader", true);
  }

  private interface Numbered {
    Doc of(int index, List<Doc> list);
  }

  private static List<Doc> numbered(List<List<Doc>> lists, Numbered made) {
    List<Doc> all = new ArrayList<>();
    lists.forEach(list -> all.add(made.of(all.size(), list)));
    return all;
  }

  Router made() {
    return Routers.of(router).orElseThrow();
  }

  /** A backend with a weight, or {@link #NONE}. */
  Doc weighing(String service, int weight) {
    Doc bare = backend.apply(service);
    return weight == NONE ? bare : bare.with(weight, "weight");
  }

  /** The object with one rule for each list. */
  @SafeVarargs
  final Doc object(List<Doc>... lists) {
    return Doc.of(
        "apiVersion", kind.apiVersion(),
        "kind", kind.kind(),
        "metadata",
            Doc.of(
                "name", "web",
                "namespace", "prod",
                "uid", "u-1",
                "generation", 3,
                "annotations", Map.of("team/owner", "a<b & c")),
        "spec", object.apply(Arrays.asList(lists)));
  }

  /** The object that sends everything to the Service. */
  Doc plain() {
    return object(List.of(weighing("shop", NONE)));
  }

  /** What is around these objects: a router for each kind, and its Gateway. */
  static Landscape landscape(Case of, Doc... objects) {
    Map<Kind, List<Doc>> all = new LinkedHashMap<>();
    Routers.kinds().forEach(kind -> all.put(kind, List.of()));
    all.put(RouteKinds.GATEWAY, List.of(gateway("public")));
    all.put(
        RouteKinds.GATEWAY_CLASS,
        List.of(
            Doc.of(
                "metadata", Doc.of("name", "main"), "spec", Doc.of("controllerName", "x.io/c"))));
    all.put(
        RouteKinds.INGRESS_CLASS,
        List.of(
            Doc.of(
                "metadata", Doc.of("name", "nginx"),
                "spec", Doc.of("controller", "k8s.io/ingress-nginx"))));
    all.put(of.kind(), List.of(objects));
    return new Landscape("prod", "shop", all);
  }

  static Doc gateway(String name) {
    return Doc.of(
        "metadata",
        Doc.of("name", name, "namespace", "infra"),
        "spec",
        Doc.of("gatewayClassName", "main"));
  }

  /** How a release steers the object. */
  Route route(Doc original) {
    return made().find(landscape(this, original)).getFirst().route().to(CANDIDATE);
  }

  /** The object that carries the weights, with the candidate in it. */
  Doc attached(Doc original) {
    Route route = route(original);
    return made()
        .made(original, route)
        .orElseGet(() -> after(made().attach(original, route), original));
  }

  /** At a weight. */
  Doc at(Doc original, int percent) {
    Doc attached = attached(original);
    return after(made().weigh(attached, route(original), percent, false), attached);
  }

  static Doc after(Patch patch, Doc object) {
    try {
      return patch.apply(object);
    } catch (Patch.Refused e) {
      throw new AssertionError(patch + " on " + object, e);
    }
  }

  /** The path of a member of a backend. */
  String[] path(int rule, int backend, String... member) {
    List<String> path = new ArrayList<>(rules);
    if (!rules.isEmpty()) {
      path.add(Integer.toString(rule));
    }
    path.addAll(list);
    path.add(Integer.toString(backend));
    path.addAll(List.of(member));
    return path.toArray(String[]::new);
  }

  String[] name(int rule, int backend) {
    return kind.equals(RouteKinds.VIRTUAL_SERVICE)
        ? path(rule, backend, "destination", "host")
        : path(rule, backend, "name");
  }

  String[] weight(int rule, int backend) {
    return path(rule, backend, "weight");
  }

  /** With a rule of somebody else's in front of all. */
  Doc inFront(Doc object, String service) {
    Doc rule =
        object(List.of(weighing(service, NONE))).docs(rules.toArray(String[]::new)).getFirst();
    List<String> first = new ArrayList<>(rules);
    first.add("0");
    return after(Patch.none().put(rule, first.toArray(String[]::new)), object);
  }

  @Override
  public String toString() {
    return kind.kind();
  }
}
