package rollout.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.model.MetricNames;
import rollout.model.MetricNames.ByService;
import rollout.strategy.Canary;
import rollout.strategy.Strategy;
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
                yaml.path("source").asString(),
                Optional.of(yaml)
                    .filter(one -> one.has("routers"))
                    .map(MetricTemplatesTests::byService)));
    assertThat(yaml.propertyNames()).hasSize(yaml.has("routers") ? 10 : 7);
  }

  private static ByService byService(JsonNode yaml) {
    return new ByService(
        List.of(yaml.path("routers").asString().split(", ")),
        yaml.path("candidate").asString(),
        yaml.path("stable").asString());
  }

  @ParameterizedTest
  @MethodSource("all")
  void tellsVersionsApartByExactPodNamesOrByTheirServices(MetricNames names) {
    boolean byService = names.byService().isPresent();
    assertThat(List.of(names.total(), names.bad(), names.buckets()))
        .allMatch(selector -> selector.contains(byService ? "{$version" : "pod=~\"$pods\""))
        .allMatch(selector -> byService || selector.contains("$namespace"))
        .allMatch(selector -> selector.endsWith("}"));
    assertThat(names.byService().stream().flatMap(one -> Stream.of(one.candidate(), one.stable())))
        .allMatch(matchers -> matchers.contains("$service") && matchers.contains("$namespace"));
  }

  @Test
  void theirWordsAreThoseOfTheFlag() {
    assertThat(all().stream().map(MetricNames::word).distinct())
        .containsExactlyElementsOf(
            Strategy.METRIC_NAMES.stream().filter(word -> !word.equals(Strategy.AUTO)).toList());
    assertThat(all()).allMatch(names -> isOfARouter(names) == names.byService().isPresent());
    assertThat(all().stream().flatMap(names -> names.byService().stream()))
        .flatExtracting(ByService::routers)
        .isSubsetOf(Canary.ROUTERS);
  }

  private static boolean isOfARouter(MetricNames names) {
    return Strategy.ROUTER_METRIC_NAMES.contains(names.word());
  }

  /** Labels as the routers' sources make them, of Service shop in namespace web. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web-shop%s-80@kubernetescrd",
        "web-shop%s-http@kubernetescrd",
        "web-shop%s@kubernetescrd",
        "web-shop%s-http-80@kubernetesgateway",
        "web-shop%s-grpc-80@kubernetesgateway",
        "httproute-web-shop-gw-infra-gw-ep-web-0-1c2d-svc-web-shop%s-1@kubernetesgateway"
      })
  void traefikNamesOneVersionAndNotTheOther(String service) {
    assertThat(traefik("shop").test(service.formatted(""))).isTrue();
    assertThat(traefik("shop").test(service.formatted("-r2"))).isFalse();
    assertThat(traefik("shop-r2").test(service.formatted("-r2"))).isTrue();
    assertThat(traefik("shop-r2").test(service.formatted(""))).isFalse();
    assertThat(traefik("shop").test(service.formatted("-admin"))).isFalse();
    assertThat(traefik("shop").test("other-" + service.formatted("")))
        .isEqualTo(isGateway(service));
  }

  /** The route's own name stands before the Service's, and may be any. */
  private static boolean isGateway(String service) {
    return service.contains("-svc-");
  }

  private static Predicate<String> traefik(String service) {
    MetricNames names =
        all().stream().filter(one -> one.name().equals("traefik")).findFirst().orElseThrow();
    String matcher = names.at(List.of("80", "http")).byService().orElseThrow().candidate();
    String regex = matcher.substring(matcher.indexOf('"') + 1, matcher.lastIndexOf('"'));
    return Pattern.compile(regex.replace("$namespace", "web").replace("$service", service))
        .asMatchPredicate();
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
