package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.plan.Release.Configs;

/** Which ConfigMaps and Secrets two templates read. */
class ConfigNamesTests {
  private static Doc template(String spec) {
    return Doc.of("spec", Doc.parse(spec));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'volumes': [{'name': 'v', 'configMap': {'name': 'x'}}]} | maps",
        "{'volumes': [{'name': 'v', 'secret': {'secretName': 'x'}}]} | secrets",
        "{'volumes': [{'projected': {'sources': [{'configMap': {'name': 'x'}}]}}]} | maps",
        "{'volumes': [{'projected': {'sources': [{'secret': {'name': 'x'}}]}}]} | secrets",
        "{'containers': [{'envFrom': [{'configMapRef': {'name': 'x'}}]}]} | maps",
        "{'containers': [{'envFrom': [{'secretRef': {'name': 'x'}}]}]} | secrets",
        "{'containers': [{'env': [{'valueFrom': {'configMapKeyRef': {'name': 'x'}}}]}]} | maps",
        "{'containers': [{'env': [{'valueFrom': {'secretKeyRef': {'name': 'x'}}}]}]} | secrets",
        "{'initContainers': [{'envFrom': [{'secretRef': {'name': 'x'}}]}]} | secrets",
        "{'initContainers': [{'envFrom': [{'configMapRef': {'name': 'x'}}]}]} | maps",
        "{'imagePullSecrets': [{'name': 'x'}]} | neither",
        "{'volumes': [{'secret': {'name': 'x'}, 'configMap': {'secretName': 'x'}}]} | neither",
        "{'containers': [{'env': [{'name': 'x', 'value': 'x'}]}]} | neither",
        "{} | neither"
      })
  void whereANameStandsSaysWhatItIsOf(String spec, String what) {
    Doc template = template(spec.replace('\'', '"'));
    assertThat(ConfigNames.shared(template, template))
        .isEqualTo(
            switch (what) {
              case "maps" -> new Configs(List.of("x"), List.of());
              case "secrets" -> new Configs(List.of(), List.of("x"));
              default -> Configs.NONE;
            });
  }

  @Test
  void onlyWhatBothReadIsSharedHoweverEachReadsIt() {
    Doc one =
        template(
            """
            {"volumes": [{"secret": {"secretName": "tls"}}, {"secret": {"secretName": "db"}},
                         {"configMap": {"name": "db"}}, {"configMap": {"name": "flags"}}]}
            """);
    Doc other =
        template(
            """
            {"containers": [{"envFrom": [{"secretRef": {"name": "db"}}],
                             "env": [{"valueFrom": {"secretKeyRef": {"name": "tls"}}},
                                     {"valueFrom": {"secretKeyRef": {"name": "new"}}},
                                     {"valueFrom": {"configMapKeyRef": {"name": "flags"}}}]}]}
            """);
    assertThat(ConfigNames.shared(one, other))
        .isEqualTo(new Configs(List.of("flags"), List.of("db", "tls")));
  }
}
