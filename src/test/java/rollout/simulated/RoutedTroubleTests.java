package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Outcome.Result;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.port.ClusterException;
import rollout.sim.Call;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.MetricsState;
import rollout.sim.RouterKind;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** Canaries by a route of every kind, where the API server does not take what they write on it. */
class RoutedTroubleTests {
  private static final Fault NO_WEBHOOK =
      new Fault.Refuse(
          new ClusterException.Busy("failed calling webhook: connection refused", Duration.ZERO));

  private static final Fault NOTHING = new Fault.None();

  private static Wish wish() {
    return new Wish().shares(Duration.ofSeconds(30), 5, 25, 50).router("auto").errorRate();
  }

  private static boolean patches(Call call, RouterKind kind) {
    return call.verb().equals("patch") && call.target().startsWith(kind.kind().kind() + " ");
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void planWritesNothing(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    assertThat(shop.person.plan(wish()).forward()).isNotEmpty();
    assertThat(shop.scene.world().journal()).isNotEmpty().noneMatch(Call::write);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void withoutTheRightToSteerTheRouteNothingIsWritten(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.scene.world().forbid("patch", kind.kind().plural());
    Ending ending = shop.driver.release(wish());
    assertThat(ending.error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("no permission to patch " + kind.kind().plural());
    assertThat(shop.scene.world().journal()).noneMatch(Call::write);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void rightThatIsTakenAwayAtAShareLeavesTheShareAndIsFinishedLater(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(0.25, () -> shop.scene.world().forbid("patch", kind.kind().plural()));
    Ending ending = shop.driver.release(wish());
    assertThat(ending.word()).isIn("ROLLED_BACK_PARTLY", "UNREACHABLE");
    assertThat(ending.outcome().orElseThrow().says()).contains("rollout rollback shop");
    assertThat(shop.scene.serving("shop-r1")).as("who gets a quarter").isNotEmpty();
    shop.scene.world().allow("patch", kind.kind().plural());
    shop.scene.afterwards().wentBack(shop.person.rollback());
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void webhookThatIsAwayForAMinuteAtAShareOnlyTakesLonger(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(
        0.25,
        () -> {
          shop.scene.world().faults(call -> patches(call, kind) ? NO_WEBHOOK : NOTHING);
          shop.scene
              .world()
              .at(Duration.ofMinutes(1), () -> shop.scene.world().faults(Faults.NONE));
        });
    shop.scene.afterwards().released(shop.driver.release(wish()), Scene.NEW);
  }

  @Test
  void webhookThatStaysAwayIsTriedForTenMinutesForwardAndTenBack() {
    RouterKind kind = RouterKind.HTTP_ROUTE;
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(
        0.25, () -> shop.scene.world().faults(call -> patches(call, kind) ? NO_WEBHOOK : NOTHING));
    Instant begun = shop.scene.world().now();
    Ending ending = shop.driver.release(wish());
    assertEnded(ending, Result.UNREACHABLE);
    assertThat(ending.outcome().orElseThrow().says()).contains("webhook", "rollout rollback shop");
    assertThat(Duration.between(begun, shop.scene.world().now()))
        .isBetween(Duration.ofMinutes(20), Duration.ofMinutes(25));
    shop.scene.world().faults(Faults.NONE);
    shop.scene.afterwards().wentBack(shop.person.rollback());
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void answersThatAreLostFromAShareOnChangeNothing(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(
        0.25,
        () ->
            shop.scene
                .world()
                .faults(call -> patches(call, kind) ? new Fault.LoseAnswer() : NOTHING));
    shop.scene.afterwards().released(shop.driver.release(wish()), Scene.NEW);
    assertThat(shop.requested()).containsExactly(5L, 25L, 50L, 100L, 100L, 100L);
  }

  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void rollbackAtAShareNeedsNoMetrics(RouterKind kind) {
    RoutedShop shop = new RoutedShop(kind);
    shop.atShare(
        0.25,
        () -> {
          shop.scene.world().prometheus(MetricsState.DOWN);
          shop.person.rollback();
        });
    shop.driver.release(wish());
    shop.scene.afterwards().wentBack(shop.person.ending());
  }

  /** Looks at every change for a route that lists the candidate after its last pod has gone. */
  private static List<String> listedWithoutPods(RoutedShop shop, RouterKind kind) {
    World world = shop.scene.world();
    List<String> found = new ArrayList<>();
    boolean[] served = {false};
    world.onChange(
        changed -> {
          boolean pods = !shop.scene.serving("shop-r1").isEmpty();
          served[0] |= pods;
          if (served[0]
              && !pods
              && world.list(Query.all(kind.kind(), World.NAMESPACE)).stream()
                  .anyMatch(route -> route.doc("spec").json().contains("\"shop-r1\""))) {
            found.add("at " + world.now() + " by " + changed);
          }
        });
    return found;
  }

  /** Where a listed Service is empty, some routers answer nobody at all. */
  @ParameterizedTest
  @EnumSource(RouterKind.class)
  void routeIsLetGoOfBeforeTheCandidatesPodsEndForwardAndBack(RouterKind kind) {
    RoutedShop good = new RoutedShop(kind);
    List<String> forward = listedWithoutPods(good, kind);
    good.scene.afterwards().released(good.driver.release(wish()), Scene.NEW);
    assertThat(forward).isEmpty();

    RoutedShop bad = new RoutedShop(kind);
    List<String> back = listedWithoutPods(bad, kind);
    bad.atShare(0.25, bad.person::rollback);
    bad.driver.release(wish());
    bad.scene.afterwards().wentBack(bad.person.ending());
    assertThat(back).isEmpty();
  }
}
