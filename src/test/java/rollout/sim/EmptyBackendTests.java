package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;

/**
 * What a Service without pods does to a route, as it was measured on a real Traefik: its HTTPRoute,
 * its own kinds with allowEmptyServices off and on, its canary of nginx.
 */
class EmptyBackendTests {
  private static final String ALL_404 = "shop 0, shop-new 0, 404 100";

  @ParameterizedTest
  @CsvSource({
    "HTTP_ROUTE, 100, 0, 'shop 100, shop-new 0'",
    "HTTP_ROUTE, 90, 10, 'shop 90, shop-new 0, 503 10'",
    "HTTP_ROUTE, 0, 100, 'shop 0, shop-new 0, 503 100'",
    "VIRTUAL_SERVICE, 100, 0, 'shop 100, shop-new 0'",
    "VIRTUAL_SERVICE, 90, 10, 'shop 90, shop-new 0, 503 10'",
    "INGRESS_NGINX, 100, 0, 'shop 100, shop-new 0'",
    "INGRESS_NGINX, 90, 10, 'shop 100, shop-new 0'",
    "INGRESS_NGINX, 0, 100, 'shop 100, shop-new 0'",
  })
  void candidateWithoutPods(RouterKind kind, int stable, int candidate, String minute) {
    assertThat(new Routed(kind).weighs(stable, candidate).empties("shop-new").minute())
        .isEqualTo(minute);
  }

  @ParameterizedTest
  @CsvSource({
    "TRAEFIK_SERVICE, 100, 0, 'shop 100, shop-new 0'",
    "TRAEFIK_SERVICE, 90, 10, 'shop 90, shop-new 0, 503 10'",
    "TRAEFIK_SERVICE, 0, 100, 'shop 0, shop-new 0, 503 100'",
    "INGRESS_ROUTE, 100, 0, 'shop 100, shop-new 0'",
    "INGRESS_ROUTE, 90, 10, 'shop 90, shop-new 0, 503 10'",
  })
  void candidateWithoutPodsIs404ForAllOfTraefikUnlessEmptyServicesAreAllowed(
      RouterKind kind, int stable, int candidate, String allowed) {
    Routed shop = new Routed(kind).weighs(stable, candidate).empties("shop-new");
    assertThat(shop.minute()).isEqualTo(ALL_404);
    assertThat(shop.world.traffic().losses().getLast())
        .contains("404, Service shop-new is listed and has no endpoint");

    shop.world.routers().allowEmptyServices(true);
    assertThat(shop.minute()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_ROUTE, 0, 100, 'shop 0, shop-new 100'",
    "HTTP_ROUTE, 10, 90, 'shop 0, shop-new 90, 503 10'",
    "TRAEFIK_SERVICE, 0, 100, 'shop 0, shop-new 0, 404 100'",
    "INGRESS_ROUTE, 10, 90, 'shop 0, shop-new 0, 404 100'",
    "INGRESS_NGINX, 0, 100, 'shop 0, shop-new 100'",
    "INGRESS_NGINX, 10, 90, 'shop 0, shop-new 90, 503 10'",
  })
  void stableWithoutPods(RouterKind kind, int stable, int candidate, String minute) {
    assertThat(new Routed(kind).weighs(stable, candidate).empties("shop").minute())
        .isEqualTo(minute);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_ROUTE, 100, 0, 'shop 100, shop-new 0'",
    "HTTP_ROUTE, 90, 10, 'shop 90, shop-new 0, 500 10'",
    "TRAEFIK_SERVICE, 100, 0, 'shop 0, shop-new 0, 404 100'",
    "INGRESS_ROUTE, 90, 10, 'shop 0, shop-new 0, 404 100'",
    "INGRESS_NGINX, 100, 0, 'shop 100, shop-new 0'",
    "INGRESS_NGINX, 90, 10, 'shop 100, shop-new 0'",
  })
  void candidateServiceThatIsDeleted(RouterKind kind, int stable, int candidate, String minute) {
    Routed shop = new Routed(kind).weighs(stable, candidate).deletes("shop-new");

    assertThat(shop.minute()).isEqualTo(minute);
    shop.world.routers().allowEmptyServices(true);
    assertThat(shop.minute()).as("allowed to be empty, not to be missing").isEqualTo(minute);
  }

  @ParameterizedTest
  @CsvSource({"HTTP_ROUTE", "TRAEFIK_SERVICE", "INGRESS_ROUTE"})
  void noWeightAtAllIs503ForAll(RouterKind kind) {
    assertThat(new Routed(kind).weighs(0, 0).minute()).isEqualTo("shop 0, shop-new 0, 503 100");
  }

  @Test
  void emptyServiceIsNoUnresolvedReferenceButAMissingOneIs() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE).weighs(100, 0).empties("shop-new");
    assertThat(condition(shop, "ResolvedRefs").text("status")).contains("True");

    shop.deletes("shop-new");

    assertThat(condition(shop, "ResolvedRefs").text("status")).contains("False");
    assertThat(condition(shop, "ResolvedRefs").text("reason")).contains("BackendNotFound");
    assertThat(condition(shop, "Accepted").text("status")).contains("True");
  }

  private static Doc condition(Routed shop, String type) {
    Doc route = shop.world.find(shop.route).orElseThrow();
    return route.docs("status", "parents").getFirst().docs("conditions").stream()
        .filter(one -> one.textOrEmpty("type").equals(type))
        .findFirst()
        .orElseThrow();
  }
}
