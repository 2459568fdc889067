package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import rollout.port.Cluster;
import rollout.port.ClusterContract;

/** The cluster of a world keeps the contract of all clusters. */
class WorldClusterTests extends ClusterContract {
  private final World world = new World(7);
  private final Cluster cluster = world.ports(event -> {}).cluster();

  WorldClusterTests() {
    world.routers().start(RouterKind.HTTP_ROUTE);
  }

  @Override
  protected Cluster cluster() {
    return cluster;
  }

  @Override
  protected String namespace() {
    return World.NAMESPACE;
  }

  @Override
  protected void await(String what, BooleanSupplier condition) {
    assertThat(world.until(condition, Duration.ofMinutes(1))).as(what).isTrue();
  }
}
