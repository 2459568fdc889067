package rollout.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.model.MetricNames;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class MetricTemplatesTests {
  private static final Path FOLDER = Path.of("src/main/resources/metric-templates");

  static List<MetricNames> all() {
    return MetricTemplates.all();
  }

  @Test
  void knowsEveryFileInTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(all())
          .extracting(names -> names.name() + ".yaml")
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".yaml"))
                  .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void readsWhatAYamlEngineReads(MetricNames names) throws IOException {
    JsonNode yaml =
        new YAMLMapper().readTree(Files.readString(FOLDER.resolve(names.name() + ".yaml")));
    assertThat(names)
        .isEqualTo(
            new MetricNames(
                yaml.path("name").asString(),
                yaml.path("meaning").asString(),
                yaml.path("total").asString(),
                yaml.path("bad").asString(),
                yaml.path("buckets").asString(),
                Double.parseDouble(yaml.path("secondsPerUnit").asString()),
                yaml.path("source").asString()));
    assertThat(yaml.propertyNames()).hasSize(7);
  }

  @ParameterizedTest
  @MethodSource("all")
  void tellsVersionsApartByExactPodNames(MetricNames names) {
    assertThat(List.of(names.total(), names.bad(), names.buckets()))
        .allMatch(selector -> selector.contains("pod=~\"$pods\""))
        .allMatch(selector -> selector.contains("$namespace"))
        .allMatch(selector -> selector.endsWith("}"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void countsAsBadAPartOfTheTotal(MetricNames names) {
    String total = names.total();
    assertThat(names.bad()).startsWith(total.substring(0, total.length() - 1) + ",");
  }

  @Test
  void namesAMissingValue() {
    assertThatThrownBy(() -> MetricTemplates.parse("name: 'x'"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("meaning");
  }

  @Test
  void refusesAValueWithoutQuotes() {
    assertThatThrownBy(() -> MetricTemplates.parse("name: x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
