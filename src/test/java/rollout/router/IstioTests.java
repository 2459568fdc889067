package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.router.Case.NONE;
import static rollout.router.Case.VIRTUAL_SERVICE;
import static rollout.router.Case.after;
import static rollout.router.Case.landscape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Match;

class IstioTests {
  private static final Istio ROUTER = new Istio();

  private static Doc to(String host) {
    return VIRTUAL_SERVICE.object(List.of(VIRTUAL_SERVICE.weighing(host, NONE)));
  }

  private static String refusals(Doc... objects) {
    return ROUTER.find(landscape(VIRTUAL_SERVICE, objects)).getFirst().refusals().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "shop, shop-r7",
    "shop.prod, shop-r7.prod",
    "shop.prod.svc, shop-r7.prod.svc",
    "shop.prod.svc.cluster.local, shop-r7.prod.svc.cluster.local",
    "shop.prod.svc.corp.example, shop-r7.prod.svc.corp.example"
  })
  void hostOfEveryFormIsFoundAndTheCandidatesHasTheSame(String host, String candidate) {
    Doc attached = VIRTUAL_SERVICE.attached(to(host));
    assertThat(attached.textOrEmpty(VIRTUAL_SERVICE.name(0, 1))).isEqualTo(candidate);
    assertThat(ROUTER.weights(attached, VIRTUAL_SERVICE.route(to(host))))
        .isEqualTo(new Weights.Set(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop.test", "shop.test.svc.cluster.local", "shop.example.com", "shops", ""})
  void hostOfAnotherServiceIsNot(String host) {
    assertThat(ROUTER.find(landscape(VIRTUAL_SERVICE, to(host)))).isEmpty();
  }

  @Test
  void loneDestinationHasEverythingWhateverItsWeight() {
    for (int weight : List.of(NONE, 0, 1)) {
      Doc original = VIRTUAL_SERVICE.object(List.of(VIRTUAL_SERVICE.weighing("shop", weight)));
      assertThat(refusals(original)).isEqualTo("[]");
      assertThat(VIRTUAL_SERVICE.attached(original).number(0, VIRTUAL_SERVICE.weight(0, 0)))
          .isEqualTo(100);
    }
  }

  @Test
  void absentWeightBesideAnotherCountsNothing() {
    assertThat(
            refusals(
                VIRTUAL_SERVICE.object(
                    List.of(
                        VIRTUAL_SERVICE.weighing("shop", NONE),
                        VIRTUAL_SERVICE.weighing("other", 100)))))
        .contains("sends nothing to Service shop");
  }

  @Test
  void subsetsAreRefused() {
    Doc subset = VIRTUAL_SERVICE.weighing("shop", NONE).with("v1", "destination", "subset");
    assertThat(refusals(VIRTUAL_SERVICE.object(List.of(subset))))
        .contains("VirtualService web: route 0 sends to subset v1 of Service shop");
  }

  @Test
  void routesThatAreDelegatedAreRefused() {
    Doc delegating =
        VIRTUAL_SERVICE
            .inFront(to("shop"), "cart")
            .without("spec", "http", "0", "route")
            .with(Map.of("name", "x"), "spec", "http", "0", "delegate");
    assertThat(refusals(delegating)).contains("VirtualService web delegates");
  }

  @Test
  void twoForOneHostInTheMeshAreRefused() {
    Doc mesh = to("shop").with(List.of("shop"), "spec", "hosts").without("spec", "gateways");
    Doc other =
        to("cart")
            .with("other", "metadata", "name")
            .with(List.of("shop.prod.svc.cluster.local"), "spec", "hosts")
            .with(List.of("infra/public", "mesh"), "spec", "gateways");
    assertThat(refusals(mesh, other))
        .contains("VirtualService web and VirtualService other are both for host shop");
    assertThat(refusals(mesh, other.with(List.of("infra/public"), "spec", "gateways")))
        .isEqualTo("[]");
    assertThat(refusals(mesh)).isEqualTo("[]");
  }

  @Test
  void whatStaysWithStableIsTold() {
    Doc rule =
        Doc.of(
            "metadata", Doc.of("name", "pools", "namespace", "prod"),
            "spec", Doc.of("host", "shop.prod.svc.cluster.local"));
    Doc tcp =
        to("shop")
            .with(
                List.of(Doc.of("route", List.of(VIRTUAL_SERVICE.weighing("shop", NONE)))),
                "spec",
                "tcp");
    Map<Kind, List<Doc>> all = new LinkedHashMap<>(landscape(VIRTUAL_SERVICE, tcp).objects());
    all.put(RouteKinds.DESTINATION_RULE, List.of(rule));
    assertThat(ROUTER.find(new Landscape("prod", "shop", all)).getFirst().warnings())
        .containsExactly(
            "VirtualService web: its tcp and tls routes keep sending to Service shop alone",
            "DestinationRule pools is for Service shop only: requests to the candidate go without"
                + " it");
  }

  @Test
  void headerRuleStandsJustBeforeItsRuleAndAsksForAllThatItAsks() {
    Doc original = VIRTUAL_SERVICE.inFront(to("shop"), "cart");
    Doc live = VIRTUAL_SERVICE.at(original, 10);
    Match header = new Match(Match.Part.HEADER, "X-Canary", "yes");
    Doc matched =
        after(ROUTER.match(live, VIRTUAL_SERVICE.route(original), header).orElseThrow(), live);
    assertThat(matched.doc("spec", "http", "0")).isEqualTo(live.doc("spec", "http", "0"));
    assertThat(matched.doc("spec", "http", "2")).isEqualTo(live.doc("spec", "http", "1"));
    assertThat(matched.docs("spec", "http", "1", "match"))
        .containsExactly(
            Doc.of(
                "uri", Doc.of("prefix", "/0"),
                "headers", Doc.of("x-canary", Doc.of("exact", "yes"))));
    assertThat(matched.textOrEmpty("spec", "http", "1", "timeout")).isEqualTo("3s");
  }

  @ParameterizedTest
  @CsvSource({
    "canary=a.b, true",
    "x=1; canary=a.b, true",
    "x=1;canary=a.b; y=2, true",
    "canary=aXb, false",
    "canary=a.bc, false",
    "xcanary=a.b, false",
    "x=canary=a.b, false"
  })
  void cookieRuleMeansJustThisCookie(String cookies, boolean matches) {
    Doc live = VIRTUAL_SERVICE.at(to("shop"), 10);
    Route route = VIRTUAL_SERVICE.route(to("shop"));
    Match cookie = new Match(Match.Part.COOKIE, "canary", "a.b");
    Doc matched = after(ROUTER.match(live, route, cookie).orElseThrow(), live);
    String regex =
        matched.textOrEmpty("spec", "http", "0", "match", "0", "headers", "cookie", "regex");
    assertThat(cookies.matches(regex)).isEqualTo(matches);
    assertThat(after(ROUTER.unmatch(matched, route, cookie), matched)).isEqualTo(live);
  }

  @Test
  void headerThatTheRuleAsksForAlreadyCannotBeAskedForTwice() {
    Doc asked =
        to("shop")
            .with(Map.of("exact", "no"), "spec", "http", "0", "match", "0", "headers", "x-canary");
    Match header = new Match(Match.Part.HEADER, "X-Canary", "yes");
    Optional<?> none =
        ROUTER.match(VIRTUAL_SERVICE.at(asked, 10), VIRTUAL_SERVICE.route(asked), header);
    assertThat(none).isEmpty();
  }

  @Test
  void itNeverSaysWhatItHasRead() {
    assertThat(
            ROUTER.ack(to("shop"), VIRTUAL_SERVICE.route(to("shop")), landscape(VIRTUAL_SERVICE)))
        .isEqualTo(new Ack.Silent());
  }
}
