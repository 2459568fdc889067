package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

/** Others who write to the same objects, and Services that share the pods, under load. */
class InterferenceRealTests extends OnTheShop {

  @Test
  void deploymentAppliedDuringTheBakeIsNotOverwritten() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--bake", "12s", "--settle-timeout", "8s");
    release.awaitPhase("bake");
    shop.kubectl("set", "image", "deployment/shop", "shop=demo:v3");
    Program.Ended ended = release.end();
    assertEnded(ended, 10, "not-settled");
    load.awaitOnly("v2");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v3");
    assertThat(shop.deployment().isTrue("spec", "paused")).isTrue();
  }

  @Test
  void deploymentAppliedBeforeTheSwitchStaysPausedAfterARollback() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--hold");
    release.await("gate");
    shop.kubectl("set", "image", "deployment/shop", "shop=demo:v3");
    Program.Ended rollback = shop.rollout("rollback", "shop").end();
    assertEnded(release.end(), 7, "lost");
    assertEnded(rollback, 5, "rolled-back-partly");
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1");
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v3");
    assertThat(shop.deployment().isTrue("spec", "paused")).isTrue();
    assertThat(rollback.last().textOrEmpty("message")).contains("kubectl");
  }

  @Test
  void serviceAppliedBeforeTheSwitchIsPinnedAgainAndHeldForAPerson() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--hold");
    release.await("gate");
    applyServiceFromGit();
    release.await(
        "a hold", event -> event.textOrEmpty("message").startsWith("held: somebody writes"));
    assertThat(shop.service().texts("spec", "selector")).containsKey("pod-template-hash");
    Program.Ended person = shop.rollout("rollback", "shop").end();
    assertThat(person.exitCode()).as(person.transcript()).isZero();
    assertThat(release.end().exitCode()).isEqualTo(7);
    load.awaitOnly("v1");
    assertNoneFailed(load);
  }

  @Test
  void serviceAppliedDuringTheBakeSendsTheReleaseBack() {
    Load load = shop.load();
    Program release = shop.release("demo:v2", "--bake", "60s");
    release.awaitPhase("bake");
    load.awaitOnly("v2");
    applyServiceFromGit();
    assertDriftSentBack(release.end(), load);
  }

  @Test
  void secondServiceOnTheSamePodsIsRefusedBeforeAnyChange() {
    applySecondService();
    Doc service = shop.service();
    Doc deployment = shop.deployment();
    Program.Ended ended = shop.release("demo:v2").end();
    assertThat(ended.exitCode()).as(ended.transcript()).isEqualTo(3);
    assertThat(ended.transcript()).contains("shop-internal", "--also");
    assertThat(shop.service()).isEqualTo(service);
    assertThat(shop.deployment()).isEqualTo(deployment);
    assertThat(shop.kubectl("get", "configmap,lease", "-o", "name")).doesNotContain("rollout-shop");
  }

  @Test
  void secondServiceMovesWithTheFirstWhenNamed() {
    applySecondService();
    Load load = shop.loadOn("shop-internal");
    assertEnded(shop.release("demo:v2", "--also", "shop-internal").end(), 0, "done");
    load.awaitOnly("v2");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v2");
    assertSecondServiceAsBefore();
  }

  @Test
  void secondServiceGoesBackWithTheFirst() {
    applySecondService();
    Load load = shop.loadOn("shop-internal");
    Program release = shop.release("demo:v2", "--also", "shop-internal", "--bake", "2m");
    release.awaitPhase("bake");
    load.awaitOnly("v2");
    assertEnded(shop.rollout("rollback", "shop").end(), 0, "rolled-back");
    assertEnded(release.end(), 7, "lost");
    load.awaitOnly("v1");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertShopRuns("demo:v1");
    assertSecondServiceAsBefore();
  }

  private void assertDriftSentBack(Program.Ended ended, Load load) {
    assertEnded(ended, 4, "rolled-back");
    assertThat(times(ended).reason()).containsIgnoringCase("selector");
    load.awaitOnly("v1");
    assertNoneFailed(load);
    // kubectl takes its own record of a client-side apply away when it applies on the server's
    // side.
    assertThat(shop.shape().withoutLastApplied()).isEqualTo(shop.before().withoutLastApplied());
    assertThat(imageOf(shop.deployment())).isEqualTo("demo:v1");
    assertThat(shop.leftovers()).isEmpty();
  }

  // As a GitOps tool does it: the selector is owned whole, so what the release put there goes.
  private void applyServiceFromGit() {
    String service = Resources.text("shop.yaml").split("---")[1];
    shop.lab()
        .apply(
            shop.namespace(),
            service,
            "--server-side",
            "--force-conflicts",
            "--field-manager=gitops");
  }

  private void applySecondService() {
    String service = Resources.text("shop.yaml").split("---")[1];
    shop.lab().apply(shop.namespace(), service.replace("name: shop,", "name: shop-internal,"));
  }

  private void assertSecondServiceAsBefore() {
    Doc service = shop.lab().get(shop.namespace(), "service", "shop-internal");
    assertThat(service.texts("spec", "selector")).isEqualTo(Map.of("app", "shop"));
    assertThat(service.texts("metadata", "annotations").keySet())
        .noneMatch(key -> key.startsWith("rollout/"));
  }
}
