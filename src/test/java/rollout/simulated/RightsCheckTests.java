package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.model.Kind;
import rollout.model.RefusedError;
import rollout.plan.Access;
import rollout.plan.Feature;
import rollout.plan.Missing;
import rollout.port.Ports;
import rollout.run.RightsAnswer;
import rollout.run.RightsQuestion;
import rollout.run.Rollouts;
import rollout.sim.Manifests;
import rollout.sim.World;

class RightsCheckTests {
  private static final Optional<String> SHOP = Optional.of("shop");

  private final World world = new World(7);

  RightsCheckTests() {
    world.deploy("shop", "registry.example/shop:1.0", 2);
    world.deploy("other", "registry.example/other:1.0", 2);
  }

  private static RightsQuestion about(Optional<String> service) {
    return new RightsQuestion(service, false, Optional.empty(), Optional.empty());
  }

  private RightsAnswer ask(RightsQuestion question) {
    Ports ports = world.ports(event -> {});
    return new Rollouts(ports).rights(question);
  }

  private void scaled() {
    world.create(Kind.AUTOSCALER, Manifests.autoscaler(World.NAMESPACE, "shop", "shop", 1, 4, 80));
  }

  @Test
  void asksForWhatIsThere() {
    assertThat(ask(about(SHOP)).asked()).containsExactly(Feature.RELEASE);

    scaled();

    assertThat(ask(about(SHOP)).asked()).containsExactly(Feature.RELEASE, Feature.AUTOSCALER);
    assertThat(ask(about(Optional.empty())).asked())
        .containsExactly(Feature.RELEASE, Feature.AUTOSCALER);
    assertThat(ask(about(Optional.of("other"))).asked()).containsExactly(Feature.RELEASE);
    assertThat(ask(about(SHOP)).missing()).isEmpty();
  }

  @Test
  void namesWhatIsMissingAndNothingElse() {
    scaled();
    world.forbid("patch", Kind.AUTOSCALER.plural());
    world.forbid("create", Kind.JOB.plural());

    assertThat(ask(about(SHOP)).missing())
        .containsExactly(
            Missing.of(
                Feature.RELEASE, World.NAMESPACE, List.of(new Access("create", "batch", "jobs"))),
            Missing.of(
                Feature.AUTOSCALER,
                World.NAMESPACE,
                List.of(new Access("patch", "autoscaling", "horizontalpodautoscalers"))));
  }

  @Test
  void whatMayNotBeListedIsSaidAndMissing() {
    scaled();
    world.forbid("list", Kind.AUTOSCALER.plural());

    RightsAnswer answer = ask(about(SHOP));

    assertThat(answer.asked()).containsExactly(Feature.RELEASE);
    assertThat(answer.unseen()).containsExactly("horizontalpodautoscalers");
    assertThat(answer.missing()).hasSize(1);
  }

  @Test
  void asksForWhatWasSaid() {
    RightsQuestion all =
        new RightsQuestion(SHOP, false, Optional.of("istio"), Optional.of("monitoring"));
    assertThat(ask(all).asked())
        .containsExactly(Feature.RELEASE, Feature.ISTIO, Feature.PROMETHEUS);

    RightsQuestion calling = new RightsQuestion(SHOP, true, Optional.empty(), Optional.empty());
    assertThat(ask(calling).asked()).containsExactly(Feature.CALLER);

    RightsQuestion pods =
        new RightsQuestion(SHOP, false, Optional.of("replicas"), Optional.empty());
    assertThat(ask(pods).asked()).containsExactly(Feature.RELEASE);
  }

  @Test
  void aServerThatDoesNotSayIsNoYes() {
    world.forbid("create", Kind.ACCESS_REVIEW.plural());

    assertThatThrownBy(() -> ask(about(SHOP)))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("does not say who may do what");
  }
}
