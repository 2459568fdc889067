package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricQuery;
import rollout.model.Query;
import rollout.model.Ref;

/** Requests are divided by what a router has acted on. */
class SimulatedRoutersTests {
  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void everyRouterDividesByTheWeightsAndLosesNothing(RouterKind kind) {
    Routed shop = new Routed(kind);
    assertThat(shop.minute()).isEqualTo("shop 100, shop-new 0");

    assertThat(shop.weighs(95, 5).minute()).isEqualTo("shop 95, shop-new 5");
    assertThat(shop.weighs(0, 100).minute()).isEqualTo("shop 0, shop-new 100");
    assertThat(shop.weighs(300, 100).minute()).isEqualTo("shop 75, shop-new 25");
    shop.world.routers().weigh(shop.route, Map.of("shop", 1));
    shop.world.pass(Routed.SETTLED);
    assertThat(shop.minute()).isEqualTo("shop 100, shop-new 0");

    assertThat(shop.world.traffic().losses()).isEmpty();
    assertThat(shop.world.traffic().failed()).isZero();
    assertThat(shop.world.traffic().byCode()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_ROUTE, 'shop 50, shop-new 50'",
    "GRPC_ROUTE, 'shop 50, shop-new 50'",
    "TRAEFIK_SERVICE, 'shop 50, shop-new 50'",
    "INGRESS_ROUTE, 'shop 50, shop-new 50'",
  })
  void weightThatIsNotThereIsOne(RouterKind kind, String minute) {
    Routed shop = new Routed(kind);
    Doc spec =
        Doc.parse(
            RouteManifests.weighted(
                    kind, shop.world.find(shop.route).orElseThrow(), Routed.weights(7, 7))
                .doc("spec")
                .json()
                .replace(",\"weight\":7", ""));

    shop.world.patch(shop.route, Patch.none().put(spec, "spec"));
    shop.world.pass(Routed.SETTLED);

    assertThat(shop.minute()).isEqualTo(minute);
  }

  @Test
  void virtualServiceTakesAMissingWeightForNoneAndOneAloneForAll() {
    Routed shop = new Routed(RouterKind.VIRTUAL_SERVICE);
    Doc destination = Doc.of("host", "shop.shop.svc.cluster.local");
    Doc other = Doc.of("destination", Doc.of("host", "shop-new"), "weight", 3);

    rules(shop, List.of(Doc.of("route", List.of(Doc.of("destination", destination), other))));
    assertThat(shop.minute()).isEqualTo("shop 0, shop-new 100");

    rules(shop, List.of(Doc.of("route", List.of(Doc.of("destination", destination)))));
    assertThat(shop.minute()).isEqualTo("shop 100, shop-new 0");
  }

  private static void rules(Routed shop, List<Doc> rules) {
    shop.world.patch(shop.route, Patch.none().put(rules, "spec", "http"));
    shop.world.pass(Routed.SETTLED);
  }

  @ParameterizedTest
  @EnumSource(value = RouterKind.class, mode = Mode.EXCLUDE, names = "INGRESS_NGINX")
  void thirdBackendKeepsItsShare(RouterKind kind) {
    Routed shop = new Routed(kind);
    shop.world.deploy("other", "registry.example/other:1.0", 1);
    Map<String, Integer> weights = Routed.weights(70, 10);
    weights.put("other", 20);
    shop.world.routers().weigh(shop.route, weights);
    shop.world.pass(Routed.SETTLED);

    assertThat(shop.minute()).isEqualTo("shop 70, shop-new 10");
    weights.putAll(Routed.weights(40, 40));
    shop.world.routers().weigh(shop.route, weights);
    shop.world.pass(Routed.SETTLED);
    assertThat(shop.minute()).isEqualTo("shop 40, shop-new 40");
    assertThat(shop.world.routers().share(shop.route, "other")).isEqualTo(0.2);
  }

  @Test
  void firstChangeAfterAQuietTimeActsAtOnceAndTheNextWaitsForTheThrottle() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    assertThat(acts(shop, 50)).isBetween(10L, 100L);
    assertThat(acts(shop, 60)).isBetween(1_800L, 2_000L);
    shop.world.pass(Duration.ofMillis(500));
    assertThat(acts(shop, 70)).isBetween(1_300L, 1_500L);
    shop.world.pass(Duration.ofSeconds(2));
    assertThat(acts(shop, 80)).isBetween(10L, 100L);

