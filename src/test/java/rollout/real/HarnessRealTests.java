package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The load and Prometheus see what is there to be seen, shown by hand-made switches. */
class HarnessRealTests extends OnTheShop {

  @Test
  void loadSeesBothVersionsOfASwitchByHandAndNoFailure() {
    secondVersion("v2");
    Load load = shop.load();
    shop.kubectl("set", "selector", "service/shop", "app=green");
    load.awaitOnly("v2");
    // What is kept open stays with its pod until that ends.
    shop.kubectl("delete", "deployment", "shop");
    LoadReport report = assertNoneFailed(load);
    assertThat(report.versions()).containsExactly("v1", "v2");
  }

  @Test
  void loadTellsTheBadVersionsAnswersFromBrokenConnections() {
    secondVersion("bad");
    Load load = shop.load();
    shop.kubectl("set", "selector", "service/shop", "app=green");
    load.awaitAnswer("bad");
    shop.kubectl("set", "selector", "service/shop", "app=shop");
    load.awaitOnly("v1");
    shop.kubectl("set", "selector", "service/shop", "app=nowhere");
    load.awaitFailure("ConnectionRefusedError");
    LoadReport report = end(load);
    assertThat(report.failuresBesides("bad")).isNotEmpty().allMatch(one -> one.version().isEmpty());
    assertThat(report.failures()).anyMatch(one -> one.kind().equals("HTTP 500"));
  }

  @Test
  void prometheusAnswersForEachPodThroughTheApiServer() {
    Load load = shop.load();
    String query = "sum by (pod) (http_requests_total{namespace=\"%s\"}) > 0";
    assertThat(parts.prometheus().awaitSeries(query.formatted(shop.namespace()), 3)).isTrue();
    assertNoneFailed(load);
  }

  @Test
  void databaseIsReachedByAMigrationJob() {
    Migration migration = Migration.of(shop, parts.database());
    shop.lab().apply(shop.namespace(), migration.job());
    shop.kubectl("wait", "job/shop-migrate", "--for=condition=complete", "--timeout=60s");
    assertThat(migration.applied()).isEqualTo("2|f");
  }

  private void secondVersion(String tag) {
    String green = Resources.text("shop.yaml").split("---")[0];
    shop.lab()
        .apply(
            shop.namespace(),
            green
                .replace("name: shop, labels", "name: green, labels")
                .replace("app: shop", "app: green")
                .replace("demo:v1", "demo:" + tag));
    shop.kubectl("rollout", "status", "deploy/green", "--timeout=60s");
  }
}
