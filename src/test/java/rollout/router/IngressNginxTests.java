package rollout.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rollout.router.Case.CANDIDATE;
import static rollout.router.Case.INGRESS;
import static rollout.router.Case.NONE;
import static rollout.router.Case.after;
import static rollout.router.Case.landscape;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;

class IngressNginxTests {
  private static final IngressNginx ROUTER = new IngressNginx();
  private static final Route ROUTE = INGRESS.route(INGRESS.plain());
  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private static Doc annotated(Doc ingress, String name, String value) {
    return ingress.with(value, "metadata", "annotations", PREFIX + name);
  }

  private static List<Found> found(Doc... ingresses) {
    return ROUTER.find(landscape(INGRESS, ingresses));
  }

  @Test
  void canaryHasTheHostsAndPathsOfStableAndNothingElse() {
    Doc original =
        annotated(
            annotated(
                INGRESS.object(
                    List.of(INGRESS.weighing("cart", NONE)),
                    List.of(INGRESS.weighing("shop", NONE))),
                "affinity",
                "cookie"),
            "rewrite-target",
            "/");
    assertThat(INGRESS.attached(original))
        .isEqualTo(
            Doc.parse(
                """
                {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
                 "metadata": {"name": "web-rollout", "namespace": "prod", "annotations": {
                   "nginx.ingress.kubernetes.io/affinity": "cookie",
                   "nginx.ingress.kubernetes.io/canary": "true",
                   "nginx.ingress.kubernetes.io/canary-weight": "0"}},
                 "spec": {"ingressClassName": "nginx", "rules": [
                   {"host": "shop.example.com", "http": {"paths": [
                     {"path": "/1", "pathType": "Prefix",
                      "backend": {"service": {"name": "shop-r7", "port": {"name": "http"}}}}]}}]}}
                """));
  }

  @Test
  void canaryOfADefaultBackendHasOne() {
    Doc original =
        INGRESS
            .plain()
            .without("spec", "rules")
            .with(INGRESS.weighing("shop", NONE), "spec", "defaultBackend");
    Doc made = INGRESS.attached(original);
    assertThat(made.textOrEmpty("spec", "defaultBackend", "service", "name")).isEqualTo(CANDIDATE);
    assertThat(ROUTER.weights(made, ROUTE)).isEqualTo(new Weights.Set(0));
  }

  @Test
  void weightIsATextUnderAnEscapedName() {
    Patch step = ROUTER.weigh(INGRESS.attached(INGRESS.plain()), ROUTE, 10, false);
    assertThat(step.json())
        .isEqualTo(
            "[{\"op\":\"test\",\"path\":\"/spec/rules/0/http/paths/0/backend/service/name\",\"value\":\"shop-r7\"},"
                + "{\"op\":\"test\",\"path\":\"/metadata/annotations/nginx.ingress.kubernetes.io~1canary\",\"value\":\"true\"},"
                + "{\"op\":\"test\",\"path\":\"/metadata/annotations/nginx.ingress.kubernetes.io~1canary-weight\",\"value\":\"0\"},"
                + "{\"op\":\"add\",\"path\":\"/metadata/annotations/nginx.ingress.kubernetes.io~1canary-weight\",\"value\":\"10\"}]");
  }

  @ParameterizedTest
  @CsvSource({
    "canary-weight, 101",
    "canary-weight, ten",
    "canary-weight, ''",
    "canary-weight-total, 200",
    "canary, false"
  })
  void annotationThatSomebodyChangedIsForeignAndSetRightOnTheWayBack(String name, String value) {
    Doc live = INGRESS.at(INGRESS.plain(), 10);
    Doc theirs = annotated(live, name, value);
    assertThat(ROUTER.weights(theirs, ROUTE))
        .isInstanceOfSatisfying(
            Weights.Foreign.class,
            foreign -> assertThat(foreign.why()).startsWith("Ingress web-rollout: "));
    if (!name.endsWith("total")) {
      assertThatThrownBy(() -> ROUTER.weigh(live, ROUTE, 20, false).apply(theirs))
          .isInstanceOf(Patch.Refused.class);
      assertThat(ROUTER.weights(after(ROUTER.weigh(live, ROUTE, 0, true), theirs), ROUTE))
          .isEqualTo(new Weights.Set(0));
    }
  }

  @Test
  void backWorksThoughSomebodyTookAllAnnotations() {
    Doc bare = INGRESS.at(INGRESS.plain(), 10).without("metadata", "annotations");
    assertThat(ROUTER.weights(after(ROUTER.weigh(bare, ROUTE, 0, true), bare), ROUTE))
        .isEqualTo(new Weights.Set(0));
  }

