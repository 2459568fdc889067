package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.router.Case.INGRESS_ROUTE;
import static rollout.router.Case.NONE;
import static rollout.router.Case.TRAEFIK_SERVICE;
import static rollout.router.Case.after;
import static rollout.router.Case.landscape;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.Match;

class TraefikTests {
  private static final Traefik ROUTER = new Traefik();

  private static Match header(String value) {
    return new Match(Match.Part.HEADER, "X-Canary", value);
  }

  @Test
  void absentWeightCountsOne() {
    Doc third =
        TRAEFIK_SERVICE.object(
            List.of(TRAEFIK_SERVICE.weighing("shop", NONE), TRAEFIK_SERVICE.weighing("other", 3)));
    assertThat(TRAEFIK_SERVICE.route(third).places().getFirst().total()).isEqualTo(1);
  }

  @Test
  void serviceOfTraefikIsNoServiceOfKubernetes() {
    Doc nested = INGRESS_ROUTE.weighing("shop", NONE).with("TraefikService", "kind");
    assertThat(ROUTER.find(landscape(INGRESS_ROUTE, INGRESS_ROUTE.object(List.of(nested)))))
        .isEmpty();
    Doc written = INGRESS_ROUTE.weighing("shop", NONE).with("Service", "kind");
    assertThat(ROUTER.find(landscape(INGRESS_ROUTE, INGRESS_ROUTE.object(List.of(written)))))
        .hasSize(1);
    Doc mirroring =
        Doc.of(
            "metadata", Doc.of("name", "m", "namespace", "prod"),
            "spec", Doc.of("mirroring", Doc.of("name", "shop")));
    assertThat(ROUTER.find(landscape(TRAEFIK_SERVICE, mirroring))).isEmpty();
  }

  @Test
  void emptyServicesAndCookiesAreTold() {
    Doc sticky =
        TRAEFIK_SERVICE.plain().with(Map.of("cookie", Map.of()), "spec", "weighted", "sticky");
    assertThat(ROUTER.find(landscape(TRAEFIK_SERVICE, sticky)).getFirst().warnings())
        .anySatisfy(one -> assertThat(one).contains("404 to everybody", "allowEmptyServices"))
        .anySatisfy(one -> assertThat(one).contains("TraefikService web is sticky"));
    assertThat(
            ROUTER.find(landscape(TRAEFIK_SERVICE, TRAEFIK_SERVICE.plain())).getFirst().warnings())
        .noneSatisfy(one -> assertThat(one).contains("sticky"));
  }

  @ParameterizedTest
  @CsvSource({"0, 17", "7, 8"})
  void headerRuleHasOnePointOfPriorityMoreThanItsRule(int priority, int expected) {
    Doc original =
        priority == 0
            ? INGRESS_ROUTE.plain()
            : INGRESS_ROUTE.plain().with(priority, "spec", "routes", "0", "priority");
    Doc live = INGRESS_ROUTE.at(original, 10);
    Route route = INGRESS_ROUTE.route(original);
    Doc rule =
        after(ROUTER.match(live, route, header("yes")).orElseThrow(), live)
            .doc("spec", "routes", "1");
    assertThat(rule.textOrEmpty("match"))
        .isEqualTo("(PathPrefix(`/0`)) && Header(`X-Canary`,`yes`)");
    assertThat(rule.number(0, "priority")).isEqualTo(expected);
    assertThat(rule.textOrEmpty("kind")).isEqualTo("Rule");
  }

  @Test
  void headerRuleThatCannotBeWrittenIsNotOffered() {
    Doc live = INGRESS_ROUTE.at(INGRESS_ROUTE.plain(), 10);
    Route route = INGRESS_ROUTE.route(INGRESS_ROUTE.plain());
    assertThat(ROUTER.match(live, route, header("a`b"))).isEmpty();
    assertThat(ROUTER.match(live, route, new Match(Match.Part.COOKIE, "c", "v"))).isEmpty();
    Doc old = live.with("v2", "spec", "routes", "0", "syntax");
    assertThat(ROUTER.match(old, route, header("yes"))).isEmpty();
    Doc service = TRAEFIK_SERVICE.at(TRAEFIK_SERVICE.plain(), 10);
    Route toService = TRAEFIK_SERVICE.route(TRAEFIK_SERVICE.plain());
    assertThat(ROUTER.match(service, toService, header("yes"))).isEmpty();
    assertThat(ROUTER.unmatch(service, toService, header("yes")).operations()).isEmpty();
  }

  @Test
  void itNeverSaysWhatItHasRead() {
    assertThat(
            ROUTER.ack(
                TRAEFIK_SERVICE.plain(),
                TRAEFIK_SERVICE.route(TRAEFIK_SERVICE.plain()),
                landscape(TRAEFIK_SERVICE)))
        .isEqualTo(new Ack.Silent());
  }
}
