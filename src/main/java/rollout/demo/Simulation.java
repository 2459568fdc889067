package rollout.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.model.Selector;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.port.Progress;
import rollout.run.Rollouts;
import rollout.run.Rollouts.Driving;
import rollout.run.Verbs;
import rollout.sim.Crash;
import rollout.sim.MetricsState;
import rollout.sim.World;
import rollout.strategy.Scenario;
import rollout.strategy.Scenario.Happening;
import rollout.strategy.Strategy;

/**
 * One release by the same program as on a real cluster, on one in memory, in virtual time. A
 * scenario says how the versions behave and what happens; what the program does about it is its own
 * decision.
 */
public final class Simulation {
  private static final Driving DRIVING = new Driving(false, false);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LEASE_RUNS_OUT = Duration.ofSeconds(16);
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String THIRD = "registry.example/shop:3.0";

  private final Strategy strategy;
  private final Scenario scenario;
  private final Viewer viewer;
  private final World world;
  private final Progress progress;
  private final BiFunction<RolloutState, Observation, Decision> mind;
  private final Next next = new Next();
  private final Stage stage;
  private final Flows flows;
  private Instant began = World.START;
  private Optional<Ports> driver = Optional.empty();
  private Selector inGit = new Selector(Map.of());
  private boolean over;

  /**
   * A world as the scenario has it, with the strategy's Service and Deployments, ready and serving.
   *
   * @param progress who is told, given the time of the world
   */
  public Simulation(
      Strategy strategy,
      Scenario scenario,
      long seed,
      Function<InstantSource, Progress> progress,
      Viewer viewer) {
    this(strategy, scenario, seed, progress, viewer, Decider::decide);
  }

  Simulation(
      Strategy strategy,
      Scenario scenario,
      long seed,
      Function<InstantSource, Progress> progress,
      Viewer viewer,
      BiFunction<RolloutState, Observation, Decision> mind) {
    this.mind = mind;
    this.strategy = strategy;
    this.scenario = scenario;
    this.viewer = viewer;
    this.world = new World(seed);
    Progress people = progress.apply(world::now);
    this.progress =
        event -> {
          next.saw(event);
          people.tell(event);
        };
    this.stage = new Stage(strategy, scenario, world);
    this.flows = new Flows(world, scenario);
    stage.build();
  }

  /** The words of the strategy that was asked for, in the namespace that every world has. */
  public static String namespace() {
    return World.NAMESPACE;
  }

  /**
   * Makes time last.
   *
   * @param told of all time that passes, in milliseconds of the world
   */
  public void pace(java.util.function.LongConsumer told) {
    world.pace(told);
  }

  /**
   * Plays it.
   *
   * @return how the release ended, whoever drove it last
   */
  public Outcome run() {
    began = world.now();
    inGit = world.find(service()).map(rollout.model.Service::new).orElseThrow().selector();
    flows.remember();
    world.at(SECOND, this::second);
    scenario.happenings().stream().filter(one -> !isAfterwards(one)).forEach(this::schedule);
    Outcome outcome = released();
    scenario.happenings().stream().filter(Simulation::isAfterwards).forEach(this::afterwards);
    world.pass(AFTERWARDS);
    over = true;
    return outcome;
  }

  private Outcome released() {
    Ports ports = world.ports(progress);
    driver = Optional.of(ports);
    try {
      return new Rollouts(ports, mind).release(strategy, DRIVING);
    } catch (Crash e) {
      viewer.happens("nobody drives now; the Lease runs out, and traffic stays where it is");
      world.pass(LEASE_RUNS_OUT);
      viewer.happens("$ rollout resume " + strategy.service());
      return new Rollouts(world.ports(progress), mind).resume(strategy.service(), DRIVING);
    }
  }

  /** The cluster. */
  World world() {
    return world;
  }

  /** Who is told. */
  public Progress progress() {
    return progress;
  }

  /** How long it took, in the time of the world. */
  public Duration took() {
    return Duration.between(began, world.now());
  }

  // ---- what happens

  private static boolean isAfterwards(Happening happening) {
    return happening.when().filter(Scenario.DONE::equals).isPresent();
  }

  private void afterwards(Happening happening) {
    world.pass(happening.after());
    happens(happening.what());
  }

  private void schedule(Happening happening) {
    if (happening.when().isEmpty()) {
      world.at(happening.after(), () -> happens(happening.what()));
    } else {
      await(happening);
    }
  }