  @Test
  void stepChangesOneAnnotationAndNothingElse() {
    Doc before = INGRESS.attached(INGRESS.plain());
    assertThat(INGRESS.at(INGRESS.plain(), 10)).isEqualTo(annotated(before, "canary-weight", "10"));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, k8s.io/ingress-nginx, true",
    "nginx, nginx.org/ingress-controller, false",
    "web, k8s.io/ingress-nginx, true",
    "web, traefik.io/ingress-controller, false"
  })
  void classSaysWhetherItIsOurs(String name, String controller, boolean ours) {
    Doc ingressClass =
        Doc.of("metadata", Doc.of("name", name), "spec", Doc.of("controller", controller));
    Doc ingress = INGRESS.plain().with(name, "spec", "ingressClassName");
    Doc old =
        INGRESS
            .plain()
            .without("spec", "ingressClassName")
            .with(name, "metadata", "annotations", "kubernetes.io/ingress.class");
    assertThat(of(ingressClass, ingress)).hasSize(ours ? 1 : 0);
    assertThat(of(ingressClass, old)).hasSize(ours ? 1 : 0);
    Doc none = INGRESS.plain().without("spec", "ingressClassName");
    assertThat(of(ingressClass, none)).isEmpty();
    Doc byDefault =
        ingressClass.with(
            "true", "metadata", "annotations", "ingressclass.kubernetes.io/is-default-class");
    assertThat(of(byDefault, none)).hasSize(ours ? 1 : 0);
  }

  private static List<Found> of(Doc ingressClass, Doc ingress) {
    Map<Kind, List<Doc>> all = new LinkedHashMap<>(landscape(INGRESS, ingress).objects());
    all.put(RouteKinds.INGRESS_CLASS, List.of(ingressClass));
    return ROUTER.find(new Landscape("prod", "shop", all));
  }

  @Test
  void oneCanaryIsAllowedForAPath() {
    Doc canary = annotated(INGRESS.plain().with("mine", "metadata", "name"), "canary", "true");
    assertThat(found(INGRESS.plain(), canary))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.refusals().toString())
                    .contains("Ingress mine is a canary for shop.example.com/0 of web already"));
    Doc elsewhere = canary.with("x.example.com", "spec", "rules", "0", "host");
    assertThat(found(INGRESS.plain(), elsewhere).getFirst().refusals()).isEmpty();
  }

  @Test
  void nameOfTheOneToBeMadeMustBeFree() {
    Doc there =
        INGRESS
            .object(List.of(INGRESS.weighing("cart", NONE)))
            .with("web-rollout", "metadata", "name");
    assertThat(found(INGRESS.plain(), there).getFirst().refusals().toString())
        .contains("there is an Ingress web-rollout already");
    Doc longest = INGRESS.plain().with("w".repeat(246), "metadata", "name");
    assertThat(found(longest).getFirst().refusals().toString()).contains("is too long");
  }

  @Test
  void itsAgeAndCookiesAreTold() {
    assertThat(found(INGRESS.plain()).getFirst().warnings())
        .containsExactly(
            "Ingress web: ingress-nginx has had no upkeep, security fixes included, since March"
                + " 2026");
    assertThat(found(annotated(INGRESS.plain(), "affinity", "cookie")).getFirst().warnings())
        .anySatisfy(one -> assertThat(one).contains("has affinity"));
  }

  @Test
  void chosenRequestsAreSteeredByAnnotations() {
    Doc live = INGRESS.at(INGRESS.plain(), 10);
    Match header = new Match(Match.Part.HEADER, "X-Canary", "yes");
    Doc matched = after(ROUTER.match(live, ROUTE, header).orElseThrow(), live);
    assertThat(matched)
        .isEqualTo(
            annotated(
                annotated(live, "canary-by-header", "X-Canary"), "canary-by-header-value", "yes"));
    assertThat(ROUTER.match(matched, ROUTE, header)).contains(Patch.none());
    assertThat(ROUTER.weights(matched, ROUTE)).isEqualTo(new Weights.Set(10));
    assertThat(after(ROUTER.unmatch(matched, ROUTE, header), matched)).isEqualTo(live);
    assertThat(ROUTER.unmatch(live, ROUTE, header)).isEqualTo(Patch.none());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "never", ""})
  void cookieOfAnotherValueThanAlwaysCannotBe(String value) {
    Doc live = INGRESS.at(INGRESS.plain(), 10);
    Match always = new Match(Match.Part.COOKIE, "canary", "always");
    assertThat(after(ROUTER.match(live, ROUTE, always).orElseThrow(), live))
        .isEqualTo(annotated(live, "canary-by-cookie", "canary"));
    assertThat(ROUTER.match(live, ROUTE, new Match(Match.Part.COOKIE, "canary", value))).isEmpty();
  }

  @Test
  void itNeverSaysWhatItHasRead() {
    assertThat(ROUTER.ack(INGRESS.attached(INGRESS.plain()), ROUTE, landscape(INGRESS)))
        .isEqualTo(new Ack.Silent());
  }
}
