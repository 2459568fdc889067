package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Manifests;
import rollout.sim.World;

/** Releases of shops of every size and with Services of every kind, good and bad versions. */
@ExtendWith(Seeds.class)
// In its own thread, so that a release that spins is a failure and no hanging build.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class ShopsTests {
  /** A shop of so many pods. */
  private static Scene ofSize(int pods) {
    return new Scene(
        Seeds.one(),
        world -> {
          world.patch(Scene.DEPLOYMENT, Patch.none().put(pods, "spec", "replicas"));
          assertThat(world.until(() -> world.endpoints("shop") == pods, Duration.ofMinutes(5)))
              .isTrue();
        });
  }

  // 100 endpoints fill a slice.
  @ParameterizedTest
  @ValueSource(ints = {1, 99, 101, 250})
  void shopOfAnySizeIsReleasedWhole(int pods) {
    Scene scene = ofSize(pods);
    scene.afterwards().released(scene.operator().release(new Wish()), Scene.NEW);
    assertThat(scene.serving("shop")).hasSize(pods);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 101})
  void shopOfAnySizeGoesBackWhole(int pods) {
    Scene scene = ofSize(pods);
    scene.world().behaviour(Scene.NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(30)));
    scene
        .afterwards()
        .mayDrop()
        .wentBack(scene.operator().release(new Wish().bake(Duration.ofMinutes(2))));
    assertThat(scene.serving("shop")).hasSize(pods);
  }

  /** A kind of Service: its name, and how its spec differs. */
  record Shape(String name, UnaryOperator<Doc> spec) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Map<String, Object> port(String name, int port, Object target) {
    return Map.of("name", name, "port", port, "targetPort", target, "protocol", "TCP");
  }

  static List<Shape> shapes() {
    return List.of(
        new Shape("headless", spec -> spec.with("None", "clusterIP")),
        new Shape(
            "several ports",
            spec -> spec.with(List.of(port("web", 80, 8080), port("admin", 81, 9090)), "ports")),
        new Shape(
            "a named target port", spec -> spec.with(List.of(port("web", 80, "http")), "ports")),
        new Shape(
            "a NodePort",
            spec ->
                spec.with("NodePort", "type")
                    .with(
                        List.of(
                            Map.of(
                                "name",
                                "web",
                                "port",
                                80,
                                "targetPort",
                                8080,
                                "nodePort",
                                30080,
                                "protocol",
                                "TCP")),
                        "ports")),
        new Shape(
            "addresses before they are ready", spec -> spec.with(true, "publishNotReadyAddresses")),
        new Shape("kept clients", spec -> spec.with("ClientIP", "sessionAffinity")));
  }

  private static Scene shaped(Shape shape) {
    return new Scene(
        Seeds.one(),
        world ->
            world.edit(
                Scene.SERVICE, live -> live.with(shape.spec().apply(live.doc("spec")), "spec")));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void serviceOfAnyKindIsTheSameAfterARelease(Shape shape) {
    Scene scene = shaped(shape);
    Doc before = scene.service().doc().doc("spec");
    scene.afterwards().released(scene.operator().release(new Wish()), Scene.NEW);
    assertThat(scene.service().doc().doc("spec")).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void serviceOfAnyKindIsTheSameAfterAWayBack(Shape shape) {
    Scene scene = shaped(shape);
    Doc before = scene.service().doc().doc("spec");
    scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.2));
    scene
        .afterwards()
        .wentBack(scene.operator().release(new Wish().errorRate().bake(Duration.ofMinutes(2))));
    assertThat(scene.service().doc().doc("spec")).isEqualTo(before);
  }

  /**
   * Pods that carry more labels than the Deployment selects by, and a Service that asks for them.
   */
  private static Scene withMoreLabels() {
    Map<String, String> labels = Map.of("app", "shop", "tier", "web");
    return new Scene(
        Seeds.one(),
        world -> {
          world.patch(
              Scene.DEPLOYMENT, Patch.none().put(labels, "spec", "template", "metadata", "labels"));
          world.pass(Duration.ofMinutes(2));
          world.patch(Scene.SERVICE, Patch.none().put(labels, "spec", "selector"));
          world.pass(Duration.ofSeconds(5));
        });
  }

  @Test
  void selectorWithMoreKeysComesBackWhole() {
    Scene scene = withMoreLabels();
    Doc before = scene.service().selector().doc();
    scene.afterwards().released(scene.operator().release(new Wish()), Scene.NEW);
    assertThat(scene.service().selector().doc()).isEqualTo(before);
  }

  @Test
  void secondTargetOnTheSameDeploymentIsHeldOff() {
    Scene scene =
        new Scene(
            Seeds.one(),
            world ->
                world.create(
                    Kind.SERVICE,
                    Manifests.service(World.NAMESPACE, "shop-internal", Map.of("app", "shop"))));
    Operator first = scene.operator();
    Operator second = scene.operator();
    scene.when(
        "switched",
        () -> second.release(new Wish().image(Scene.OTHER).ignoring("shop"), "shop-internal"));
    scene.afterwards().released(first.release(new Wish().ignoring("shop-internal")), Scene.NEW);
    assertThat(second.ending().error().orElseThrow())
        .hasMessageContaining("Deployment shop is held by the release of Service shop");
    assertThat(second.ending().word()).isEqualTo("HeldError");
  }

  @Test
  void webhookThatChangesOurCopyChangesNothingElse() {
    Scene scene = new Scene(Seeds.one());
    Ref copy = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-r1");
    // As a mutating webhook would: in the object before anybody sees it.
    scene
        .world()
        .onChange(
            ref -> {
              if (ref.equals(copy)) {
                scene
                    .world()
                    .find(copy)
                    .filter(live -> !live.texts("metadata", "annotations").containsKey("webhook"))
                    .ifPresent(
                        live ->
                            scene
                                .world()
                                .edit(
                                    copy,
                                    made ->
                                        made.with("was here", "metadata", "annotations", "webhook")
                                            .with(
                                                "was here",
                                                "spec",
                                                "template",
                                                "metadata",
                                                "annotations",
                                                "webhook")));
              }
            });
    scene
        .afterwards()
        .but(Scene.DEPLOYMENT)
        .released(scene.operator().release(new Wish()), Scene.NEW);
    assertThat(scene.deployment().template().texts("metadata", "labels"))
        .doesNotContainKey(Marks.REVISION);
  }
}
