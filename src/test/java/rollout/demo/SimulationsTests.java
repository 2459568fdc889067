package rollout.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.strategy.Scenario;
import rollout.strategy.Scenario.What;
import rollout.strategy.Strategy;
import rollout.yaml.ScenarioYaml;
import rollout.yaml.StrategyYaml;

/** Strategy files of the project under scenarios. */
class SimulationsTests {
  private static final Path STRATEGIES = Path.of("strategies");

  private static Outcome play(String strategy, Scenario scenario, long seed) {
    Strategy asked = StrategyYaml.read(STRATEGIES.resolve(strategy + ".yaml"));
    return new Simulation(
            asked.in(Simulation.namespace()), scenario, seed, clock -> event -> {}, Viewer.NONE)
        .run();
  }

  @ParameterizedTest
  @CsvSource({
    "minimal, DONE",
    "checks, ROLLED_BACK",
    "migration, DONE",
    "swap, DONE",
    "careful, ROLLED_BACK"
  })
  void everyStrategyCanBeTriedOnTheExample(String strategy, Result result) {
    Scenario example = ScenarioYaml.read(Path.of("examples", "scenario.yaml"));
    assertThat(play(strategy, example, 1).result()).isEqualTo(result);
  }

  @Test
  void oneSeedIsOneStory() {
    assertThat(play("checks", Scenario.GOOD, 7)).isEqualTo(play("checks", Scenario.GOOD, 7));
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void whateverHappensItComesToAnEnd(What what) {
    Scenario scenario = ScenarioYaml.read("x", Happenings.one(what));
    assertThat(play("minimal", scenario, 1).result())
        .isIn(
            Result.DONE,
            Result.ROLLED_BACK,
            Result.ROLLED_BACK_PARTLY,
            Result.LOST,
            Result.NOT_SETTLED);
  }

  /** Scenario files of one happening. */
  private static final class Happenings {
    static java.io.InputStream one(What what) {
      String text =
          "apiVersion: rollout/v1\nkind: Scenario\nhappenings: [{when: switched, after: 5s, do: "
              + what.word()
              + "}]\n";
      return new java.io.ByteArrayInputStream(
          text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}
