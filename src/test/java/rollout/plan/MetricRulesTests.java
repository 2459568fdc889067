package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.MetricNames;
import rollout.model.MetricNames.ByService;
import rollout.model.RefusedError;
import rollout.strategy.Canary;

/** Whose numbers may judge which release. */
class MetricRulesTests {
  private static final MetricNames HTTP = new MetricNames("http", "", "t", "b", "h", 1, "");

  private static MetricNames routers(String name, String... routers) {
    return new MetricNames(
        name,
        "",
        "t",
        "b",
        "h",
        1,
        "",
        Optional.of(
            new ByService(
                List.of(routers), "s=~\"$service-($ports)\"", "s=\"$service-($ports)\"")));
  }

  private static final List<MetricNames> KNOWN =
      List.of(
          HTTP,
          routers("traefik", "traefik", "gateway-api"),
          routers("traefik-exported", "traefik", "gateway-api"),
          routers("nginx", "ingress-nginx"));

  private static Canary canary(String router) {
    Canary.Stage stage = new Canary.Weight(50, Duration.ofMinutes(1), List.of());
    return new Canary(
        List.of(stage), router, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Doc route(String service) {
    return Surveyed.route("web", Surveyed.backend(service, 1));
  }

  private static Surveyed routed() {
    return Surveyed.shop().routes(Surveyed.HTTP_ROUTE, route("shop")).canary(canary(Canary.AUTO));
  }

  private static List<String> names(Surveyed surveyed) {
    return surveyed.usable(KNOWN).stream().map(MetricNames::name).toList();
  }

  @Test
  void blueGreenAndReplicasAreCountedByThePodsAlone() {
    assertThat(names(Surveyed.shop())).containsExactly("http");
    assertThat(names(Surveyed.shop().routes(Surveyed.HTTP_ROUTE).canary(canary(Canary.REPLICAS))))
        .containsExactly("http");
  }

  @Test
  void routerThatDividesTheRequestsIsTriedAfterThePods() {
    assertThat(names(routed())).containsExactly("http", "traefik", "traefik-exported");
  }

  @Test
  void wordMeansAllItsVariants() {
    assertThat(names(routed().metrics("traefik"))).containsExactly("traefik", "traefik-exported");
    assertThat(names(routed().metrics("http"))).containsExactly("http");
  }

  @Test
  void portsOfTheServiceArePutIn() {
    Surveyed shop =
        routed()
            .service(
                "shop",
                doc ->
                    doc.with(
                        List.of(Doc.of("port", 80, "name", "web"), Doc.of("port", 9090)),
                        "spec",
                        "ports"));
    assertThat(shop.metrics("traefik").usable(KNOWN).getFirst().byService())
        .contains(
            new ByService(
                List.of("traefik", "gateway-api"),
                "s=~\"$service-(80|web|9090)\"",
                "s=\"$service-(80|web|9090)\""));
  }

  @Test
  void portlessServiceMatchesNoPort() {
    Surveyed shop = routed().service("shop", doc -> doc.without("spec", "ports"));
    assertThat(shop.metrics("traefik").usable(KNOWN).getFirst().byService().orElseThrow().stable())
        .isEqualTo("s=\"$service-(-)\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blue/green | traefik | blue/green moves the requests of one Service",
        "blue/green | nginx | or rollout canary, by a route",
        "replicas | traefik | by replicas both versions are behind one",
        "auto, no route | traefik | no route sends to shop, so both versions are behind it",
        "auto, a route | nginx | the requests of this release are divided by gateway-api",
        "auto, a route | nginx | Use names that count by pod (--metrics http, micrometer, istio)"
      })
  void routersMetricsAreRefusedWhereTheyCountBothAsOne(String how, String names, String says) {
    Surveyed shop =
        switch (how) {
          case "blue/green" -> Surveyed.shop();
          case "replicas" ->
              Surveyed.shop()
                  .routes(Surveyed.HTTP_ROUTE, route("shop"))
                  .canary(canary(Canary.REPLICAS));
          case "auto, no route" ->
              Surveyed.shop()
                  .routes(Surveyed.HTTP_ROUTE, route("mail"))
                  .canary(canary(Canary.AUTO));
          default -> routed();
        };
    assertThatThrownBy(() -> shop.metrics(names).usable(KNOWN))
        .isInstanceOf(RefusedError.class)
        .hasMessageStartingWith(
            "--metrics " + names + ": " + names + " counts the requests to each Service, and ")
        .hasMessageContaining(says);
  }

  @Test
  void routesThatAreNotClearAreSaidInsteadWhereTheyAreNeeded() {
    Surveyed shop =
        Surveyed.shop().routes(Surveyed.HTTP_ROUTE, route("mail")).canary(canary("gateway-api"));
    assertThatThrownBy(() -> shop.metrics("traefik").usable(KNOWN))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("no HTTPRoute");
    assertThat(names(shop.metrics("auto"))).containsExactly("http");
  }

  @Test
  void wordThatNobodyKnowsIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> routed().metrics("treafik").usable(KNOWN))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("no such metrics; known are auto, http, traefik, nginx")
        .hasMessageContaining("Did you mean traefik?");
  }
}
