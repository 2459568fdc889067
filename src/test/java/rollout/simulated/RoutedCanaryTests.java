package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.Request;
import rollout.sim.RouterKind;
import rollout.sim.RouterState;
import rollout.sim.World;

/** Canaries whose requests come through a router, of every kind. */
class RoutedCanaryTests {
  private static final Duration WATCHED = Duration.ofSeconds(30);

  private static double told(Event share, String field) {
    return Double.parseDouble(String.valueOf(share.fields().value(field)));
  }

  private static Wish wish() {
    return new Wish().shares(WATCHED, 5, 25, 50).router("auto").errorRate();
  }

  private static Doc spec(Doc object) {
    return object.doc("spec");
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void goodVersionGetsShareByShareAndTheRouteIsAsItWas(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    Doc before = spec(shop.object());
    shop.scene.afterwards().released(shop.driver.release(wish()), Scene.NEW);
    assertThat(shop.requested()).containsExactly(5L, 25L, 50L, 100L, 100L, 100L);
    assertThat(spec(shop.object())).isEqualTo(before);
    assertThat(shop.object().texts("metadata", "annotations")).doesNotContainKey("rollout/state");
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void versionWithErrorsGoesBackAndTheRouteIsAsItWas(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    Doc before = spec(shop.object());
    shop.atShare(
        0.25, () -> shop.scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    shop.scene.afterwards().wentBack(shop.driver.release(wish()));
    assertThat(shop.requested()).containsExactly(5L, 25L, 0L);
    assertThat(spec(shop.object())).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void rollbackByAPersonAtAShare(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(0.25, shop.person::rollback);
    shop.driver.release(wish());
    assertEnded(shop.driver.ending(), Result.LOST);
    shop.scene.afterwards().wentBack(shop.person.ending());
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void driverThatDiesAtAShareIsFollowed(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(0.25, shop.driver::kill);
    shop.driver.release(wish());
    shop.scene.world().pass(Duration.ofMinutes(1));
    shop.scene.afterwards().released(shop.scene.operator().resume(), Scene.NEW);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void withoutTheJournalItIsRepaired(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(0.25, shop.driver::kill);
    shop.driver.release(wish());
    shop.scene.world().pass(Duration.ofMinutes(1));
    shop.scene.withoutJournal();
    shop.scene.operator().repair(false);
    shop.scene.afterwards().asItWas();
  }

  @Test
  void whatFlowsIsWhatWasAskedFor() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    shop.driver.release(wish());
    List<Event> shares =
        shop.driver.events(Event.TRAFFIC).stream()
            .filter(event -> event.fields().has("samples"))
            .toList();
    assertThat(shares).isNotEmpty();
    for (Event share : shares) {
      assertThat((double) share.fields().number(-1, "requested"))
          .as(share.message())
          .isBetween(told(share, "observedLow") - 2, told(share, "observedHigh") + 2);
    }
  }

  @Test
  void requestsThatComePastTheRouteAreNoticedAndAllowedFor() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    shop.scene.world().load("shop", 60);
    shop.scene.afterwards().released(shop.driver.release(wish()), Scene.NEW);
    assertThat(shop.driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("past the route"));
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterState.class,
      names = {"STUCK", "BLIND", "REFUSING"})
  void routerThatStopsFollowingIsSaidAndTheCandidateKeepsItsPods(RouterState state) {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    shop.atShare(0.05, () -> shop.scene.world().routers().become(state));
    assertEnded(shop.driver.release(wish()), Result.ROLLED_BACK_PARTLY);
    assertThat(shop.scene.serving("shop-r1")).isNotEmpty();
    shop.scene.world().routers().become(RouterState.WELL);
    shop.scene.afterwards().wentBack(shop.person.rollback());
  }

  @Test
  void routerThatWritesNoStatusIsNotWaitedForWithoutEnd() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    shop.atShare(0.05, () -> shop.scene.world().routers().become(RouterState.SILENT));
    Result result = shop.driver.release(wish()).outcome().orElseThrow().result();
    assertThat(result).isIn(Result.ROLLED_BACK, Result.ROLLED_BACK_PARTLY);
  }

  @Test
  void weightsThatSomebodyWritesBackSendItBackAndSayWho() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    Doc original = spec(shop.object());
    Instant[] written = {Instant.MAX};
    Runnable writes =
        () -> {
          written[0] = shop.scene.world().now();
          shop.scene
              .world()
              .patch(
                  shop.route,
                  rollout.document.Patch.none().put(original.value("rules"), "spec", "rules"));
        };
    // Some time after it was written, so that it is watched.
    shop.atShare(0.25, () -> shop.scene.world().at(Duration.ofSeconds(20), writes));
    shop.scene.afterwards().wentBack(shop.driver.release(wish()));
    Doc back = shop.driver.events(Event.ROLLBACK).getFirst().fields();
    assertThat(Instant.parse(back.textOrEmpty("decidedAt")))
        .as("at once, not at the next share")
        .isBefore(written[0].plusSeconds(2));
    assertThat(shop.driver.ending().outcome().orElseThrow().says())
        .contains("somebody", "took shop-r1 out of HTTPRoute shop");
  }

  @Test
  void autoWithoutARouteIsByReplicas() {
    Scene scene = new Scene(RoutedShop.SEED);
    Operator driver = scene.operator();
    Wish wish = new Wish().shares(WATCHED, 25, 50).router("auto");
    scene.afterwards().released(driver.release(wish), Scene.NEW);
    assertThat(driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("no route sends to the Service"));
  }

  @Test
  void routerThatIsNotThereIsRefused() {
    Scene scene = new Scene(RoutedShop.SEED);
    assertThat(scene.operator().release(wish().router("istio")).error().orElseThrow())
        .hasMessageContaining("router istio is not installed");
  }

  @Test
  void deploymentOfTheUsersGetsItsSharesAndKeepsTheService() {
    Ref green = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-green");
    RoutedShop shop =
        new RoutedShop(
            RouterKind.HTTP_ROUTE,
            world ->
                world.create(
                    Kind.DEPLOYMENT,
                    Manifests.deployment(
                        World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 0)));
    Doc before = spec(shop.object());
    assertEnded(shop.driver.release(wish().to("shop-green")), Result.DONE);
    Afterwards after = shop.scene.afterwards().but(Scene.SERVICE, Scene.DEPLOYMENT, green);
    after.onlyServes(Scene.NEW);
    after.quiet();
    after.asBefore();
    assertThat(spec(shop.object())).isEqualTo(before);
    assertThat(shop.scene.deployment().replicas()).isZero();
  }

  @Test
  void autoscalerGoesAlongWithTheShares() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE, Scene::scaled);
    assertEnded(shop.driver.release(wish()), Result.DONE);
    // How many pods there are now is the load's doing.
    Afterwards after = shop.scene.afterwards().but(Scene.DEPLOYMENT);
    after.onlyServes(Scene.NEW);
    after.quiet();
    after.asBefore();
  }

