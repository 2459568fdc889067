package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.model.UserError;
import rollout.strategy.Scenario;
import rollout.strategy.Scenario.Happening;
import rollout.strategy.Scenario.What;

class ScenarioYamlTests {
  private static final String HEAD = "apiVersion: rollout/v1\nkind: Scenario\n";

  private static Scenario read(String text) {
    return ScenarioYaml.read(
        "my.yaml", new ByteArrayInputStream((HEAD + text).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void withoutMoreWordsItIsAGoodVersion() {
    Scenario scenario = read("");
    assertThat(scenario.shop()).isEqualTo(Scenario.GOOD.shop());
    assertThat(scenario.candidate()).isEqualTo(Scenario.Version.GOOD);
    assertThat(scenario.happenings()).isEmpty();
  }

  @Test
  void everythingThatCanBeSaid() {
    Scenario scenario =
        read(
            """
            says: all of it
            shop: {image: "a:1", replicas: 5, requestsPerSecond: 9}
            candidate: {startUp: 3s, errorRate: 12%, latency: 900ms, crashesAfter: 20s,
                        ready: false, pulls: false}
            migration: {exitCode: 3, takes: 5s, log: [one, two]}
            answers: [{contains: orders, value: 0.2}]
            happenings:
              - {when: switched, after: 5s, do: rollback}
              - {after: 1m, do: prometheus-down}
            """);
    assertThat(scenario.says()).isEqualTo("all of it");
    assertThat(scenario.shop()).isEqualTo(new Scenario.Shop("a:1", 5, 9));
    assertThat(scenario.candidate())
        .isEqualTo(
            new Scenario.Version(
                Duration.ofSeconds(3),
                0.12,
                Duration.ofMillis(900),
                Optional.of(Duration.ofSeconds(20)),
                false,
                false));
    assertThat(scenario.migration())
        .isEqualTo(
            new Scenario.Migration(
                3, Duration.ofSeconds(5), List.of("one", "two"), Optional.empty()));
    assertThat(scenario.answers()).containsExactly(new Scenario.Answer("orders", 0.2));
    assertThat(scenario.happenings())
        .containsExactly(
            new Happening(Optional.of("switched"), Duration.ofSeconds(5), What.ROLLBACK),
            new Happening(Optional.empty(), Duration.ofMinutes(1), What.PROMETHEUS_DOWN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          happenings: [{do: prometheus-dwn}] | my.yaml:3:19 | Did you mean 'prometheus-down'?
          happenings: [{when: switched}] | my.yaml:3:14 | 'do' is missing
          candidate: {errorRate: 300ms} | my.yaml:3:24 | a percentage
          candidate: {errorRate: 120%} | my.yaml:3:24 | a percentage
          candidate: {latency: 300} | my.yaml:3:22 | a duration with a unit
          candidat: {latency: 1s} | my.yaml:3:1 | Did you mean 'candidate'?
          shop: {replicas: 0} | my.yaml:3:18 | a whole number from 1 to 100
          """)
  void whatIsWrongIsSaidWithItsPlace(String line, String place, String says) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(place)
        .hasMessageContaining(says);
  }

  @Test
  void aStrategyIsNoScenario() {
    byte[] text = "apiVersion: rollout/v1\nkind: BlueGreen\n".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ScenarioYaml.read("my.yaml", new ByteArrayInputStream(text)))
        .hasMessageContaining("my.yaml:2:7")
        .hasMessageContaining("Scenario");
  }
}
