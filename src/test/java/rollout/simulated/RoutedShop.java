package rollout.simulated;

import java.util.List;
import java.util.function.Consumer;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Ref;
import rollout.sim.RouterKind;
import rollout.sim.World;

/** A shop whose requests come through a route, and two people who work on it. */
final class RoutedShop {
  static final long SEED = 1;

  final Scene scene;
  final Operator driver;
  final Operator person;
  Ref route = Scene.SERVICE;

  RoutedShop(RouterKind kind) {
    this(kind, world -> {});
  }

  RoutedShop(RouterKind kind, Consumer<World> more) {
    scene =
        new Scene(
            SEED,
            world -> {
              more.accept(world);
              route = world.routers().route(kind, "shop");
              world.routers().load(route, 100);
            });
    scene.world().load("shop", 0);
    driver = scene.operator();
    person = scene.operator();
  }

  Doc object() {
    return scene.world().find(route).orElseThrow();
  }

  double share() {
    return scene.world().routers().share(route, "shop-r1");
  }

  void atShare(double share, Runnable event) {
    scene.when(() -> Math.abs(share() - share) < 0.001, event);
  }

  List<Long> requested() {
    return driver.events(Event.TRAFFIC).stream()
        .map(event -> event.fields().number(-1, "requested"))
        .toList();
  }
}
