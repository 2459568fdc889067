package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Ports;

/** Slices as a control plane writes them whose caches are behind. */
class ControlPlaneTests {
  private static final Ref SERVICE = new Ref(Kind.SERVICE, World.NAMESPACE, "shop");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final World world = new World(7);

  /** One Deployment behind the Service, and another that it does not select. */
  @BeforeEach
  void deploy() {
    world.deploy("shop", "registry.example/shop:1.0", 2);
    world.deploy("green", "registry.example/shop:2.0", 3);
  }

  private void select(String app) {
    world.patch(SERVICE, Patch.none().put(Map.of("app", app), "spec", "selector"));
  }

  private Set<String> listed() {
    Set<String> apps = new TreeSet<>();
    for (Doc endpoint : endpoints()) {
      String pod = endpoint.textOrEmpty("targetRef", "name");
      apps.add(pod.substring(0, pod.indexOf('-')));
    }
    return apps;
  }

  private List<Doc> endpoints() {
    return world
        .list(
            Query.labelled(
                Kind.ENDPOINT_SLICE, World.NAMESPACE, Map.of("kubernetes.io/service-name", "shop")))
        .stream()
        .flatMap(slice -> slice.docs("endpoints").stream())
        .toList();
  }

  @Test
  void newLeaderWritesTheOlderSelectorOnceMoreUntilItHasCaughtUp() {
    select("green");
    world.pass(Duration.ofSeconds(1));
    assertThat(listed()).containsExactly("green");

    world.controlPlane().newLeader(Duration.ofSeconds(5), Duration.ofSeconds(3));
    world.pass(Duration.ofMillis(200));
    assertThat(listed()).containsExactly("shop");
    assertThat(world.controlPlane().isBehind()).isTrue();

    world.pass(Duration.ofSeconds(3));
    assertThat(listed()).containsExactly("green");
    assertThat(world.controlPlane().isBehind()).isFalse();
  }

  @Test
  void newLeaderThatKnowsWhatTheOneBeforeKnewChangesNothing() {
    select("green");
    world.pass(Duration.ofSeconds(10));
    Set<String> seen = new HashSet<>();
    world.onChange(
        ref -> {
          if (ref.kind().equals(Kind.ENDPOINT_SLICE)) {
            seen.add(ref.name());
          }
        });
    world.controlPlane().newLeader(Duration.ofSeconds(5), Duration.ofSeconds(3));
    world.pass(MINUTE);
    assertThat(seen).isEmpty();
  }

  @Test
  void changeIsHeardOfLateAndNotForgotten() {
    Instant written = world.now();
    world.controlPlane().late(Duration.ofSeconds(3));
    select("green");
    assertThat(world.until(() -> listed().equals(Set.of("green")), MINUTE)).isTrue();
    assertThat(Duration.between(written, world.now()))
        .isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_200));
  }

  @Test
  void podThatNeverWasIsNeverListed() {
    Set<String> were = new HashSet<>();
    Set<String> invented = new TreeSet<>();
    world.list(Query.all(Kind.POD, World.NAMESPACE)).forEach(pod -> were.add(Meta.uid(pod)));
    world.onChange(
        ref -> {
          if (ref.kind().equals(Kind.POD)) {
            world.find(ref).ifPresent(pod -> were.add(Meta.uid(pod)));
          }
          for (Doc endpoint : endpoints()) {
            String uid = endpoint.textOrEmpty("targetRef", "uid");
            if (!were.contains(uid)) {
              invented.add(uid);
            }
          }
        });
    world.controlPlane().late(Duration.ofSeconds(3));
    Ref shop = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop");
    for (int size : List.of(5, 1, 4, 0, 2)) {
      world.patch(shop, Patch.none().put(size, "spec", "replicas"));
      world.pass(Duration.ofSeconds(4));
      world.controlPlane().newLeader(Duration.ofSeconds(9), Duration.ofSeconds(5));
      world.pass(Duration.ofSeconds(7));
    }
    world.pass(MINUTE);
    assertThat(invented).isEmpty();
    assertThat(endpoints()).hasSize(2);
  }

  @Test
  void watchThatStallsTellsWhatWasWhileReadingTellsWhatIs() {
    Ports ports = world.ports(event -> {});
    Query query = Query.named(SERVICE);
    Cluster.Follow follow = ports.cluster().follow(List.of(query), ports.time().signal());
    world.watchesStall(Duration.ofSeconds(10));
    select("green");

    world.pass(Duration.ofSeconds(5));
    assertThat(follow.live()).isTrue();
    assertThat(app(follow.list(query).getFirst())).isEqualTo("shop");
    assertThat(app(ports.cluster().list(query).getFirst())).isEqualTo("green");
    assertThat(app(ports.cluster().get(SERVICE).orElseThrow())).isEqualTo("green");

    world.pass(Duration.ofSeconds(6));
    assertThat(app(follow.list(query).getFirst())).isEqualTo("green");
  }

  private static String app(Doc service) {
    return service.texts("spec", "selector").getOrDefault("app", "");
  }
}
