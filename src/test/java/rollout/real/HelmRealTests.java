package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** A chart of a team's, with hooks around its Deployment, rendered by Helm itself. */
class HelmRealTests extends OnTheShop {
  private String rendered(String image, String database) {
    String helm =
        Command.must(Duration.ofMinutes(6), "", List.of(Resources.path("helm-tool.sh").toString()));
    return Command.must(
        Command.USUAL,
        "",
        List.of(
            helm,
            "template",
            "shop",
            Resources.path("chart").toString(),
            "--is-upgrade",
            "--set",
            "image=" + image,
            "--set",
            "database=" + database));
  }

  private Program release(String manifests, String... more) {
    String file = shop.file("rendered.yaml", manifests + "\n").toString();
    String strategy =
        """
        apiVersion: rollout/v1
        kind: BlueGreen
        target: {service: shop}
        migration: {helmHook: true, compatibility: {freshPod: false, watchStable: 0s}}
        blueGreen: {bake: 5s}
        """;
    String terms = shop.file("shop.yaml", strategy).toString();
    List<String> words = new ArrayList<>(List.of("bluegreen", "-s", terms, "-f", file));
    words.addAll(List.of(more));
    return shop.rollout(words.toArray(String[]::new));
  }

  @Test
  void chartsHooksAreTheMigrationByWeightInOneJobOfOurs() {
    String name = shop.namespace().replace('-', '_');
    String manifests = rendered("demo:v2", parts.database().fresh(name));
    Load load = shop.load();
    Program.Ended ended = release(manifests).end();
    assertEnded(ended, 0, "done");
    load.awaitOnly("v2");
    assertNoneFailed(load);
    assertThat(parts.database().query(name, "select version, dirty from schema_migrations"))
        .isEqualTo("2|f");
    assertThat(ended.transcript())
        .contains("Helm would run the hook shop-migrate, shop-check again.")
        .contains("helm upgrade --no-hooks")
        .contains("hooks that are not run: Pod shop-test (test), Job shop-warm (post-upgrade)");
    Doc job = shop.lab().get(shop.namespace(), "job", "rollout-shop-r1-migrate");
    Doc pod = job.doc("spec", "template", "spec");
    assertThat(pod.docs("initContainers"))
        .extracting(one -> one.textOrEmpty("name"))
        .containsExactly("shop-migrate");
    assertThat(pod.docs("containers"))
        .extracting(one -> one.textOrEmpty("name"))
        .containsExactly("shop-check");
    assertThat(job.number(0, "spec", "activeDeadlineSeconds")).isEqualTo(180);
    Doc config = shop.lab().get(shop.namespace(), "configmap", "rollout-shop-r1-shop-sql");
    assertThat(config.docs("metadata", "ownerReferences").getFirst().textOrEmpty("uid"))
        .isEqualTo(job.textOrEmpty("metadata", "uid"));
    assertThat(shop.kubectl("get", "jobs", "-o", "name").lines())
        .as("no hook under its own name")
        .containsExactly("job.batch/rollout-shop-r1-migrate");
  }

  @Test
  void hookThatFailsIsKeptWithItsLogThoughItsPolicyWouldDeleteIt() {
    String manifests = rendered("demo:v2", "postgres://shop@198.18.0.1:1/shop?sslmode=disable");
    Load load = shop.load();
    Program.Ended ended = release(manifests).end();
    assertEnded(ended, 4, "rolled-back");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertThat(ended.transcript()).contains("connection refused");
    assertThat(shop.kubectl("logs", "job/rollout-shop-r1-migrate", "-c", "shop-migrate"))
        .contains("connection refused");
  }

  @Test
  void chartWithTwoDeploymentsIsRefused() {
    String manifests = rendered("demo:v2", "postgres://nobody@nowhere/shop");
    String two =
        manifests
            + "\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: worker}\nspec: {}\n";
    Program.Ended ended = release(two).end();
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(2);
    assertThat(ended.transcript()).contains("the manifests have 2 Deployments: shop, worker");
  }
}
