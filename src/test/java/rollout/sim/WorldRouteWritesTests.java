package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import rollout.core.RouteWritesContract;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.ClusterException;

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
  protected Meeting meeting(Trouble trouble, Ref object) {
    String plural = object.kind().plural();
    switch (trouble) {
      case FORBIDDEN -> world.forbid("patch", plural);
      case WEBHOOK ->
          patches(new Fault.Refuse(new ClusterException.Busy("no webhook", Duration.ZERO)));
      case ANSWER_LOST -> patches(new Fault.LoseAnswer());
    }
    return new Meeting(
        cluster,
        () -> {
          world.allow("patch", plural);
          world.faults(Faults.NONE);
        });
  }

  private void patches(Fault fault) {
    world.faults(call -> call.verb().equals("patch") ? fault : new Fault.None());
  }

  @Override
  protected void await(String what, BooleanSupplier condition) {
    assertThat(world.until(condition, Duration.ofMinutes(1))).as(what).isTrue();
  }
}
