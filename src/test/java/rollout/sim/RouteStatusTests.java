package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;

/** What the router of the Gateway API says of a route, and when. */
class RouteStatusTests {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Doc route(Routed shop) {
    return shop.world.find(shop.route).orElseThrow();
  }

  private static long generation(Routed shop) {
    return route(shop).number(0, "metadata", "generation");
  }

  private static Doc condition(Routed shop, String type) {
    return route(shop).docs("status", "parents").getFirst().docs("conditions").stream()
        .filter(one -> one.textOrEmpty("type").equals(type))
        .findFirst()
        .orElseThrow();
  }

  private static long observed(Routed shop) {
    return condition(shop, "Accepted").number(0, "observedGeneration");
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterKind.class,
      names = {"HTTP_ROUTE", "GRPC_ROUTE"})
  void statusComesSoonAndTheEffectOnlyAfterIt(RouterKind kind) {
    Routed shop = new Routed(kind);
    shop.world.routers().weigh(shop.route, Routed.weights(50, 50));
    shop.world.pass(Duration.ofMillis(200));
    Instant written = shop.world.now();
    shop.world.routers().weigh(shop.route, Routed.weights(0, 100));
    long wanted = generation(shop);

    assertThat(shop.world.until(() -> observed(shop) == wanted, MINUTE)).isTrue();
    assertThat(Duration.between(written, shop.world.now()).toMillis()).isBetween(10L, 120L);
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isEqualTo(0.5);
    assertThat(condition(shop, "Accepted").text("status")).contains("True");
    assertThat(condition(shop, "ResolvedRefs").text("status")).contains("True");

    shop.world.pass(Routed.SETTLED);
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isEqualTo(1);
  }

  @Test
  void entryNamesTheParentAndTheController() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);

    Doc entry = route(shop).docs("status", "parents").getFirst();

    assertThat(entry.doc("parentRef"))
        .isEqualTo(route(shop).docs("spec", "parentRefs").getFirst())
        .isEqualTo(
            Doc.of("name", "gateway", "group", "gateway.networking.k8s.io", "kind", "Gateway"));
    Doc gateway =
        shop.world.find(new Ref(RouteKinds.GATEWAY, World.NAMESPACE, "gateway")).orElseThrow();
    Ref named =
        new Ref(RouteKinds.GATEWAY_CLASS, "", gateway.textOrEmpty("spec", "gatewayClassName"));
    assertThat(shop.world.find(named).orElseThrow().text("spec", "controllerName"))
        .isEqualTo(entry.text("controllerName"));
  }

  @Test
  void entryOfAnotherControllerStays() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    Doc other = Doc.of("controllerName", "example.net/other", "parentRef", Doc.of("name", "x"));
    shop.world.edit(
        shop.route,
        one -> {
          List<@Nullable Object> entries = new ArrayList<>(one.docs("status", "parents"));
          entries.add(other);
          return one.with(entries, "status", "parents");
        });

    shop.weighs(50, 50);

    assertThat(route(shop).docs("status", "parents")).hasSize(2).contains(other);
  }

  @Test
  void silentRouterActsAndItsStatusStaysOld() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.routers().become(RouterState.SILENT);

    shop.weighs(50, 50);

    assertThat(observed(shop)).isLessThan(generation(shop));
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isEqualTo(0.5);
  }

  @Test
  void stuckRouterSaysThatItHasAccepted() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.routers().become(RouterState.STUCK);

    shop.weighs(50, 50);

    assertThat(observed(shop)).isEqualTo(generation(shop));
    assertThat(condition(shop, "Accepted").text("status")).contains("True");
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isZero();
  }

  @Test
  void refusingRouterSaysSo() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.routers().become(RouterState.REFUSING);

    shop.weighs(50, 50);

    assertThat(observed(shop)).isEqualTo(generation(shop));
    assertThat(condition(shop, "Accepted").text("status")).contains("False");
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isZero();
  }

  @Test
  void serviceOfAnotherNamespaceNeedsItsGrant() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    Doc far = Doc.of("name", "far", "namespace", "default", "port", 80);
    shop.world.create(Kind.SERVICE, Manifests.service("default", "far", Map.of("a", "b")));
    Doc rule = Doc.of("backendRefs", List.of(far));
    shop.world.patch(shop.route, Patch.none().put(List.of(rule), "spec", "rules"));
    shop.world.pass(Routed.SETTLED);
    assertThat(condition(shop, "ResolvedRefs").text("reason")).contains("RefNotPermitted");
    assertThat(shop.minute()).isEqualTo("shop 0, shop-new 0, 500 100");

    Doc from =
        Doc.of("group", "gateway.networking.k8s.io", "kind", "HTTPRoute", "namespace", "shop");
    Doc to = Doc.of("group", "", "kind", "Service");
    shop.world.create(
        RouteKinds.REFERENCE_GRANT,
        Doc.of(
            "metadata",
            Doc.of("name", "from-shop", "namespace", "default"),
            "spec",
            Doc.of("from", List.of(from), "to", List.of(to))));
    shop.world.pass(Routed.SETTLED);
    assertThat(condition(shop, "ResolvedRefs").text("status")).contains("True");
    assertThat(shop.minute()).isEqualTo("shop 0, shop-new 0, 503 100");
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterKind.class,
      mode = Mode.EXCLUDE,
      names = {"HTTP_ROUTE", "GRPC_ROUTE"})
  void otherRoutersSayNothing(RouterKind kind) {
    assertThat(route(new Routed(kind).weighs(50, 50)).has("status")).isFalse();
  }
}
