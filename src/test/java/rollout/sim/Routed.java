package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;

/** A world with two versions behind one route: {@code shop}, and {@code shop-new} with its pods. */
final class Routed {
  static final String OLD = "registry.example/shop:1.0";
  static final String NEW = "registry.example/shop:2.0";

  /** Longer than the throttle, and than what the routers believe of pods is old. */
  static final Duration SETTLED = Duration.ofSeconds(3);

  private static final double PER_SECOND = 200;

  final World world = new World(7);
  final Ref route;

  Routed(RouterKind kind) {
    world.deploy("shop", OLD, 2);
    world.deploy("shop-new", NEW, 2);
    route = world.routers().route(kind, "shop");
    world.routers().load(route, PER_SECOND);
    world.pass(SETTLED);
  }

  /** Weights in the order of the object. */
  static Map<String, Integer> weights(int stable, int candidate) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    weights.put("shop", stable);
    weights.put("shop-new", candidate);
    return weights;
  }

  /** Writes weights; the router has acted on them when this returns. */
  Routed weighs(int stable, int candidate) {
    world.routers().weigh(route, weights(stable, candidate));
    world.pass(SETTLED);
    return this;
  }

  /** No pod of a version is left. */
  Routed empties(String deployment) {
    world.patch(
        new Ref(Kind.DEPLOYMENT, World.NAMESPACE, deployment),
        Patch.none().put(0, "spec", "replicas"));
    assertThat(world.until(() -> world.endpoints(deployment) == 0, Duration.ofMinutes(1))).isTrue();
    world.pass(Duration.ofSeconds(20));
    return this;
  }

  /** The Service of a version is no more. */
  Routed deletes(String service) {
    Ref ref = new Ref(Kind.SERVICE, World.NAMESPACE, service);
    world.delete(ref);
    assertThat(world.until(() -> world.find(ref).isEmpty(), Duration.ofMinutes(1))).isTrue();
    world.pass(SETTLED);
    return this;
  }

  /** What becomes of a minute's requests, in percent: {@code shop 90, shop-new 0, 503 10}. */
  String minute() {
    TrafficReport before = world.traffic();
    world.pass(Duration.ofMinutes(1));
    TrafficReport after = world.traffic();
    StringBuilder text = new StringBuilder();
    text.append("shop ").append(percent(after.of(OLD).good() - before.of(OLD).good()));
    text.append(", shop-new ").append(percent(after.of(NEW).good() - before.of(NEW).good()));
    after
        .byCode()
        .forEach(
            (code, requests) -> {
              long more = requests - before.byCode().getOrDefault(code, 0L);
              if (more > 1) {
                text.append(", ").append(code).append(' ').append(percent(more));
              }
            });
    return text.toString();
  }

  private static long percent(long requests) {
    return Math.round(requests * 100 / (PER_SECOND * 60));
  }
}