  private void await(Happening happening) {
    boolean there = happening.when().filter(phase()::equals).isPresent();
    if (there) {
      world.at(happening.after(), () -> happens(happening.what()));
    } else if (!over) {
      world.at(LOOK, () -> await(happening));
    }
  }

  private String phase() {
    return world
        .find(service())
        .map(doc -> new rollout.model.Service(doc).state().textOrEmpty("phase"))
        .orElse("");
  }

  private Ref service() {
    return new Ref(Kind.SERVICE, World.NAMESPACE, strategy.service());
  }

  private void happens(Scenario.What what) {
    String name = strategy.service();
    switch (what) {
      case PROMETHEUS_DOWN ->
          prometheus(MetricsState.DOWN, "Prometheus cannot be reached any more");
      case PROMETHEUS_EMPTY -> prometheus(MetricsState.EMPTY, "Prometheus answers with nothing");
      case PROMETHEUS_UP -> prometheus(MetricsState.UP, "Prometheus answers again");
      case ROLLBACK ->
          person(
              "rollback " + name,
              verbs -> verbs.rollback(name, Optional.empty(), "a person says no", DRIVING));
      case PROMOTE -> person("promote " + name, verbs -> verbs.promote(name, false, DRIVING));
      case PAUSE -> person("pause " + name, verbs -> verbs.pause(name));
      case RESUME -> person("resume " + name, verbs -> verbs.resume(name, DRIVING));
      case APPLY_SERVICE -> {
        viewer.happens("a GitOps controller writes Service " + name + " as Git has it: " + inGit);
        world.patch(service(), Patch.none().put(inGit.labels(), "spec", "selector"));
      }
      case APPLY_DEPLOYMENT -> {
        String deployment = stage.stable();
        viewer.happens(
            "somebody applies Deployment " + deployment + " with " + Flows.version(THIRD));
        applyDeployment(deployment);
      }
      case DRIVER_DIES -> {
        viewer.happens("kill -9: the driver is gone");
        driver.ifPresent(world::kill);
      }
      case CONTRACT ->
          person(
              "migration contract " + name + " -s shop.yaml",
              verbs -> verbs.contract(strategy, DRIVING));
      case RETURN ->
          person(
              "rollback " + name + " --to-revision 0",
              verbs -> verbs.rollback(name, Optional.of(0), "", DRIVING));
      case CANDIDATE_CRASHES -> candidateCrashes();
    }
  }

  private void prometheus(MetricsState state, String says) {
    viewer.happens(says);
    world.prometheus(state);
  }

  private void person(String words, Function<Verbs, Outcome> verb) {
    viewer.happens("at another terminal: $ rollout " + words);
    Progress there =
        event ->
            progress.tell(
                new Event(
                    event.type(), event.phase(), "there: " + event.message(), event.fields()));
    try {
      Outcome outcome = verb.apply(new Rollouts(world.ports(there), mind));
      viewer.happens("there: " + outcome.says());
    } catch (RefusedError | HeldError | ClusterException e) {
      viewer.happens("there: " + e.getMessage());
    }
  }

  private void applyDeployment(String name) {
    Ref ref = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, name);
    world
        .find(ref)
        .map(doc -> doc.docs("spec", "template", "spec", "containers").getFirst())
        .ifPresent(
            container ->
                world.patch(
                    ref,
                    Patch.none()
                        .put(
                            List.of(container.with(THIRD, "image").members()),
                            "spec",
                            "template",
                            "spec",
                            "containers")));
  }

  private void candidateCrashes() {
    world.list(Query.all(Kind.POD, World.NAMESPACE)).stream()
        .map(Pod::new)
        .filter(pod -> pod.ready() && !isOld(pod.doc()))
        .findFirst()
        .ifPresent(
            pod -> {
              viewer.happens("a container of pod " + pod.name() + " ends with code 1");
              world.mishaps().crash(pod.name(), 1, "Error");
            });
  }

  private boolean isOld(Doc pod) {
    return pod.docs("spec", "containers").stream()
        .anyMatch(container -> container.textOrEmpty("image").equals(scenario.shop().image()));
  }

  private void second() {
    viewer.second(flows.second(next.words()));
    if (!over) {
      world.at(SECOND, this::second);
    }
  }
}
