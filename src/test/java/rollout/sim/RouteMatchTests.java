package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Ref;

/** Requests of chosen users, beside those that go by the weights. */
class RouteMatchTests {
  private static final String PREFIX = "nginx.ingress.kubernetes.io/";
  private static final Request CHOSEN = Request.header("X-Canary", "yes");

  /** Half of the load is of chosen users; in percent of all. */
  private static String minute(Routed shop, Request request) {
    shop.world.pass(Routed.SETTLED);
    shop.world.routers().load(shop.route, 100);
    shop.world.routers().load(shop.route, request, 100);
    String minute = shop.minute();
    shop.world.routers().load(shop.route, request, 0);
    return minute;
  }

  private static void rule(Routed shop, boolean first, Doc rule, String... path) {
    List<@Nullable Object> rules =
        new ArrayList<>(shop.world.find(shop.route).orElseThrow().docs(path));
    rules.add(first ? 0 : rules.size(), rule);
    shop.world.patch(shop.route, Patch.none().put(rules, path));
  }

  @Test
  void httpRoutesRuleWithMoreHeadersWinsWhereverItStands() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE).weighs(90, 10);
    Doc header = Doc.of("name", "x-canary", "value", "yes");
    Doc match = Doc.of("headers", List.of(header));
    Doc backend = Doc.of("name", "shop-new", "port", 80);
    Doc chosen = Doc.of("matches", List.of(match), "backendRefs", List.of(backend));

    rule(shop, false, chosen, "spec", "rules");

    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 45, shop-new 55");
    assertThat(minute(shop, Request.header("X-Canary", "no"))).isEqualTo("shop 90, shop-new 10");
  }

  @Test
  void httpRoutesCookieIsAHeaderThatMatchesAnExpression() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE).weighs(100, 0);
    Doc header =
        Doc.of("name", "Cookie", "type", "RegularExpression", "value", "(.*; *)?canary=yes(;.*)?");
    Doc match = Doc.of("headers", List.of(header));
    Doc backend = Doc.of("name", "shop-new", "port", 80);

    rule(
        shop,
        false,
        Doc.of("matches", List.of(match), "backendRefs", List.of(backend)),
        "spec",
        "rules");

    assertThat(minute(shop, Request.cookie("canary", "yes"))).isEqualTo("shop 50, shop-new 50");
    assertThat(minute(shop, Request.cookie("canary", "yesterday")))
        .isEqualTo("shop 100, shop-new 0");
  }

  @Test
  void virtualServicesFirstRuleThatFitsWins() {
    Routed shop = new Routed(RouterKind.VIRTUAL_SERVICE).weighs(90, 10);
    Doc match = Doc.of("headers", Doc.of("x-canary", Doc.of("exact", "yes")));
    Doc chosen =
        Doc.of(
            "match",
            List.of(match),
            "route",
            List.of(Doc.of("destination", Doc.of("host", "shop-new"))));

    rule(shop, false, chosen, "spec", "http");
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 90, shop-new 10");

    rule(shop, true, chosen, "spec", "http");
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 45, shop-new 55");
  }

  @Test
  void ingressRoutesLongestRuleThatFitsWinsUnlessOneHasAPriority() {
    Routed shop = new Routed(RouterKind.INGRESS_ROUTE).weighs(90, 10);
    Doc chosen =
        Doc.of(
            "match",
            "Host(`shop.example`) && Header(`X-Canary`, `yes`)",
            "services",
            List.of(Doc.of("name", "shop-new", "port", 80)));

    rule(shop, false, chosen, "spec", "routes");
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 45, shop-new 55");

    Doc first = Doc.of("match", "Host(`shop.example`)", "priority", 99);
    rule(
        shop,
        false,
        first.with(List.of(Doc.of("name", "shop", "port", 80)), "services"),
        "spec",
        "routes");
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 100, shop-new 0");
  }

  @Test
  void nginxTakesHeaderThenCookieThenWeight() {
    Routed shop = new Routed(RouterKind.INGRESS_NGINX).weighs(90, 10);
    annotate(shop, Map.of(PREFIX + "canary-by-header", "X-Canary"));
    assertThat(minute(shop, Request.header("X-Canary", "always")))
        .isEqualTo("shop 45, shop-new 55");
    assertThat(minute(shop, Request.header("X-Canary", "never"))).isEqualTo("shop 95, shop-new 5");
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 90, shop-new 10");

    annotate(shop, Map.of(PREFIX + "canary-by-header-value", "yes"));
    assertThat(minute(shop, CHOSEN)).isEqualTo("shop 45, shop-new 55");

    annotate(shop, Map.of(PREFIX + "canary-by-cookie", "canary"));
    assertThat(minute(shop, Request.cookie("canary", "always"))).isEqualTo("shop 45, shop-new 55");
  }

  private static void annotate(Routed shop, Map<String, String> more) {
    Ref canary = new Ref(RouteKinds.INGRESS, World.NAMESPACE, "shop-canary");
    Patch patch = Patch.none();
    for (Map.Entry<String, String> one : more.entrySet()) {
      patch = patch.put(one.getValue(), "metadata", "annotations", one.getKey());
    }
    shop.world.patch(canary, patch);
  }

  @Test
  void nginxCanaryHoldsForEveryIngressOfTheSameService() {
    Routed shop = new Routed(RouterKind.INGRESS_NGINX).weighs(50, 50);
    Doc other = RouteManifests.route(RouterKind.INGRESS_NGINX, World.NAMESPACE, "shop");
    Doc moved =
        Doc.parse(other.json().replace("shop.example", "other.example"))
            .with("other", "metadata", "name");
    Ref ref = Ref.to(RouteKinds.INGRESS, shop.world.create(RouteKinds.INGRESS, moved));
    shop.world.pass(Routed.SETTLED);

    assertThat(shop.world.routers().share(ref, "shop-new")).isEqualTo(0.5);
  }

  @Test
  void nginxWeightThatCannotBeReadIsNoneAndASmallTotalIsAHundred() {
    Routed shop = new Routed(RouterKind.INGRESS_NGINX).weighs(5, 5);
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isEqualTo(0.05);

    annotate(shop, Map.of(PREFIX + "canary-weight", "many"));
    shop.world.pass(Routed.SETTLED);
    assertThat(shop.world.routers().share(shop.route, "shop-new")).isZero();
  }

  @Test
  void longestPathOfAnHttpRouteWins() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    Doc match = Doc.of("path", Doc.of("type", "PathPrefix", "value", "/basket"));
    Doc backend = Doc.of("name", "shop-new", "port", 80);
    rule(
        shop,
        false,
        Doc.of("matches", List.of(match), "backendRefs", List.of(backend)),
        "spec",
        "rules");

    assertThat(minute(shop, new Request("/basket/1", Map.of()))).isEqualTo("shop 50, shop-new 50");
    assertThat(minute(shop, new Request("/baskets", Map.of()))).isEqualTo("shop 100, shop-new 0");
  }
}
