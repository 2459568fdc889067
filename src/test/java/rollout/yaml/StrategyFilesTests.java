package rollout.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import rollout.model.UserError;
import tools.jackson.databind.json.JsonMapper;

/** The published examples and the published schema against the reader. */
class StrategyFilesTests {
  private static final Path FOLDER = Path.of("strategies");
  private static final Path SCHEMA = FOLDER.resolve("rollout-v1.schema.json");
  private static final String HEAD =
      "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: {service: shop}\n";

  @TempDir Path folder;

  /** {@code mvn test -Dtest=StrategyFilesTests -Dschema=write} writes it anew. */
  @Test
  void thePublishedSchemaIsThatOfTheReader() throws IOException {
    if ("write".equals(System.getProperty("schema"))) {
      Files.writeString(SCHEMA, StrategySchema.text());
    }
    assertThat(SCHEMA).hasContent(StrategySchema.text());
  }

  @Test
  void thereAreExamples() throws IOException {
    assertThat(examples())
        .extracting(path -> path.getFileName().toString())
        .contains("minimal.yaml", "migration.yaml", "checks.yaml", "swap.yaml", "careful.yaml");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadByTheProgram(Path example) {
    assertThat(StrategyYaml.read(example).service()).isEqualTo("shop");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsValidByTheSchema(Path example) throws IOException {
    assertThat(complaints(Files.readString(example))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blueGreen: {prevew: p}",
        "blueGreen: {bake: 300}",
        "blueGreen: {bake: -5m}",
        "blueGreen: {bake: 1.5h}",
        "blueGreen: {hold: yes}",
        "blueGreen: {promotion: swop}",
        "blueGreen: {smoke: {}}",
        "limits: {timeout: 0s}",
        "limits: {timeout: 0h0m}",
        "from: 2024",
        "from:",
        "also: shop",
        "also: [Shop]",
        "ignore: ['-']",
        "candidate: {}",
        "candidate: {image: {}}",
        "candidate: {image: {shop: x}, deployment: y}",
        "candidate: {image: {Shop: x}}",
        "candidate: {image: {shop: 'a b'}}",
        "candidate: {files: []}",
        "migration: {preset: flyway}",
        "migration: {preset: rails, image: a}",
        "migration: {image: a}",
        "migration: {preset: ef, image: a, env: {secret: A}}",
        "migration: {preset: ef, image: a, sharedBy: [a/b/c]}",
        "migration: {preset: ef, image: a, contract: {command: [a]}}",
        "migration: {preset: ef, image: a, contract: {floor: 3}}",
        "migration: {preset: ef, image: a, floor: soon}",
        "prometheus: {timeout: 5s}",
        "metrics: nginks",
        "onNoData: wait",
        "canary: {}",
        "checks: [{name: a}]",
        "checks: [{template: pod-health}]",
        "checks: [{name: a, template: http-error-rate}]",
        "checks: [{name: a, template: http-error-rate, max: 101%}]",
        "checks: [{name: a, template: http-error-rate, max: 0.0%}]",
        "checks: [{name: a, template: http-error-rate, max: 5}]",
        "checks: [{name: a, template: http-error-rate, max: -1%}]",
        "checks: [{name: a, template: http-error-rate, max: 5m}]",
        "checks: [{name: a, template: http-p99, max: 300}]",
        "checks: [{name: a, template: http-p99, max: 0ms}]",
        "checks: [{name: a, template: http-p98, max: 1s}]",
        "checks: [{name: a, template: http-p99, query: up, max: 1s}]",
        "checks: [{name: a, template: pod-health, max: 1}]",
        "checks: [{name: a, template: pod-health, every: 5s}]",
        "checks: [{name: a, query: up}]",
        "checks: [{name: a, query: ' ', max: 1}]",
        "checks: [{name: a, query: up, max: '5'}]",
        "checks: [{name: a, query: up, max: 1, minRequests: 5}]",
        "checks: [{name: a, query: up, max: 1, consecutive: 0}]",
        "checks: [{name: a b, query: up, max: 1}]",
        "notify: {webhook: 'https://a/'}",
        "notify: [{on: [done]}]",
        "notify: [{webhook: 'https://a/', slackFile: b}]",
        "notify: [{webhook: 'https://a/', on: []}]",
        "notify: [{webhook: 'https://a/', on: [finished]}]",
        "notify: [{webhook: ''}]",
        "notify: [{slackFile: a, header: b}]",
      })
  void whatTheProgramRefusesTheSchemaRefusesToo(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("shop.yaml"), HEAD + line + "\n");
    assertThatThrownBy(() -> StrategyYaml.read(file)).isInstanceOf(UserError.class);
    assertThat(complaints(HEAD + line + "\n")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blueGreen: {bake: 0s, hold: true}",
        "blueGreen: {bake: 1h30m}",
        "limits: {keepFailed: 0s, deadline: 90s}",
        "from: '2024'",
        "also: []",
        "checks: []",
        "checks: [{name: a, template: http-error-rate, max: 100%}]",
        "checks: [{name: a, template: http-error-rate, max: 0.05 %}]",
        "checks: [{name: a, query: up, max: -1}]",
        "checks: [{name: a, query: up, max: 1e3}]",
        "checks: [{name: a, query: up, max: 250%}]",
        "checks: [{name: a, query: up, max: 5m, onFail: hold}]",
        "notify: []",
        "notify: [{slackFile: a}, {webhook: 'https://a/', tokenFile: b, headersFile: c}]",
        "notify: [{slack: 'https://a/', on: [started, waiting, passed, shifted, going-back]}]",
      })
  void whatTheProgramTakesTheSchemaTakesToo(String line) throws IOException {
    Path file = Files.writeString(folder.resolve("shop.yaml"), HEAD + line + "\n");
    assertThat(StrategyYaml.read(file).service()).isEqualTo("shop");
    assertThat(complaints(HEAD + line + "\n")).isEmpty();
  }

  private static Set<ValidationMessage> complaints(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(SCHEMA));
    // Read as YAML 1.2, as editors do, and by none of the program's own code.
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    return schema.validate(new JsonMapper().writeValueAsString(tree), InputFormat.JSON);
  }

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    }
  }
}