    shop.world.routers().throttle(Duration.ofMillis(300));
    shop.world.pass(Duration.ofSeconds(1));
    acts(shop, 10);
    assertThat(acts(shop, 20)).isBetween(100L, 300L);
  }

  /** Milliseconds from a write to its effect. */
  private static long acts(Routed shop, int percent) {
    Instant written = shop.world.now();
    shop.world.routers().weigh(shop.route, Routed.weights(100 - percent, percent));
    assertThat(
            shop.world.until(
                () -> shop.world.routers().share(shop.route, "shop-new") * 100 == percent,
                Duration.ofMinutes(1)))
        .isTrue();
    return Duration.between(written, shop.world.now()).toMillis();
  }

  @Test
  void candidateThatEndsAfterTheStatusAndBeforeTheEffectLosesRequests() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.behaviour(Routed.NEW, Behaviour.good().drain(Duration.ZERO));
    shop.weighs(50, 50);
    shop.world.routers().weigh(shop.route, Routed.weights(51, 49));
    shop.world.pass(Duration.ofMillis(150));

    shop.world.routers().weigh(shop.route, Routed.weights(100, 0));
    assertThat(shop.world.until(() -> seen(shop), Duration.ofSeconds(1))).isTrue();
    shop.empties("shop-new");

    assertThat(shop.world.traffic().dropped()).isBetween(50L, 250L);
    assertThat(shop.world.traffic().losses().getFirst()).contains("HTTPRoute shop", "has gone");
  }

  private static boolean seen(Routed shop) {
    Doc route = shop.world.find(shop.route).orElseThrow();
    return route.docs("status", "parents").getFirst().docs("conditions").stream()
        .allMatch(
            condition ->
                condition.number(0, "observedGeneration")
                    == route.number(-1, "metadata", "generation"));
  }

  @Test
  void candidateThatEndsAfterTheEffectLosesNothing() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.behaviour(Routed.NEW, Behaviour.good().drain(Duration.ZERO));

    shop.weighs(50, 50).weighs(100, 0).empties("shop-new");

    assertThat(shop.world.traffic().losses()).isEmpty();
    assertThat(shop.minute()).isEqualTo("shop 100, shop-new 0");
  }

  @Test
  void errorsOfAVersionBehindARouteAreItsOwn() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.world.behaviour(Routed.NEW, Behaviour.good().errorRate(0.5));

    shop.weighs(90, 10).minute();

    assertThat(shop.world.traffic().dropped()).isZero();
    assertThat(shop.world.traffic().of(Routed.NEW).errors()).isBetween(600L, 700L);
    assertThat(shop.world.traffic().of(Routed.OLD).errors()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterKind.class,
      names = {"HTTP_ROUTE", "TRAEFIK_SERVICE"})
  void versionWhosePodsHaveAllCrashedHasItsShareForItself(RouterKind kind) {
    Routed shop = new Routed(kind);
    shop.weighs(90, 10);
    for (Doc pod : shop.world.list(pods("shop-new"))) {
      shop.world.mishaps().crash(Meta.name(pod), 1, "Error");
    }

    shop.world.pass(Duration.ofSeconds(20));

    assertThat(shop.world.traffic().losses()).isEmpty();
    assertThat(shop.world.traffic().of(Routed.NEW).errors()).isPositive();
  }

  private static Query pods(String app) {
    return Query.labelled(Kind.POD, World.NAMESPACE, Map.of("app", app));
  }

  @Test
  void prometheusCountsRoutedRequestsByPod() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.weighs(75, 25);
    double stable = counted(shop, "shop-[^n].*");
    double candidate = counted(shop, "shop-new-.*");

    shop.minute();

    stable = counted(shop, "shop-[^n].*") - stable;
    candidate = counted(shop, "shop-new-.*") - candidate;
    assertThat(stable).isGreaterThan(9_000);
    assertThat(candidate / stable).isCloseTo(1.0 / 3, within(0.001));
  }

  private static double counted(Routed shop, String pods) {
    // to a scrape, so that each is counted over as long a time
    shop.world.pass(Duration.ofMillis(5_000 - shop.world.now().toEpochMilli() % 5_000));
    String query = "sum(http_requests_total{pod=~\"" + pods + "\"})";
    return shop.world
                .ports(event -> {})
                .metrics()
                .read(List.of(new MetricQuery("q", query)), shop.world.now())
                .answer("q")
            instanceof Samples samples
        ? samples.series().stream().mapToDouble(one -> one.points().getLast().value()).sum()
        : Double.NaN;
  }

  @ParameterizedTest
  @CsvSource({
    "STUCK, 'shop 90, shop-new 10'",
    "REFUSING, 'shop 90, shop-new 10'",
    "BLIND, 'shop 50, shop-new 50'",
    "SILENT, 'shop 20, shop-new 80'",
    "WELL, 'shop 20, shop-new 80'",
  })
  void routerThatIsNotWellDividesAsItLikes(RouterState state, String minute) {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    shop.weighs(90, 10);

    shop.world.routers().become(state);
    assertThat(shop.weighs(20, 80).minute()).isEqualTo(minute);

    shop.world.routers().become(RouterState.WELL);
    shop.world.pass(Routed.SETTLED);
    assertThat(shop.minute()).isEqualTo("shop 20, shop-new 80");
  }

  @Test
  void worldOfTheSameSeedDividesAlike() {
    assertThat(history()).isEqualTo(history());
  }

  private static String history() {
    Routed shop = new Routed(RouterKind.INGRESS_ROUTE);
    shop.world.routers().weigh(shop.route, Routed.weights(60, 40));
    shop.world.pass(Duration.ofMillis(70));
    return shop.world.traffic() + " " + shop.world.list(pods("shop"));
  }

  @Test
  void routeWithoutAGatewayIsNoWayIn() {
    Routed shop = new Routed(RouterKind.HTTP_ROUTE);
    Ref gateway = new Ref(RouteKinds.GATEWAY, World.NAMESPACE, Routers.GATEWAY);
    shop.world.delete(gateway);
    shop.world.pass(Routed.SETTLED);

    assertThat(shop.minute()).isEqualTo("shop 0, shop-new 0, 404 100");
    assertThat(shop.world.traffic().losses().getFirst()).contains("no Gateway has it");
  }
}