  @ParameterizedTest
  @EnumSource(
      value = RouterKind.class,
      names = {"HTTP_ROUTE", "INGRESS_ROUTE", "VIRTUAL_SERVICE", "INGRESS_NGINX"})
  void chosenUsersMeetTheCandidateBeforeItsFirstShare(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    Doc before = spec(shop.object());
    shop.scene.world().routers().load(shop.route, 0);
    shop.scene.world().routers().load(shop.route, Request.header("x-canary", "yes"), 20);
    long[] met = new long[1];
    shop.atShare(
        0.05,
        () ->
            shop.scene
                .world()
                .at(
                    Duration.ofSeconds(10),
                    () -> met[0] = shop.scene.world().traffic().of(Scene.NEW).good()));
    Wish wish = new Wish().shares(WATCHED, 5, 50).router("auto");
    Match match = new Match(Match.Part.HEADER, "x-canary", "yes");
    assertEnded(shop.driver.release(wish.match(match)), Result.DONE);
    assertThat(met[0]).isGreaterThan(100);
    assertThat(spec(shop.object())).isEqualTo(before);
    shop.scene.afterwards().quiet();
  }

  @Test
  void candidateHasNoMorePodsThanItsShareNeeds() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    long[] pods = new long[1];
    shop.atShare(0.05, () -> pods[0] = shop.scene.serving("shop-r1").size());
    shop.driver.release(wish());
    assertThat(pods[0]).isEqualTo(1);
  }

  @Test
  void nothingIsLeftOverOfItsOwnService() {
    RoutedShop shop = new RoutedShop(RouterKind.INGRESS_NGINX);
    shop.driver.release(wish());
    assertThat(shop.scene.world().find(new Ref(Kind.SERVICE, World.NAMESPACE, "shop-r1")))
        .isEmpty();
    assertThat(
            shop.scene
                .world()
                .list(rollout.model.Query.all(RouterKind.INGRESS_NGINX.kind(), World.NAMESPACE)))
        .hasSize(1);
  }
}
