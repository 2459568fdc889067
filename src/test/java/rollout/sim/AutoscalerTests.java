package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;

/** The world's horizontal pod autoscaler, as Kubernetes documents its own. */
class AutoscalerTests {
  private static final String SHOP = "registry.example/shop:1.0";
  private static final Ref DEPLOYMENT = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop");
  private static final Ref SCALER = new Ref(Kind.AUTOSCALER, World.NAMESPACE, "shop");

  private final World world = new World(3);

  /**
   * Two pods, and at least two: a request a second is 5 % of a pod, 50 % is what each shall bear.
   */
  @BeforeEach
  void shopWithAScaler() {
    world.deploy("shop", SHOP, 2);
    world.create(
        Kind.AUTOSCALER,
        Doc.of(
            "apiVersion",
            "autoscaling/v2",
            "kind",
            "HorizontalPodAutoscaler",
            "metadata",
            Doc.of("name", "shop", "namespace", World.NAMESPACE),
            "spec",
            Doc.of(
                "minReplicas",
                2,
                "maxReplicas",
                6,
                "scaleTargetRef",
                Doc.of("apiVersion", "apps/v1", "kind", "Deployment", "name", "shop"),
                "metrics",
                List.of(
                    Doc.of(
                        "type",
                        "Resource",
                        "resource",
                        Doc.of(
                            "name",
                            "cpu",
                            "target",
                            Doc.of("type", "Utilization", "averageUtilization", 50)))))));
  }

  private long size() {
    return world.find(DEPLOYMENT).orElseThrow().number(1, "spec", "replicas");
  }

  private Doc condition() {
    return world.find(SCALER).orElseThrow().docs("status", "conditions").getLast();
  }

  @Test
  void loadMakesItGrowUpToItsCeiling() {
    world.load("shop", 38);
    world.pass(Duration.ofMinutes(2));
    assertThat(size()).isEqualTo(4);
    world.load("shop", 400);
    world.pass(Duration.ofMinutes(2));
    assertThat(size()).isEqualTo(6);
  }

  @Test
  void itShrinksAfterFiveQuietMinutesAndNotBelowItsFloor() {
    world.load("shop", 38);
    world.pass(Duration.ofMinutes(2));
    world.load("shop", 1);
    world.pass(Duration.ofMinutes(3));
    assertThat(size()).isEqualTo(4);
    world.pass(Duration.ofMinutes(4));
    assertThat(size()).isEqualTo(2);
  }

  @Test
  void podsOfACopyWithTheSameLabelsAreCountedThoughAnotherOwnsThem() {
    world.load("shop", 38);
    world.pass(Duration.ofMinutes(2));
    world.create(
        Kind.DEPLOYMENT,
        Manifests.deployment(
            World.NAMESPACE, "shop-r1", Map.of("app", "shop", "revision", "1"), SHOP, 4));
    world.pass(Duration.ofMinutes(1));
    // Eight pods at 24 % each are four too many, all the same the target keeps what it had.
    assertThat(size()).isEqualTo(4);
    world.load("shop", 120);
    world.pass(Duration.ofMinutes(1));
    // All eight are counted, and the target alone grows for them.
    assertThat(size()).isEqualTo(6);
  }

  @Test
  void targetOfSizeZeroIsLeftAlone() {
    world.load("shop", 38);
    world.patch(DEPLOYMENT, Patch.none().put(0, "spec", "replicas"));
    world.pass(Duration.ofMinutes(2));
    assertThat(size()).isZero();
    assertThat(condition().textOrEmpty("reason")).isEqualTo("ScalingDisabled");
  }

  @Test
  void targetThatIsNotThereIsTold() {
    world.patch(SCALER, Patch.none().put("gone", "spec", "scaleTargetRef", "name"));
    world.pass(Duration.ofMinutes(1));
    assertThat(condition().textOrEmpty("reason")).isEqualTo("FailedGetScale");
  }
}
