package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.port.Metrics;
import rollout.port.MetricsContract;

/** The Prometheus of a world keeps the contract of all metrics. */
class WorldMetricsTests extends MetricsContract {
  private final World world = new World(9);
  private final Metrics metrics = world.ports(event -> {}).metrics();

  @BeforeEach
  void traffic() {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    world.load("shop", 20);
    world.pass(Duration.ofMinutes(1));
  }

  @Override
  protected Metrics metrics() {
    return metrics;
  }

  @Override
  protected Instant now() {
    return world.now();
  }

  @Override
  protected String pod() {
    return world
        .list(Query.all(Kind.POD, World.NAMESPACE))
        .getFirst()
        .textOrEmpty("metadata", "name");
  }

  @Override
  protected void await(BooleanSupplier condition) {
    assertThat(world.until(condition, Duration.ofMinutes(1))).isTrue();
  }

  @Override
  protected void goAway() {
    world.prometheus(MetricsState.DOWN);
  }
}
