package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.Problem;
import rollout.strategy.Canary;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;

/** What can be seen of a route's file alone. */
class GivenRouteTests {
  private static final String GATEWAY = "gateway.networking.k8s.io/v1";

  private static Doc http(Doc... backends) {
    return route(
        GATEWAY,
        "HTTPRoute",
        Doc.of(
            "parentRefs",
            List.of(Doc.of("name", "gateway")),
            "rules",
            List.of(Doc.of("backendRefs", List.of((Object[]) backends)))));
  }

  private static Doc route(String apiVersion, String kind, Doc spec) {
    return Doc.of(
        "apiVersion", apiVersion, "kind", kind, "metadata", Doc.of("name", "web"), "spec", spec);
  }

  private static Doc to(String service) {
    return Doc.of("name", service, "port", 80);
  }

  private static List<String> wrong(Doc route, String router, String namespace) {
    Map<String, String> places =
        Map.of(
            "apiVersion", "route.yaml:1:13",
            "kind", "route.yaml:2:7",
            "metadata/namespace", "route.yaml:3:22",
            "spec", "route.yaml:5:3",
            "spec/rules/0/backendRefs/1/name", "route.yaml:7:15");
    Canary canary =
        new Canary(
            List.of(),
            router,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new RouteFile("route.yaml:1:1", route, places)));
    return GivenRoute.problems(Strategy.of("shop", namespace).by(canary), namespace).stream()
        .map(Problem::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"auto", "gateway-api"})
  void goodRouteIsGood(String router) {
    assertThat(wrong(http(to("shop")), router, "web")).isEmpty();
    assertThat(wrong(http(to("shop")).with("web", "metadata", "namespace"), router, "web"))
        .isEmpty();
  }

  @Test
  void withoutAFileNothingIsWrong() {
    assertThat(GivenRoute.problems(Strategy.of("shop", "web"), "web")).isEmpty();
  }

  @Test
  void byReplicasNoRouteIsMade() {
    assertThat(wrong(http(to("shop")), "replicas", ""))
        .containsExactly(
            "route.yaml:1:1: by replicas no route divides the requests, so none is made.  Leave"
                + " out the route, or --router replicas.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gateway.networking.k8s.io/v1beta1 | HTTPRoute | route.yaml:1:13: HTTPRoute is known as gateway.networking.k8s.io/v1, but this is gateway.networking.k8s.io/v1beta1.
          apps/v1 | Deployment | route.yaml:2:7: Deployment is no route that requests can be divided with.
          gateway.networking.k8s.io/v1 | HTTPRoutes | Did you mean HTTPRoute?
          """)
  void anotherKindIsNamed(String apiVersion, String kind, String says) {
    assertThat(wrong(route(apiVersion, kind, Doc.EMPTY), "auto", "web"))
        .singleElement()
        .asString()
        .contains(says);
  }

  @Test
  void routeOfAnotherRouterThanTheOneAskedForIsRefused() {
    assertThat(wrong(http(to("shop")), "istio", ""))
        .containsExactly(
            "route.yaml:2:7: HTTPRoute is a route of gateway-api, and the router is to be istio. "
                + " Write --router gateway-api, or give a route of that one.");
  }

  @Test
  void anotherNamespaceIsRefusedAsSoonAsThatOfTheServiceIsKnown() {
    Doc route = http(to("shop")).with("infra", "metadata", "namespace");
    assertThat(wrong(route, "auto", "")).isEmpty();
    assertThat(wrong(route, "auto", "web"))
        .containsExactly(
            "route.yaml:3:22: the route is to be in namespace infra, but Service shop is in web. "
                + " Take it out: a route is made beside its Service.");
  }

  @Test
  void serviceMustBeNamedOnceInEachList() {
    assertThat(wrong(http(to("mail")), "auto", "web"))
        .singleElement()
        .asString()
        .startsWith("route.yaml:5:3: HTTPRoute web sends nothing to Service shop.");
    assertThat(wrong(http(to("shop").with("other", "namespace")), "auto", "web"))
        .singleElement()
        .asString()
        .contains("sends nothing to Service shop.");
    assertThat(wrong(http(to("shop"), to("shop")), "auto", "web"))
        .containsExactly(
            "route.yaml:7:15: HTTPRoute web: rule 0 names Service shop twice.  Name it once, with"
                + " one weight.");
  }

  @Test
  void whatTheRouterHasAgainstItIsSaidAtTheFile() {
    assertThat(wrong(http(to("shop").with(0, "weight"), to("mail")), "auto", "web"))
        .containsExactly(
            "route.yaml:1:1: HTTPRoute web: rule 0 sends nothing to Service shop: its weight is 0. "
                + " Give it the weight that it is to have.");
  }

  @Test
  void ingressOfAnyClassIsLeftToThePreflight() {
    Doc backend = Doc.of("service", Doc.of("name", "shop", "port", Doc.of("number", 80)));
    Doc spec =
        Doc.of(
            "ingressClassName",
            "internal",
            "rules",
            List.of(Doc.of("http", Doc.of("paths", List.of(Doc.of("backend", backend))))));
    assertThat(wrong(route("networking.k8s.io/v1", "Ingress", spec), "auto", "web")).isEmpty();
  }
}
