package rollout.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.ManifestDoc;
import rollout.model.Measure;
import rollout.model.MetricAnswer;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.plan.GivenRoute;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.RouterKind;
import rollout.sim.World;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Scenario;
import rollout.strategy.Strategy;

/** The cluster before the release: what the strategy speaks of, as the scenario has it. */
final class Stage {
  private static final Duration READY = Duration.ofMinutes(10);

  /** A router acts on a new route within this. */
  private static final Duration TAKEN = Duration.ofSeconds(5);

  private final Strategy strategy;
  private final Scenario scenario;
  private final World world;

  Stage(Strategy strategy, Scenario scenario, World world) {
    this.strategy = strategy;
    this.scenario = scenario;
    this.world = world;
  }

  void build() {
    String service = strategy.service();
    Scenario.Shop shop = scenario.shop();
    shop(service, shop);
    candidates();
    jobs();
    schema();
    List<String> unknown = expressions();
    world.answer(
        query -> unknown.stream().anyMatch(query::startsWith),
        now -> new MetricAnswer.Samples(List.of(), List.of()));
    for (Scenario.Answer answer : scenario.answers()) {
      world.answer(query -> query.contains(answer.contains()), now -> value(now, answer.value()));
    }
    if (given().isPresent()) {
      world.load(service, shop.requestsPerSecond());
      throughGiven(given().get(), shop.requestsPerSecond());
    } else {
      throughRouter(service, shop);
    }
    // Prometheus has seen it for a while before anybody comes.
    world.pass(Duration.ofSeconds(30));
  }

  /** The route that the release makes, if its file is good. */
  private Optional<Ref> given() {
    return GivenRoute.problems(strategy, World.NAMESPACE).isEmpty()
        ? GivenRoute.file(strategy).map(file -> GivenRoute.ref(file, World.NAMESPACE))
        : Optional.empty();
  }

  /** Requests come to the Service itself until its router has taken the route that is made. */
  private void throughGiven(Ref route, double requestsPerSecond) {
    for (RouterKind kind : RouterKind.values()) {
      if (kind.kind().equals(route.kind())) {
        world.routers().start(kind);
      }
    }
    world.at(
        Duration.ofSeconds(1),
        () -> {
          if (world.find(route).isEmpty()) {
            throughGiven(route, requestsPerSecond);
          } else {
            world.at(
                TAKEN,
                () -> {
                  world.load(strategy.service(), 0);
                  world.routers().load(route, requestsPerSecond);
                });
          }
        });
  }

  private void throughRouter(String service, Scenario.Shop shop) {
    router()
        .ifPresentOrElse(
            kind ->
                world
                    .routers()
                    .load(world.routers().route(kind, service), shop.requestsPerSecond()),
            () -> world.load(service, shop.requestsPerSecond()));
  }

