package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import rollout.core.RouteWritesContract;
import rollout.model.Kind;
import rollout.port.Cluster;

/** The routes of a world take a release's writes as those of a real server do. */
class WorldRouteWritesTests extends RouteWritesContract {
  private final World world = new World(7);
  private final Cluster cluster = world.ports(event -> {}).cluster();

  @Override
  protected Cluster cluster() {
    return cluster;
  }

  @Override
  protected String namespace() {
    return World.NAMESPACE;
  }

  @Override
  protected void serve(Kind kind) {
    Arrays.stream(RouterKind.values())
        .filter(one -> one.kind().equals(kind))
        .forEach(world.routers()::start);
  }

  @Override
  protected void await(String what, BooleanSupplier condition) {
    assertThat(world.until(condition, Duration.ofMinutes(1))).as(what).isTrue();
  }
}
