package rollout.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.exporter.Scrape;

/** The program's own metrics, and the rules on them, as Prometheus' own tool sees them. */
class MonitoringFilesRealTests {
  private static final Path MONITORING = Path.of("manifests/monitoring");

  @TempDir Path folder;
  private Promtool promtool;

  @BeforeEach
  void promtoolIsThere() throws InterruptedException {
    promtool = Promtool.in(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"good", "bad-version", "prometheus-down"})
  void metricsAreNamedAsPrometheusWantsThem(String scenario)
      throws IOException, InterruptedException {
    promtool.findsNothingIn(Scrape.afterDemo(scenario), "check", "metrics");
  }

  @Test
  void alertsFireOnWhatTheySayAndOnNothingElse() throws IOException, InterruptedException {
    for (String file : new String[] {"alert-rules.yaml", "recording-rules.yaml"}) {
      Files.copy(MONITORING.resolve(file), folder.resolve(file));
    }
    Files.copy(
        Path.of("src/test/resources/promtool/monitoring_test.yaml"),
        folder.resolve("monitoring_test.yaml"));
    promtool.finds("check", "rules", "alert-rules.yaml", "recording-rules.yaml");
    promtool.finds("test", "rules", "monitoring_test.yaml");
  }
}