  /** The router that the strategy names; its requests come through a route then. */
  private Optional<RouterKind> router() {
    String word = strategy.canary().map(Canary::router).orElse("");
    return Arrays.stream(RouterKind.values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  /** The beginnings of the user's own queries: without an answer of the scenario, no data. */
  private List<String> expressions() {
    return strategy.checks().stream()
        .map(check -> check.measure())
        .filter(Measure.Expression.class::isInstance)
        .map(measure -> ((Measure.Expression) measure).promql())
        .map(promql -> promql.contains("{{") ? promql.substring(0, promql.indexOf("{{")) : promql)
        .toList();
  }

  private static MetricAnswer value(Instant now, double value) {
    MetricAnswer.Point point = new MetricAnswer.Point(now, value);
    return new MetricAnswer.Samples(
        List.of(new MetricAnswer.Series(Map.of(), List.of(point))), List.of());
  }

  /** The container has the name by which the strategy calls it. */
  private void shop(String service, Scenario.Shop shop) {
    Doc deployment = old(shop);
    Map<String, String> labels = deployment.texts("spec", "template", "metadata", "labels");
    world.create(Kind.DEPLOYMENT, deployment);
    List<String> services = new ArrayList<>(List.of(service));
    services.addAll(strategy.also());
    services.addAll(strategy.ignored());
    for (String name : services) {
      world.create(Kind.SERVICE, Manifests.service(World.NAMESPACE, name, labels));
    }
    long pods = deployment.number(1, "spec", "replicas");
    if (!world.until(() -> world.endpoints(service) >= pods, READY)) {
      throw new IllegalStateException(service + " did not get ready");
    }
  }

  /** What serves before: as the manifests have it, or a plain one; in the old image. */
  private Doc old(Scenario.Shop shop) {
    String name = stable();
    Doc plain =
        manifest()
            .map(doc -> doc.with(World.NAMESPACE, "metadata", "namespace"))
            .orElseGet(
                () ->
                    Manifests.deployment(
                        World.NAMESPACE, name, Map.of("app", name), shop.image(), shop.replicas()));
    Doc container =
        plain.docs("spec", "template", "spec", "containers").getFirst().with(shop.image(), "image");
    String wanted = container();
    Doc named = wanted.isEmpty() ? container : container.with(wanted, "name");
    return plain.with(List.of(named.members()), "spec", "template", "spec", "containers");
  }

  String stable() {
    return manifest()
        .map(doc -> doc.textOrEmpty("metadata", "name"))
        .or(strategy::from)
        .orElse(strategy.service());
  }

  private Optional<Doc> manifest() {
    return strategy.candidate().orElse(null) instanceof Candidate.Manifests manifests
        ? manifests.documents().stream()
            .map(ManifestDoc::object)
            .filter(doc -> doc.textOrEmpty("kind").equals("Deployment"))
            .findFirst()
        : Optional.empty();
  }

  private String container() {
    return strategy.candidate().orElse(null) instanceof Candidate.Image image
            && image.byContainer().size() == 1
        ? image.byContainer().keySet().iterator().next()
        : "";
  }

  private void candidates() {
    Behaviour behaviour = behaviour(scenario.candidate());
    switch (strategy.candidate().orElse(null)) {
      case Candidate.Image image ->
          image.byContainer().values().forEach(name -> world.behaviour(name, behaviour));
      case Candidate.Existing(String name) -> {
        String image = "registry.example/" + name + ":2.0";
        world.create(
            Kind.DEPLOYMENT,
            Manifests.deployment(World.NAMESPACE, name, Map.of("app", name), image, 0));
        world.behaviour(image, behaviour);
      }
      case Candidate.Manifests manifests ->
          manifest()
              .map(doc -> doc.docs("spec", "template", "spec", "containers").getFirst())
              .ifPresent(container -> world.behaviour(container.textOrEmpty("image"), behaviour));
      case null, default ->
          throw RefusedError.of("the strategy names nothing to release", "Add a candidate.");
    }
  }

  private static Behaviour behaviour(Scenario.Version version) {
    Behaviour behaviour =
        Behaviour.good()
            .startUp(version.startUp())
            .errorRate(version.errorRate())
            .latency(version.latency());
    Behaviour crashing = version.crashesAfter().map(behaviour::crashesAfter).orElse(behaviour);
    Behaviour ready = version.ready() ? crashing : crashing.neverReady();
    return version.pulls() ? ready : ready.cannotPull();
  }

  private void jobs() {
    Scenario.Migration migration = scenario.migration();
    strategy
        .migration()
        .ifPresent(
            one ->
                imageOf(one.job())
                    .ifPresent(
                        image ->
                            world.behaviour(
                                image,
                                Behaviour.good()
                                    .exits(migration.exitCode(), migration.takes())
                                    .log(migration.log()))));
  }

  /** From the end of the migration on, what serves finds another schema. */
  private void schema() {
    scenario
        .migration()
        .stable()
        .ifPresent(
            version ->
                world.onChange(
                    ref -> {
                      if (ref.kind().equals(Kind.JOB) && hasMigrated(ref)) {
                        world.behaviour(scenario.shop().image(), behaviour(version));
                      }
                    }));
  }

  private boolean hasMigrated(Ref job) {
    return job.name().endsWith("-migrate")
        && world.find(job).map(Job::new).filter(Job::succeeded).isPresent();
  }

  private static Optional<String> imageOf(JobFile file) {
    return file.manifest().docs("spec", "template", "spec", "containers").stream()
        .findFirst()
        .map(container -> container.textOrEmpty("image"));
  }
}
