package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** Releases that end well, under load. */
@Order(1) // one of the longest: the others fill the gaps
class GoodReleaseRealTests extends OnTheShop {

  @Test
  void goodVersionWithAMigrationEndsServingAloneAndNothingElseHasChanged() {
    Migration migration = Migration.of(shop, parts.database());
    String file = shop.file("migrate.yaml", migration.job()).toString();
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", "--migrate", file).end();
    assertEnded(ended, 0, "done");
    load.awaitOnly("v2");
    LoadReport report = assertNoneFailed(load);
    assertThat(report.versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v2");
    assertThat(migration.applied()).isEqualTo("2|f");
    assertThat(ended.events("plan")).hasSize(1);
    assertThat(ended.events().stream().map(event -> event.textOrEmpty("phase")).distinct())
        .containsSubsequence("preflight", "migrate", "deploy", "verify", "shift", "bake", "settle");
    assertThat(ended.events().stream().map(event -> event.number(0, "seq")))
        .isEqualTo(Stream.iterate(1L, n -> n + 1).limit(ended.events().size()).toList());
  }

  @Test
  void planWritesNothing() {
    Doc service = shop.service();
    Doc deployment = shop.deployment();
    Program.Ended ended = shop.release("demo:v2", "--dry-run").end();
    assertEnded(ended, 0, "planned");
    assertThat(ended.events("plan").getFirst().textList("writes")).isNotEmpty();
    assertThat(shop.service()).isEqualTo(service);
    assertThat(shop.deployment()).isEqualTo(deployment);
    assertThat(shop.kubectl("get", "configmap,lease", "-o", "name")).doesNotContain("rollout-shop");
  }

  @Test
  void releaseOfWhatRunsAlreadyIsUnchanged() {
    Doc deployment = shop.deployment();
    Program.Ended ended = shop.release("demo:v1").end();
    assertEnded(ended, 0, "unchanged");
    assertThat(shop.deployment()).isEqualTo(deployment);
    assertShopRuns("demo:v1");
  }

  @Test
  void rollbackAfterADoneReleaseReturnsToTheVersionBefore() {
    Load before = shop.load();
    assertEnded(shop.release("demo:v2", "--bake", "3s").end(), 0, "done");
    assertNoneFailed(before);
    Load load = shop.load("v2");
    assertEnded(shop.rollout("rollback", "shop", "--reason", "too green").end(), 0, "rolled-back");
    load.awaitOnly("v1");
    LoadReport report = assertNoneFailed(load);
    assertThat(report.versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v1");
  }

  @Test
  void switchToADeploymentOfTheUsersOwnLeavesTheOldOneAtZero() {
    String green = Resources.text("shop.yaml").split("---")[0];
    shop.lab()
        .apply(
            shop.namespace(),
            green
                .replace("name: shop, labels", "name: shop-green, labels")
                .replace("matchLabels: {app: shop}", "matchLabels: {app: shop-green}")
                .replace("metadata: {labels: {app: shop}}", "metadata: {labels: {app: shop-green}}")
                .replace("demo:v1", "demo:v2"));
    Load load = shop.load();
    Program.Ended ended =
        shop.rollout("bluegreen", "shop", "--to", "shop-green", "--bake", "5s").end();
    assertEnded(ended, 0, "done");
    load.awaitOnly("v2");
    assertNoneFailed(load);
    assertThat(shop.service().texts("spec", "selector")).containsEntry("app", "shop-green");
    assertThat(shop.deployment().number(-1, "spec", "replicas")).isZero();
    assertThat(shop.deployment().texts("metadata", "annotations").keySet())
        .noneMatch(key -> key.startsWith("rollout/"));
  }

  @Test
  void manifestWithAnotherTemplateIsReleasedAndWhatIsEqualIsLeftAlone() {
    String manifest = Resources.text("shop.yaml").replace("demo:v1", "demo:v2");
    String file = shop.file("shop.yaml", manifest).toString();
    Load load = shop.load();
    Program.Ended ended = shop.rollout("bluegreen", "shop", "-f", file, "--bake", "3s").end();
    assertEnded(ended, 0, "done");
    load.awaitOnly("v2");
    assertNoneFailed(load);
    assertShopRuns("demo:v2");
  }

  @Test
  void previewIsSmokeTestedBeforeTheSwitchAndGoneAfterwards() {
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", smoke("v2")).end();
    assertEnded(ended, 0, "done");
    assertNoneFailed(load);
    assertShopRuns("demo:v2");
    assertThat(shop.kubectl("get", "services", "-o", "name")).isEqualTo("service/shop");
  }

  @Test
  void smokeTestThatFailsGoesBackBeforeTheSwitch() {
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", smoke("v7")).end();
    assertEnded(ended, 4, "rolled-back");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertShopRuns("demo:v1");
    assertThat(shop.kubectl("get", "services", "-o", "name")).isEqualTo("service/shop");
  }

  @Test
  void firstReleaseIsInstalledFromAFile() {
    String manifest = Resources.text("shop.yaml").replace("shop", "kiosk");
    String file = shop.file("kiosk.yaml", manifest).toString();
    Program.Ended ended = shop.rollout("bluegreen", "kiosk", "-f", file).end();
    assertEnded(ended, 0, "installed");
    Load load = shop.loadOn("kiosk");
    assertNoneFailed(load);
  }

  private String[] smoke(String expected) {
    String job = Resources.text("smoke.yaml").replace("EXPECTED", expected);
    String file = shop.file("smoke.yaml", job).toString();
    return new String[] {"--preview", "shop-preview", "--smoke", file};
  }
}
