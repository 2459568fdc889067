package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.model.UserError;
import rollout.sim.Behaviour;
import rollout.sim.RouteManifests;
import rollout.sim.RouterKind;
import rollout.sim.RouterState;
import rollout.sim.World;

/** Canaries that make the route of a file, by routers of every kind. */
class RouteOfAFileTests {
  private static final long SEED = 1;
  private static final Duration TAKEN = Duration.ofSeconds(4);

  /** A shop whose router runs, and whose requests come through a route as soon as there is one. */
  private static final class Shop {
    final Scene scene;
    final Operator driver;
    final Doc file;
    final Ref route;
    boolean taken = true;

    Shop(RouterKind kind) {
      scene = new Scene(SEED, world -> world.routers().start(kind));
      driver = scene.operator();
      file = RouteManifests.route(kind, World.NAMESPACE, "shop");
      route = Ref.to(kind.kind(), file);
      scene.when(() -> live().isPresent(), () -> scene.world().at(TAKEN, this::through));
    }

    private java.util.Optional<Doc> live() {
      return scene.world().find(route);
    }

    private void through() {
      if (!taken) {
        return;
      }
      scene.world().load("shop", 0);
      scene.world().routers().load(route, 60);
    }

    Wish wish() {
      return new Wish().shares(Duration.ofSeconds(20), 25, 50).errorRate().route(file);
    }

    Afterwards afterwards() {
      return scene.afterwards().but(route);
    }

    /** As in the file, and nothing of ours is on it. */
    void stays() {
      Doc there = live().orElseThrow();
      assertThat(there.doc("spec")).isEqualTo(stored(route, file));
      assertThat(there.texts("metadata", "annotations")).isEmpty();
      assertThat(there.texts("metadata", "labels")).isEmpty();
    }

    /** The spec of the file as this server stores it. */
    private static Doc stored(Ref route, Doc file) {
      World world = new World(SEED);
      for (RouterKind kind : RouterKind.values()) {
        if (kind.kind().equals(route.kind())) {
          world.routers().start(kind);
        }
      }
      world.create(route.kind(), file);
      return world.find(route).orElseThrow().doc("spec");
    }
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void routeIsMadeAndStaysWhenTheVersionIsGood(RouterKind kind) {
    Shop shop = new Shop(kind);
    shop.afterwards().released(shop.driver.release(shop.wish()), Scene.NEW);
    assertThat(shop.driver.events(Event.WRITE))
        .filteredOn(event -> event.message().startsWith("create " + shop.route + ":"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.message())
                    .isEqualTo(
                        "create " + shop.route + ": requests to shop (there was none; it stays)"));
    shop.stays();
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void routeStaysWhenTheVersionGoesBack(RouterKind kind) {
    Shop shop = new Shop(kind);
    shop.scene.when(
        () -> shop.scene.world().routers().share(shop.route, "shop-r1") > 0.2,
        () -> shop.scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3)));
    shop.afterwards().wentBack(shop.driver.release(shop.wish()));
    shop.stays();
  }

  @Test
  void theNextReleaseFindsItAndSaysNothingOfIt() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    assertEnded(shop.driver.release(shop.wish()), Result.DONE);
    Operator next = shop.scene.operator();
    assertEnded(next.release(shop.wish().image(Scene.OTHER)), Result.DONE);
    assertThat(next.events(Event.WRITE))
        .extracting(Event::message)
        .noneMatch(message -> message.startsWith("create " + shop.route + ":"));
    assertThat(next.events(Event.NOTE))
        .extracting(Event::message)
        .noneMatch(message -> message.contains("route.yaml"));
    shop.stays();
  }

  @Test
  void routeThatIsThereIsNotOverwritten() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    shop.scene.world().routers().route(RouterKind.HTTP_ROUTE, "shop");
    shop.scene
        .world()
        .patch(shop.route, Patch.none().put(List.of("a.example"), "spec", "hostnames"));
    Doc before = shop.live().orElseThrow().doc("spec");
    assertEnded(shop.driver.release(shop.wish()), Result.DONE);
    assertThat(shop.live().orElseThrow().doc("spec")).isEqualTo(before);
    assertThat(shop.driver.events(Event.NOTE))
        .extracting(Event::message)
        .anyMatch(message -> message.contains("HTTPRoute shop is there already, and its spec is"));
  }

  @Test
  void whatTheServerWouldRefuseIsRefusedBeforeAnythingIsWritten() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    Doc backend = Doc.of("name", "shop");
    Doc wrong = shop.file.with(List.of(Doc.of("backendRefs", List.of(backend))), "spec", "rules");
    RuntimeException error = shop.driver.release(shop.wish().route(wrong)).error().orElseThrow();
    assertThat(error)
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("the cluster would refuse HTTPRoute shop of route.yaml:1:1: ")
        .hasMessageContaining("Must have port for Service reference");
    assertThat(shop.live()).isEmpty();
    shop.scene.afterwards().asItWas();
  }

  @Test
  void fileThatIsWrongIsTheUsersFault() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    Doc elsewhere = shop.file.with("infra", "metadata", "namespace");
    assertThatThrownBy(() -> shop.driver.release(shop.wish().route(elsewhere)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the route is to be in namespace infra");
  }

  @Test
  void routeThatNobodyMayMakeIsRefusedWithTheRule() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    shop.scene.world().forbid("create", "httproutes");
    assertThat(shop.driver.release(shop.wish()).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("no permission to create httproutes")
        .hasMessageContaining("verbs: [create]");
  }

  @Test
  void kindThatTheClusterDoesNotKnowIsRefused() {
    Scene scene = new Scene(SEED);
    Doc file = RouteManifests.route(RouterKind.VIRTUAL_SERVICE, World.NAMESPACE, "shop");
    Wish wish = new Wish().shares(Duration.ofSeconds(20), 50).route(file);
    assertThat(scene.operator().release(wish).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining(
            "the cluster does not know VirtualService (networking.istio.io/v1) of route.yaml:1:1");
  }

  @Test
  void ingressOfAnotherClassIsRefused() {
    Shop shop = new Shop(RouterKind.INGRESS_NGINX);
    Doc other = shop.file.with("internal", "spec", "ingressClassName");
    assertThat(shop.driver.release(shop.wish().route(other)).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("ingress-nginx would not take Ingress shop of route.yaml:1:1");
  }

  @Test
  void routeThatIsNotAcceptedSendsBackBeforeAnyPodIsMade() {
    Shop shop = new Shop(RouterKind.HTTP_ROUTE);
    shop.taken = false;
    shop.scene.world().routers().become(RouterState.REFUSING);
    shop.afterwards().wentBack(shop.driver.release(shop.wish()));
    assertThat(shop.scene.podsOf(Scene.NEW)).isEmpty();
    shop.stays();
  }
}
