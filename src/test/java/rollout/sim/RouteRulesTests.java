package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.ClusterException;

/** What the API server does with the objects of routers. */
class RouteRulesTests {
  private final World world = new World(7);

  private Ref made(RouterKind kind) {
    return world.routers().route(kind, "shop");
  }

  private Doc read(Ref ref) {
    return world.find(ref).orElseThrow();
  }

  private static Doc backend(String name) {
    return Doc.of("name", name, "port", 80);
  }

  private void rules(Ref route, Doc... rules) {
    world.patch(route, Patch.none().put(List.of((Object[]) rules), "spec", "rules"));
  }

  @Test
  void serverHasTheKindsOfARouterOnceItRunsAndIngressAlways() {
    Cluster cluster = world.ports(event -> {}).cluster();
    assertThat(cluster.kind("networking.k8s.io/v1", "Ingress")).contains(RouteKinds.INGRESS);
    assertThat(cluster.kind("gateway.networking.k8s.io/v1", "HTTPRoute")).isEmpty();

    world.routers().start(RouterKind.HTTP_ROUTE);

    assertThat(cluster.kind("gateway.networking.k8s.io/v1", "HTTPRoute"))
        .contains(RouteKinds.HTTP_ROUTE);
    assertThat(cluster.kind("traefik.io/v1alpha1", "TraefikService")).isEmpty();
  }

  @Test
  void httpRouteIsFilledIn() {
    Ref route = made(RouterKind.HTTP_ROUTE);
    rules(route, Doc.of("backendRefs", List.of(backend("shop"))));

    Doc rule = read(route).docs("spec", "rules").getFirst();

    assertThat(rule.docs("backendRefs"))
        .containsExactly(
            Doc.of("name", "shop", "port", 80, "group", "", "kind", "Service", "weight", 1));
    assertThat(rule.docs("matches"))
        .containsExactly(Doc.of("path", Doc.of("type", "PathPrefix", "value", "/")));
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void generationRisesWithTheSpecOnly(RouterKind kind) {
    Ref route = made(kind);
    long first = read(route).number(0, "metadata", "generation");

    world.patch(route, Patch.none().put(Map.of("a", "1"), "metadata", "annotations"));
    world.patch(route, Patch.none().put(Map.of("a", "1"), "metadata", "labels"));
    assertThat(read(route).number(0, "metadata", "generation")).isEqualTo(first);
    world.patch(route, Patch.none().put(List.of("a.example"), "spec", "hostnames"));
    assertThat(read(route).number(0, "metadata", "generation")).isEqualTo(first + 1);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void writeToTheObjectLeavesItsStatus(RouterKind kind) {
    Ref route = made(kind);
    Doc status = read(route).doc("status");

    world.patch(route, Patch.none().put(Map.of("parents", List.of()), "status"));

    assertThat(read(route).doc("status")).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, greater than or equal to 0",
    "1000001, less than or equal to 1000000",
  })
  void weightOutOfRangeIsRefused(int weight, String why) {
    Ref route = made(RouterKind.HTTP_ROUTE);

    assertThatThrownBy(() -> world.routers().weigh(route, Map.of("shop", weight)))
        .isInstanceOf(ClusterException.Invalid.class)
        .hasMessageContaining("spec.rules[0].backendRefs[0].weight")
        .hasMessageContaining(why);
    world.routers().weigh(route, Map.of("shop", 1_000_000));
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterKind.class,
      names = {"GRPC_ROUTE", "TRAEFIK_SERVICE", "INGRESS_ROUTE", "VIRTUAL_SERVICE"})
  void weightBelowZeroIsRefused(RouterKind kind) {
    Ref route = made(kind);

    assertThatThrownBy(() -> world.routers().weigh(route, Map.of("shop", -1)))
        .isInstanceOf(ClusterException.Invalid.class);
  }

  @Test
  void weightThatIsNoNumberIsRefused() {
    Ref route = made(RouterKind.HTTP_ROUTE);
    Doc rule = Doc.of("backendRefs", List.of(backend("shop").with("5", "weight")));

    assertThatThrownBy(() -> rules(route, rule)).isInstanceOf(ClusterException.Invalid.class);
  }

  @Test
  void tooManyRulesOrBackendsAndABackendWithoutPortAreRefused() {
    Ref route = made(RouterKind.HTTP_ROUTE);
    Doc rule = Doc.of("backendRefs", List.of(backend("shop")));
    Doc crowded = Doc.of("backendRefs", Collections.nCopies(17, backend("shop")));
    Doc portless = Doc.of("backendRefs", List.of(Doc.of("name", "shop")));

    assertThatThrownBy(() -> rules(route, Collections.nCopies(17, rule).toArray(Doc[]::new)))
        .hasMessageContaining("spec.rules: Too many: 17");
    assertThatThrownBy(() -> rules(route, crowded)).hasMessageContaining("Too many: 17");
    assertThatThrownBy(() -> rules(route, portless)).hasMessageContaining("Must have port");
    rules(route, Collections.nCopies(16, rule).toArray(Doc[]::new));
  }

  @Test
  void virtualServiceRefusesTwoDestinationsOfNoWeight() {
    Ref route = made(RouterKind.VIRTUAL_SERVICE);

    assertThatThrownBy(() -> world.routers().weigh(route, Routed.weights(0, 0)))
        .isInstanceOf(ClusterException.Invalid.class)
        .hasMessageContaining("total destination weight = 0");
    world.routers().weigh(route, Map.of("shop", 0));
  }

  @Test
  void annotationThatIsNoTextIsRefused() {
    Ref route = made(RouterKind.INGRESS_NGINX);
    Map<String, Integer> number = Map.of("nginx.ingress.kubernetes.io/canary-weight", 5);

    assertThatThrownBy(
            () -> world.patch(route, Patch.none().put(number, "metadata", "annotations")))
        .isInstanceOf(ClusterException.Invalid.class);
  }
}
