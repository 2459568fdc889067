package rollout.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.sim.World;
import rollout.strategy.Scenario;
import rollout.yaml.ScenarioYaml;

class DemosTests {
  private static final String OLD = "registry.example/shop:1.0";
  private static final String NEW = "registry.example/shop:2.0";

  private final List<Event> told = new ArrayList<>();
  private final List<String> happened = new ArrayList<>();
  private final List<Viewer.Second> seconds = new ArrayList<>();
  private final Viewer viewer =
      new Viewer() {
        @Override
        public void second(Second second) {
          seconds.add(second);
        }

        @Override
        public void happens(String what) {
          happened.add(what);
        }
      };

  static Stream<String> names() {
    return Demos.NAMES.stream();
  }

  private Simulation simulation(String name, BiFunction<RolloutState, Observation, Decision> mind) {
    Scenario scenario = ScenarioYaml.read(name, Demos.open(name));
    return new Simulation(Demos.strategy(name), scenario, 1, clock -> told::add, viewer, mind);
  }

  @ParameterizedTest
  @CsvSource({
    "good, DONE",
    "bad-version, ROLLED_BACK",
    "slow-version, ROLLED_BACK",
    "crash-loop, ROLLED_BACK",
    "failed-migration, ROLLED_BACK",
    "old-version-broken, LOST",
    "contract-wall, DONE",
    "prometheus-down, DONE",
    "person-rolls-back, LOST",
    "gitops-fights, ROLLED_BACK",
    "driver-dies, DONE"
  })
  void eachEndsAsItShould(String name, Result result) {
    Simulation simulation = simulation(name, Decider::decide);
    Outcome outcome = simulation.run();
    assertThat(outcome.result()).isEqualTo(result);
    check(name, simulation);
    assertThat(seconds).allSatisfy(second -> assertThat(second.lost()).isZero());
  }

  @ParameterizedTest
  @CsvSource({
    "good, DONE",
    "bad-version, ROLLED_BACK",
    "slow-version, ROLLED_BACK",
    "crash-loop, ROLLED_BACK",
    "failed-migration, ROLLED_BACK",
    "prometheus-down, DONE",
    "driver-dies, DONE"
  })
  void shareByShareEachEndsAsItShould(String name, Result result) {
    Scenario scenario = ScenarioYaml.read(name, Demos.open(name));
    Simulation simulation =
        new Simulation(Demos.canary(name), scenario, 1, clock -> told::add, viewer);
    assertThat(simulation.run().result()).isEqualTo(result);
    assertThat(serving(simulation.world()))
        .isNotEmpty()
        .containsOnly(result == Result.DONE ? NEW : OLD);
    assertThat(seconds).allSatisfy(second -> assertThat(second.lost()).isZero());
  }

  @ParameterizedTest
  @MethodSource("names")
  void nobodyWhoDecidesNothingPlaysAnyOfThem(String name) {
    Simulation simulation =
        simulation(
            name,
            (state, seen) ->
                new Decision.Finish(
                    new Outcome(Result.DONE, 1, "all on shop", "done"), true, "done"));
    simulation.run();
    assertThatThrownBy(() -> check(name, simulation)).isInstanceOf(AssertionError.class);
  }

  /** What the cluster and its requests show; nothing that the program says of itself. */
  private void check(String name, Simulation simulation) {
    World world = simulation.world();
    boolean released =
        List.of("good", "contract-wall", "prometheus-down", "driver-dies").contains(name);
    assertThat(serving(world)).isNotEmpty().containsOnly(released ? NEW : OLD);
    assertThat(world.list(Query.all(Kind.JOB, World.NAMESPACE)))
        .as("the migration has ended")
        .anyMatch(job -> new rollout.model.Job(job).over());
    boolean hadTraffic = world.traffic().of(NEW).good() > 0;
    assertThat(hadTraffic)
        .isEqualTo(!List.of("failed-migration", "old-version-broken").contains(name));
    assertThat(world.list(Query.all(Kind.DEPLOYMENT, World.NAMESPACE))).hasSize(1);
    Doc service = world.list(Query.all(Kind.SERVICE, World.NAMESPACE)).getFirst();
    assertThat(service.texts("spec", "selector")).isEqualTo(Map.of("app", "shop"));
    assertThat(service.texts("metadata", "annotations")).doesNotContainKey(Marks.STATE);
  }

  private static List<String> serving(World world) {
    return world.list(Query.all(Kind.POD, World.NAMESPACE)).stream()
        .filter(pod -> pod.texts("metadata", "labels").containsKey("app"))
        .map(pod -> pod.docs("spec", "containers").getFirst().textOrEmpty("image"))
        .toList();
  }

  @Test
  void requestsAreToldByVersionAndWhatComesNext() {
    simulation("good", Decider::decide).run();
    assertThat(seconds.getFirst().flows()).containsExactly(new Viewer.Flow("shop:1.0", 40, 0));
    assertThat(seconds.getLast().flows())
        .extracting(flow -> flow.version() + " " + flow.requests())
        .containsExactly("shop:1.0 0", "shop:2.0 40");
    assertThat(seconds)
        .extracting(Viewer.Second::next)
        .contains("settle: stable takes the new version over");
  }

  @Test
  void contractIsAWallThatIsToldToWhoeverRunsIntoIt() {
    simulation("contract-wall", Decider::decide).run();
    assertThat(happened)
        .anyMatch(line -> line.contains("$ rollout migration contract shop -s shop.yaml"))
        .anyMatch(line -> line.contains("there: contracted: on the database of shop"))
        .anyMatch(line -> line.contains("$ rollout rollback shop --to-revision 0"))
        .anyMatch(
            line ->
                line.contains("only versions built with 41 or newer can run")
                    && line.contains("Revisions that can: 1, 2."));
  }

  @Test
  void whatOthersDoIsTold() {
    simulation("driver-dies", Decider::decide).run();
    assertThat(happened)
        .containsExactly(
            "kill -9: the driver is gone",
            "nobody drives now; the Lease runs out, and traffic stays where it is",
            "$ rollout resume shop");
  }

  @Test
  void everyStepHasWordsForWhatComesNext() {
    for (String name : Demos.NAMES) {
      simulation(name, Decider::decide).run();
    }
    List<String> steps =
        told.stream()
            .filter(event -> event.type().equals(Event.STEP_STARTED))
            .map(event -> event.fields().textOrEmpty("step"))
            .distinct()
            .toList();
    assertThat(steps).hasSizeGreaterThan(15);
    assertThat(Next.WORDS.keySet()).containsAll(steps);
  }
}
