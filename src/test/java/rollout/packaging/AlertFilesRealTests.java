package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.yaml.StrategyYaml;

/**
 * Alert rules and checks on the series of kube-state-metrics, as Prometheus' own tool sees them.
 */
class AlertFilesRealTests {
  private static final Path RULES = Path.of("manifests/kube-state-metrics/alerts.yaml");
  private static final Path CHECKS = Path.of("manifests/kube-state-metrics/checks.yaml");

  @TempDir Path folder;

  private Promtool promtool;

  @BeforeEach
  void promtoolIsThere() throws InterruptedException {
    promtool = Promtool.in(folder);
  }

  @Test
  void alertsFireOnWhatTheySayAndOnNothingElse() throws IOException, InterruptedException {
    Files.copy(RULES, folder.resolve("alerts.yaml"));
    Files.copy(
        Path.of("src/test/resources/promtool/alerts_test.yaml"),
        folder.resolve("alerts_test.yaml"));
    promtool.finds("check", "rules", "alerts.yaml");
    promtool.finds("test", "rules", "alerts_test.yaml");
  }

  @Test
  void checksAreReadAndTheirQueriesAreGood() throws IOException, InterruptedException {
    String file =
        "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: {service: shop}\n"
            + Files.readString(CHECKS);
    Path strategy = Files.writeString(folder.resolve("shop.yaml"), file);
    List<Check> checks = StrategyYaml.read(strategy).checks();
    assertThat(checks).hasSize(4);
    StringBuilder rules = new StringBuilder("groups:\n- name: checks\n  rules:\n");
    for (Check check : checks) {
      String query = ((Measure.Expression) check.measure()).promql();
      rules
          .append("  - {record: \"check:")
          .append(check.name().replace('-', '_'))
          .append("\", expr: '")
          .append(query)
          .append("'}\n");
    }
    Files.writeString(folder.resolve("rules.yaml"), rules);
    promtool.finds("check", "rules", "rules.yaml");
  }
}
