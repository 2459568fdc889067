package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/**
 * A version that migrates in an init container, as many do: once the database is ahead of its
 * files, its tool refuses, so no new pod of it starts. The pods that run notice nothing, until
 * somebody drains a node.
 */
class CompatibilityRealTests extends OnTheShop {
  private Migration migration;

  private void shopThatMigratesWhenItStarts() {
    migration = Migration.of(shop, parts.database());
    shop.kubectl(
        "create",
        "configmap",
        "shop-sql-1",
        "--from-file=" + Resources.path("sql").resolve("000001_create_orders.up.sql"));
    String init =
        """
              initContainers:
              - name: migrate
                image: migrate:lab
                args: ["/bin/migrate", "-path", "/sql", "-database", "%s", "up"]
                volumeMounts: [{name: sql, mountPath: /sql}]
              volumes: [{name: sql, configMap: {name: shop-sql-1}}]
              containers:
        """
            .formatted(migration.url())
            .stripTrailing();
    shop.lab()
        .apply(shop.namespace(), Resources.text("shop.yaml").replace("      containers:", init));
    shop.kubectl("rollout", "status", "deploy/shop", "--timeout=60s");
    assertThat(migration.applied()).isEqualTo("1|f");
  }

  @Test
  void migrationThatKeepsStableFromStartingNeverMovesTraffic() {
    shopThatMigratesWhenItStarts();
    String file = shop.file("migrate.yaml", migration.job()).toString();
    String says = "shop cannot live with the new schema: a fresh pod of it: container migrate";
    Load load = shop.load();
    Program.Ended held = shop.release("demo:v2", "--migrate", file, "--no-wait").end();
    assertEnded(held, 8, "waiting");
    assertThat(migration.applied()).isEqualTo("2|f");
    assertThat(held.last().textOrEmpty("message"))
        .contains(says)
        .contains("rollout promote shop")
        .contains("rollout rollback shop")
        .contains("Traffic: all on shop");
    assertThat(held.events("gate"))
        .anyMatch(event -> event.textOrEmpty("message").startsWith(says));
    assertThat(held.transcript()).contains("no migration found for version 2");
    Program.Ended back = shop.rollout("rollback", "shop").end();
    assertEnded(back, 0, "rolled-back");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v1");
    assertThat(shop.leftovers()).isEmpty();
  }

  @Test
  void versionWhoseToolHasTheNewFilesProvesItselfAndTheReleaseGoesOn() {
    shopThatMigratesWhenItStarts();
    shop.kubectl("delete", "configmap", "shop-sql-1", "--ignore-not-found");
    shop.kubectl("create", "configmap", "shop-sql-1", "--from-file=" + Resources.path("sql"));
    String file = shop.file("migrate.yaml", migration.job()).toString();
    Load load = shop.load();
    Program.Ended ended = shop.release("demo:v2", "--migrate", file).end();
    assertEnded(ended, 0, "done");
    load.awaitOnly("v2");
    assertNoneFailed(load);
    assertThat(ended.events("step-done"))
        .extracting(event -> event.textOrEmpty("step"))
        .containsSubsequence("migrate", "prove", "remove-fresh", "start");
    assertThat(shop.leftovers()).isEmpty();
  }

  @Test
  void planSaysWhatIsProven() {
    migration = Migration.of(shop, parts.database());
    String file = shop.file("migrate.yaml", migration.job()).toString();
    Program.Ended ended = shop.release("demo:v2", "--migrate", file, "--dry-run").end();
    assertEnded(ended, 0, "planned");
    Doc plan = ended.events("plan").getFirst();
    assertThat(plan.textList("writes"))
        .anyMatch(write -> write.contains("create Deployment shop-r1-fresh: replicas 0"));
  }
}
