package rollout.packaging;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.cli.Backend;
import rollout.cli.Exporting;
import rollout.cli.Telling;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.port.Connect;
import rollout.port.Progress;
import rollout.run.Rollouts;
import rollout.run.Verbs;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.RouterKind;
import rollout.sim.World;

/** The cluster that the examples speak of, in memory: the shop of their manifests, busy. */
final class ExampleBackend implements Backend {
  static final String NEW = "registry.example/shop:2.0";
  private static final String OLD = "registry.example/shop:1.0";
  private static final double REQUESTS_PER_SECOND = 40;
  private final World world = new World(5);
  private final List<Event> told = new ArrayList<>();

  /** The shop in its old version. */
  ExampleBackend(List<Doc> shop) {
    for (Doc object : shop) {
      boolean service = object.textOrEmpty("kind").equals("Service");
      world.create(service ? Kind.SERVICE : Kind.DEPLOYMENT, service ? object : old(object));
    }
    world.create(
        Kind.SERVICE, Manifests.service(World.NAMESPACE, "shop-preview", Map.of("app", "nobody")));
    world.load("shop", REQUESTS_PER_SECOND);
    // What the tool of the migration says of the database.
    world.behaviour(NEW, Behaviour.good().exits(0, Duration.ofSeconds(2)).log(List.of("2")));
    world.pass(Duration.ofMinutes(3));
  }

  /** Its requests come through an HTTPRoute too. */
  ExampleBackend routed() {
    world.routers().load(world.routers().route(RouterKind.HTTP_ROUTE, "shop"), 100);
    world.pass(Duration.ofMinutes(1));
    return this;
  }

  private static Doc old(Doc deployment) {
    Doc container = deployment.docs("spec", "template", "spec", "containers").getFirst();
    return deployment.with(
        List.of(container.with(OLD, "image").members()), "spec", "template", "spec", "containers");
  }

  /** How the last command ended, in words. */
  String last() {
    return told.isEmpty() ? "" : told.getLast().message();
  }

  @Override
  public Progress progress(Telling telling) {
    return told::add;
  }

  @Override
  public Progress progress(Telling telling, InstantSource clock) {
    return progress(telling);
  }

  @Override
  public Connection look(Connect.Where where, Telling telling) {
    return drive(where, telling, Exporting.NONE);
  }

  @Override
  public Connection drive(Connect.Where where, Telling telling, Exporting exporting) {
    Progress progress = progress(telling);
    Verbs verbs = new Rollouts(world.ports(progress));
    return new Connection() {
      @Override
      public Verbs verbs() {
        return verbs;
      }

      @Override
      public Progress progress() {
        return progress;
      }

      @Override
      public Progress away() {
        return event -> {};
      }

      @Override
      public Optional<String> served() {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }
}
