package rollout.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rollout.core.Outcome;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.run.Rollouts.Driving;
import rollout.sim.Behaviour;
import rollout.sim.Fault;
import rollout.sim.World;
import rollout.strategy.Strategy;
import rollout.yaml.StrategyYaml;

class PreparationTests {
  private final World world = new World(5);
  private final List<Doc> reviews = new ArrayList<>();

  @TempDir Path folder;

  private Strategy strategy(String more) throws IOException {
    String image = "candidate: {image: {shop: 'registry.example/shop:2.0'}}\n";
    String head = "apiVersion: rollout/v1\nkind: BlueGreen\ntarget: {service: shop}\n";
    return StrategyYaml.read(Files.writeString(folder.resolve("s.yaml"), head + image + more));
  }

  /** The ports of a program whose questions about permissions are written down. */
  private Ports ports() {
    Ports real = world.ports(event -> {});
    Cluster listening =
        (Cluster)
            Proxy.newProxyInstance(
                Cluster.class.getClassLoader(),
                new Class<?>[] {Cluster.class},
                (self, method, given) -> {
                  if (method.getName().equals("review") && given[1] instanceof List<?> asked) {
                    asked.forEach(
                        one -> reviews.add(((Doc) one).doc("spec", "resourceAttributes")));
                  }
                  try {
                    return method.invoke(real.cluster(), given);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Ports(
        listening,
        real.metrics(),
        real.time(),
        real.progress(),
        real.namespace(),
        real.identity(),
        real.nonce(),
        real.job(),
        real.credentialEnds(),
        real.metricNames());
  }

  @Test
  void proxyMustBeAllowedWherePrometheusIs() throws IOException {
    world.deploy("shop", "registry.example/shop:1.0", 1);

    new Rollouts(ports()).plan(strategy("prometheus: {url: 'svc:monitoring/prometheus:9090'}\n"));

    assertThat(reviews)
        .filteredOn(asked -> asked.textOrEmpty("subresource").equals("proxy"))
        .containsExactly(
            Doc.of(
                "namespace", "monitoring",
                "verb", "get",
                "group", "",
                "resource", "services",
                "subresource", "proxy"));
    assertThat(reviews)
        .filteredOn(asked -> !asked.textOrEmpty("subresource").equals("proxy"))
        .isNotEmpty()
        .allMatch(asked -> asked.textOrEmpty("namespace").equals(World.NAMESPACE));
  }

  /** Somebody writes on the Deployment between the survey and the dry run, so many times. */
  private void somebodyWrites(int times) {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    Ref shop = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop");
    AtomicInteger left = new AtomicInteger(times);
    world.faults(
        call ->
            call.verb().equals("patch")
                    && call.target().equals("Deployment shop")
                    && left.getAndDecrement() > 0
                ? new Fault.Meanwhile(
                    () ->
                        world.patch(shop, Patch.none().put(left.get(), "spec", "minReadySeconds")))
                : new Fault.None());
  }

  /** Each call of the preflight is answered badly, so many times. */
  private Ports answeringBadly(int times, Fault fault) {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    Map<String, Integer> tried = new HashMap<>();
    world.faults(
        call ->
            tried.merge(call.verb() + call.target(), 1, Integer::sum) <= times
                ? fault
                : new Fault.None());
    return world.ports(event -> {});
  }

  static List<Fault> badAnswers() {
    return List.of(
        new Fault.Refuse(new ClusterException.Busy("busy", Duration.ofSeconds(2))),
        new Fault.Refuse(new ClusterException.Unknown("no answer", null)));
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void twoBadAnswersToWhateverIsReadAreForgiven(Fault fault) throws IOException {
    Ports ports = answeringBadly(2, fault);
    assertThat(new Rollouts(ports).plan(strategy("")).forward()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("badAnswers")
  void aServerThatNeverAnswersIsGivenUp(Fault fault) {
    Ports ports = answeringBadly(100, fault);
    assertThatThrownBy(() -> new Rollouts(ports).plan(strategy("")))
        .isInstanceOf(ClusterException.class);
    assertThat(world.journal()).hasSize(3);
  }

  @Test
  void aDeploymentThatMovesUnderTheDryRunIsLookedAtAgain() throws IOException {
    somebodyWrites(3);
    assertThat(new Rollouts(ports()).plan(strategy("")).forward()).isNotEmpty();
  }

  @Test
  void aDeploymentThatNeverRestsIsRefusedInPlainWords() throws IOException {
    somebodyWrites(100);
    assertThatThrownBy(() -> new Rollouts(ports()).plan(strategy("")))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("somebody keeps changing what would be released");
  }

  @Test
  void anOldServerIsNamedBeforeItIsAskedAnythingElse() throws IOException {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    world.version("1.20");

    assertThatThrownBy(() -> new Rollouts(ports()).plan(strategy("")))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("of version 1.20; rollout needs Kubernetes 1.27 or newer");
    assertThat(reviews).isEmpty();
  }

  @Test
  void whatIsForbiddenOnOneResourceIsOneLineWithOneRule() throws IOException {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    world.forbid("get", "leases");
    world.forbid("patch", "leases");

    assertThatThrownBy(() -> new Rollouts(ports()).plan(strategy("")))
        .isInstanceOf(RefusedError.class)
        .hasMessage(
            "no permission to get, patch leases in namespace shop.  A Role with this rule grants"
                + " it: {apiGroups: [\"coordination.k8s.io\"], resources: [leases], verbs: [get,"
                + " patch]}");
  }

  @Test
  void anImageThatCouldNotBePulledMayBeReleasedAgainWithoutForce() throws IOException {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    world.behaviour("registry.example/shop:2.0", Behaviour.good().cannotPull());
    Outcome outcome =
        new Rollouts(world.ports(event -> {})).release(strategy(""), new Driving(false, false));

    assertThat(outcome.result()).isEqualTo(Outcome.Result.ROLLED_BACK);
    assertThat(new Rollouts(ports()).plan(strategy("")).forward()).isNotEmpty();
  }

  @Test
  void aNamespaceThatIsNotThereIsNamedByEveryVerb() throws IOException {
    Rollouts rollouts = new Rollouts(world.ports(event -> {}, "shpo", List.of()));
    String says = "there is no namespace shpo";

    assertThatThrownBy(() -> rollouts.plan(strategy(""))).hasMessageContaining(says);
    assertThatThrownBy(() -> rollouts.status("shop")).hasMessageContaining(says);
    assertThatThrownBy(() -> rollouts.list(false)).hasMessageContaining(says);
    assertThatThrownBy(
            () -> rollouts.rollback("shop", Optional.empty(), "", new Driving(false, false)))
        .hasMessageContaining(says);
    assertThat(world.journal()).noneMatch(call -> call.write());
  }

  @Test
  void promotionThatCannotBeIsRefusedAndNotIgnored() throws IOException {
    world.deploy("shop", "registry.example/shop:1.0", 1);
    Strategy swap = strategy("blueGreen: {promotion: swap}\n");

    assertThatThrownBy(() -> new Rollouts(ports()).plan(swap))
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("--promotion swap: this candidate can only be promoted by copy");
    assertThat(new Rollouts(ports()).plan(strategy("blueGreen: {promotion: copy}\n")).forward())
        .isNotEmpty();
  }
}
