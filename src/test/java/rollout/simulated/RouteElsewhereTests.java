package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.sim.Behaviour;
import rollout.sim.RouteManifests;
import rollout.sim.RouterKind;
import rollout.sim.World;

/** A route that is of another namespace than its Service. */
class RouteElsewhereTests {
  private static final long SEED = 1;
  private static final String INFRA = "infra";
  private static final Kind HTTP_ROUTE = RouterKind.HTTP_ROUTE.kind();
  private static final Kind GRANT =
      new Kind("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "referencegrants");
  private static final Ref ROUTE = new Ref(HTTP_ROUTE, INFRA, "entry");
  private static final Ref NEAR = new Ref(HTTP_ROUTE, World.NAMESPACE, "entry");

  private final Scene scene = new Scene(SEED, RouteElsewhereTests::build);
  private final Operator driver = scene.operator();

  private static void build(World world) {
    world.routers().start(RouterKind.HTTP_ROUTE);
    world.create(Kind.NAMESPACE, Doc.of("metadata", Doc.of("name", INFRA)));
    Doc from = Doc.of("group", HTTP_ROUTE.group(), "kind", "HTTPRoute", "namespace", INFRA);
    world.create(
        GRANT,
        Doc.of(
            "metadata",
            Doc.of("name", "routes", "namespace", World.NAMESPACE),
            "spec",
            Doc.of("from", List.of(from), "to", List.of(Doc.of("group", "", "kind", "Service")))));
    Doc parent = Doc.of("name", "gateway", "namespace", World.NAMESPACE);
    Doc backend = Doc.of("name", "shop", "namespace", World.NAMESPACE, "port", 80);
    world.create(
        HTTP_ROUTE,
        RouteManifests.route(RouterKind.HTTP_ROUTE, INFRA, "entry")
            .with(List.of(parent), "spec", "parentRefs")
            .with(List.of(Doc.of("backendRefs", List.of(backend))), "spec", "rules"));
    world.pass(Duration.ofSeconds(5));
    world.routers().load(ROUTE, 60);
  }

  private static Wish wish() {
    return new Wish().shares(Duration.ofSeconds(20), 25, 50).errorRate();
  }

  private Doc route() {
    return scene.world().find(ROUTE).orElseThrow();
  }

  private String refusal(Wish wish) {
    RuntimeException error = driver.release(wish).error().orElseThrow();
    assertThat(error).isInstanceOf(RefusedError.class);
    return String.valueOf(error.getMessage());
  }

  @Test
  void isSteeredWhenItIsNamedAndIsAsItWas() {
    scene.world().load("shop", 0);
    Doc before = route().doc("spec");
    scene.afterwards().released(driver.release(wish().routes("infra/entry")), Scene.NEW);
    assertThat(driver.events(Event.TRAFFIC))
        .extracting(event -> event.fields().number(-1, "requested"))
        .startsWith(25L, 50L, 100L);
    assertThat(driver.events(Event.WRITE))
        .extracting(event -> event.fields().textOrEmpty("object"))
        .contains("Service shop", "HTTPRoute infra/entry")
        .doesNotContain("HTTPRoute entry");
    assertThat(route().doc("spec")).isEqualTo(before);
    assertThat(route().texts("metadata", "annotations")).isEmpty();
  }

  @Test
  void oneOfTheSameNameBesideTheServiceIsSteeredWithIt() {
    Scene both = new Scene(SEED, RouteElsewhereTests::buildBoth);
    both.world().load("shop", 0);
    List<Doc> before = specs(both);
    Operator operator = both.operator();
    both.afterwards().released(operator.release(wish().routes("entry", "infra/entry")), Scene.NEW);
    assertThat(operator.events(Event.WRITE))
        .extracting(event -> event.fields().textOrEmpty("object"))
        .contains("HTTPRoute entry", "HTTPRoute infra/entry");
    assertThat(specs(both)).isEqualTo(before);
  }

  @Test
  void bothOfOneNameGoBack() {
    Scene both = new Scene(SEED, RouteElsewhereTests::buildBoth);
    both.world().load("shop", 0);
    List<Doc> before = specs(both);
    both.when(
        () ->
            both.world().routers().share(ROUTE, "shop-r1") > 0.2
                && both.world().routers().share(NEAR, "shop-r1") > 0.2,
        () -> both.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    both.afterwards().wentBack(both.operator().release(wish().routes("entry", "infra/entry")));
    assertThat(specs(both)).isEqualTo(before);
  }

  private static void buildBoth(World world) {
    build(world);
    Doc backend = Doc.of("name", "shop", "port", 80);
    world.create(
        HTTP_ROUTE,
        RouteManifests.route(RouterKind.HTTP_ROUTE, NEAR.namespace(), NEAR.name())
            .with(List.of(Doc.of("backendRefs", List.of(backend))), "spec", "rules"));
    world.pass(Duration.ofSeconds(5));
  }

  private static List<Doc> specs(Scene both) {
    return Stream.of(NEAR, ROUTE)
        .map(ref -> both.world().find(ref).orElseThrow().doc("spec"))
        .toList();
  }

  @Test
  void goesBackAndIsAsItWas() {
    scene.world().load("shop", 0);
    Doc before = route().doc("spec");
    scene.when(
        () -> scene.world().routers().share(ROUTE, "shop-r1") > 0.2,
        () -> scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    scene.afterwards().wentBack(driver.release(wish().routes("HTTPRoute/infra/entry")));
    assertThat(route().doc("spec")).isEqualTo(before);
    assertThat(route().texts("metadata", "annotations")).isEmpty();
  }

  @Test
  void whoeverFindsTheReleaseWithoutAJournalPutsItBack() {
    scene.world().load("shop", 0);
    Doc before = route().doc("spec");
    scene.when(() -> scene.world().routers().share(ROUTE, "shop-r1") > 0.2, driver::kill);
    driver.release(wish().routes("infra/entry"));
    scene.world().pass(Duration.ofMinutes(1));
    scene.withoutJournal();
    scene.operator().repair(false);
    scene.afterwards().asItWas();
    assertThat(route().doc("spec")).isEqualTo(before);
    assertThat(route().texts("metadata", "annotations")).isEmpty();
  }

  @Test
  void isLeftAloneAndSaidWhenNobodyNamesIt() {
    scene.world().load("shop", 0);
    Doc before = route().doc("spec");
    scene.afterwards().released(driver.release(wish().router("auto")), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(message -> message.startsWith("HTTPRoute infra/entry names the Service too"));
    assertThat(route().doc("spec")).isEqualTo(before);
  }

  @Test
  void isRefusedWithoutAGrantForEveryService() {
    scene.world().delete(new Ref(GRANT, World.NAMESPACE, "routes"));
    assertThat(refusal(wish().routes("infra/entry")))
        .contains("no ReferenceGrant in namespace " + World.NAMESPACE)
        .contains("add one from HTTPRoute in infra to Service without a name");
  }

  @Test
  void needsNoRightInAllNamespaces() {
    scene.world().load("shop", 0);
    scene.world().forbid("list", "httproutes", "");
    scene.world().forbid("list", "referencegrants", "");
    scene.afterwards().released(driver.release(wish().routes("infra/entry")), Scene.NEW);
  }

  @Test
  void isRefusedWhereNobodyMayReadIt() {
    for (String plural : List.of("httproutes", "grpcroutes")) {
      scene.world().forbid("list", plural, "");
      scene.world().forbid("list", plural, INFRA);
    }
    assertThat(refusal(wish().routes("infra/entry")))
        .contains("no permission to list routes in namespace infra")
        .contains("is needed there too");
  }

  @Test
  void isRefusedWhereNobodyMayWriteIt() {
    scene.world().forbid("patch", "httproutes", INFRA);
    assertThat(refusal(wish().routes("infra/entry")))
        .contains("no permission to patch httproutes in namespace infra");
  }

  @Test
  void isNotMissedWhereNobodyMaySeeIt() {
    scene.world().forbid("list", "httproutes", "");
    scene.world().load("shop", 0);
    scene.afterwards().released(driver.release(wish().router("auto")), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .noneMatch(message -> message.contains("infra/entry"));
  }
}
