package rollout.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.MetricAnswer;
import rollout.model.Ref;
import rollout.plan.Plan;
import rollout.sim.Call;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.yaml.StrategyYaml;

/** Every example under {@code strategies/} is planned, in the cluster that it speaks of. */
class StrategyExamplesTests {
  private static final Path FOLDER = Path.of("strategies");
  private static final String OLD = "registry.example/shop:1.0";

  private final World world = new World(3);

  /** The Deployment shop of the manifests, in an older version, busy and scraped. */
  private void shop() {
    Doc manifest =
        rollout.yaml.Manifests.read(FOLDER.resolve("manifests/shop.yaml")).getFirst().object();
    Doc container =
        manifest.doc("spec", "template", "spec").docs("containers").getFirst().with(OLD, "image");
    world.create(
        Kind.DEPLOYMENT,
        manifest.with(List.of(container.members()), "spec", "template", "spec", "containers"));
    service("shop", Map.of("app", "shop"));
    service("shop-debug", Map.of("app", "shop"));
    service("shop-preview", Map.of("app", "nobody"));
    world.answer(
        promql -> promql.contains("orders_failed_total"),
        now -> new MetricAnswer.Samples(List.of(), List.of()));
    ready("shop", 3);
    world.load("shop", 20);
    world.pass(Duration.ofMinutes(3));
  }

  private void service(String name, Map<String, String> selector) {
    world.create(Kind.SERVICE, Manifests.service(World.NAMESPACE, name, selector));
  }

  private void ready(String service, int endpoints) {
    assertThat(world.until(() -> world.endpoints(service) == endpoints, Duration.ofMinutes(1)))
        .isTrue();
  }

  private Plan plan(String file) {
    return new Rollouts(world.ports(event -> {})).plan(StrategyYaml.read(FOLDER.resolve(file)));
  }

  private static String forward(Plan plan) {
    return String.join(" ", plan.forward().stream().map(one -> one.step().id()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "minimal.yaml, claim create pause pin start verify switch bake begin-settle settle"
        + " switch-to-stable drain remove-candidate free",
    "notify.yaml, claim create pause pin start verify hold switch bake begin-settle settle"
        + " switch-to-stable drain remove-candidate free",
    "migration.yaml, claim create migrate pause pin prove remove-fresh start verify switch bake"
        + " begin-settle settle"
        + " switch-to-stable drain remove-candidate free",
    "checks.yaml, claim create pause pin start preview smoke verify switch bake begin-settle settle"
        + " switch-to-stable drain remove-candidate preview-back free",
    "careful.yaml, claim create migrate pause pin prove remove-fresh start preview smoke verify"
        + " hold switch bake"
        + " begin-settle settle switch-to-stable drain remove-candidate preview-back free",
  })
  void exampleIsPlannedStepByStep(String file, String expected) {
    shop();
    if (!file.equals("careful.yaml")) {
      world.delete(new Ref(Kind.SERVICE, World.NAMESPACE, "shop-debug"));
    }
    assertThat(forward(plan(file))).isEqualTo(expected);
  }

  @Test
  void swapIsPlannedBetweenTwoDeploymentsOfTheUser() {
    for (String colour : List.of("blue", "green")) {
      Map<String, String> labels = Map.of("app", "shop", "colour", colour);
      int replicas = colour.equals("blue") ? 2 : 0;
      world.create(
          Kind.DEPLOYMENT,
          Manifests.deployment(World.NAMESPACE, "shop-" + colour, labels, OLD, replicas));
    }
    Map<String, String> blue = Map.of("app", "shop", "colour", "blue");
    List.of("shop", "shop-internal").forEach(name -> service(name, blue));
    ready("shop", 2);

    assertThat(forward(plan("swap.yaml")))
        .isEqualTo("claim create pin start verify switch bake begin-settle drain retire free");
  }

  @Test
  void planningWritesNothing() {
    shop();
    plan("careful.yaml");
    assertThat(world.journal()).isNotEmpty().noneMatch(Call::write);
  }
}
