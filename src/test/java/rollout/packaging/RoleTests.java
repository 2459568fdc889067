package rollout.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.core.Outcome;
import rollout.core.Outcome.Result;
import rollout.model.Kind;
import rollout.plan.Access;
import rollout.plan.Feature;
import rollout.port.Ports;
import rollout.run.Rollouts;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.sim.World;
import rollout.strategy.Strategy;
import rollout.yaml.StrategyYaml;

/** Releases that may do what the table says, and nothing else. */
// In its own thread, so that a release that spins is a failure and no hanging build.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoleTests {
  private static final List<Kind> KINDS =
      List.of(
          Kind.SERVICE,
          Kind.DEPLOYMENT,
          Kind.REPLICA_SET,
          Kind.POD,
          Kind.ENDPOINT_SLICE,
          Kind.JOB,
          Kind.CONFIG_MAP,
          Kind.LEASE,
          Kind.EVENT,
          Kind.NAMESPACE,
          Kind.AUTOSCALER,
          Kind.SCALED_OBJECT,
          Kind.DISRUPTION_BUDGET,
          Kind.RESOURCE_QUOTA);
  private static final List<String> VERBS =
      List.of("get", "list", "watch", "create", "patch", "delete");
  private static final String OLD = "registry.example/shop:1.0";
  private static final String NEW = "registry.example/shop:2.0";

  private final World world = new World(11);
  private final Strategy release = StrategyYaml.read(Path.of("strategies/minimal.yaml"));

  @BeforeEach
  void onlyTheRole() {
    world.deploy("shop", OLD, 2);
    List<Access> granted = new ArrayList<>(Feature.RELEASE.accesses());
    granted.addAll(Feature.AUTOSCALER.accesses());
    for (Kind kind : KINDS) {
      for (String verb : VERBS) {
        if (!granted.contains(new Access(verb, kind.group(), kind.plural()))) {
          world.forbid(verb, kind.plural());
        }
      }
    }
  }

  @Test
  void goodReleaseNeedsNoMore() {
    assertThat(release(world.ports(event -> {})).result()).isEqualTo(Result.DONE);
  }

  @Test
  void wayBackNeedsNoMore() {
    world.behaviour(NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(90)));
    assertThat(release(world.ports(event -> {})).result()).isEqualTo(Result.ROLLED_BACK);
  }

  private void scaled() {
    world.create(
        Kind.AUTOSCALER,
        rollout.sim.Manifests.autoscaler(World.NAMESPACE, "shop", "shop", 1, 4, 80));
  }

  @Test
  void releaseOfWhatAnAutoscalerSizesNeedsNoMore() {
    scaled();
    assertThat(release(world.ports(event -> {})).result()).isEqualTo(Result.DONE);
  }

  @Test
  void withoutTheRightToSteerAnAutoscalerNothingIsWritten() {
    scaled();
    world.forbid("patch", Kind.AUTOSCALER.plural());
    assertThat(catchThrowable(() -> release(world.ports(e -> {}))))
        .hasMessageContaining("no permission to patch horizontalpodautoscalers");
  }

  @Test
  void theOtherVerbsNeedNoMore() {
    Ports ports = world.ports(event -> {});
    release(ports);
    Rollouts verbs = new Rollouts(world.ports(event -> {}));
    assertThat(verbs.status("shop")).isPresent();
    assertThat(verbs.list(false)).hasSize(1);
    assertThat(verbs.history("shop").getFirst().revision()).isEqualTo(1);
    assertThat(verbs.rollback("shop", Optional.empty(), "", new Driving(false, false)).result())
        .isIn(Result.RETURNED, Result.DONE, Result.ACCEPTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"patch services", "create jobs", "list pods", "create leases"})
  void withoutOneOfThemNothingIsWritten(String missing) {
    world.forbid(missing.split(" ")[0], missing.split(" ")[1]);
    long before = world.journal().stream().filter(call -> call.write()).count();
    assertThat(catchThrowable(() -> release(world.ports(e -> {}))))
        .hasMessageContaining("no permission to " + missing);
    assertThat(world.journal().stream().filter(call -> call.write()).count()).isEqualTo(before);
  }

  private Outcome release(Ports ports) {
    return new Rollouts(ports).release(release, new Driving(false, false));
  }
}
