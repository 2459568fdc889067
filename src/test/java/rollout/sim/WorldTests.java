package rollout.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.MetricAnswer.Refused;
import rollout.model.MetricAnswer.Samples;
import rollout.model.MetricAnswer.Unreachable;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** What a world does besides keeping the contract of a cluster. */
class WorldTests {
  private static final String OLD = "registry.example/shop:1.0";
  private static final String NEW = "registry.example/shop:2.0";
  private static final Ref SERVICE = new Ref(Kind.SERVICE, World.NAMESPACE, "shop");
  private static final Ref DEPLOYMENT = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop");

  private final World world = new World(7);

  private static Patch image(String image) {
    Doc manifest = Manifests.deployment(World.NAMESPACE, "shop", Map.of("app", "shop"), image, 1);
    return Patch.none().put(manifest.doc("spec", "template"), "spec", "template");
  }

  private void candidate(World where, String image) {
    Map<String, String> labels = Map.of("app", "shop-new", "track", "new");
    where.create(
        Kind.DEPLOYMENT, Manifests.deployment(World.NAMESPACE, "shop-new", labels, image, 4));
    assertThat(where.until(() -> pods(where, labels, "Ready") == 4, Duration.ofMinutes(1)))
        .isTrue();
  }

  private static long pods(World where, Map<String, String> labels, String condition) {
    return where.list(Query.labelled(Kind.POD, World.NAMESPACE, labels)).stream()
        .filter(pod -> Conditions.isTrue(pod, condition))
        .count();
  }

  private static void select(World where, String app) {
    where.patch(SERVICE, Patch.none().put(Map.of("app", app), "spec", "selector"));
  }

  @Test
  void switchedSelectorMovesAllTrafficWithoutLoss() {
    world.deploy("shop", OLD, 4);
    world.load("shop", 200);
    candidate(world, NEW);
    world.pass(Duration.ofSeconds(30));
    assertThat(world.traffic().of(NEW)).isEqualTo(TrafficReport.Answers.NONE);

    Instant switched = world.now();
    select(world, "shop-new");
    world.pass(Duration.ofSeconds(30));
    world.patch(DEPLOYMENT, Patch.none().put(0, "spec", "replicas"));
    world.pass(Duration.ofSeconds(30));

    TrafficReport report = world.traffic();
    assertThat(report.losses()).isEmpty();
    assertThat(report.failed()).isZero();
    assertThat(report.of(NEW).first()).isBetween(switched, switched.plusSeconds(3));
    assertThat(report.of(NEW).good()).isGreaterThan(5_000);
  }

  @Test
  void keptConnectionsStayWithTheirPodsUntilThoseEnd() {
    world.deploy("shop", OLD, 4);
    world.load("shop", 200);
    candidate(world, NEW);
    select(world, "shop-new");
    world.pass(Duration.ofSeconds(10));
    long early = world.traffic().of(OLD).good();

    world.pass(Duration.ofSeconds(10));

    assertThat(world.traffic().of(OLD).good() - early).isBetween(900L, 1100L);
  }

  @Test
  void selectorThatMatchesNothingDropsNewConnections() {
    world.deploy("shop", OLD, 2);
    world.load("shop", 100);
    select(world, "nobody");

    world.pass(Duration.ofSeconds(12));

    assertThat(world.traffic().dropped()).isBetween(480L, 600L);
    assertThat(world.traffic().losses().getFirst()).contains("no endpoint");
  }

  @Test
  void rollingUpdateLosesNothing() {
    world.deploy("shop", OLD, 4);
    world.load("shop", 200);

    world.patch(DEPLOYMENT, image(NEW));
    assertThat(
            world.until(
                () -> DeploymentStatus.complete(world.find(DEPLOYMENT).orElseThrow()),
                Duration.ofMinutes(5)))
        .isTrue();
    world.pass(Duration.ofSeconds(20));

    assertThat(world.traffic().losses()).isEmpty();
    assertThat(world.traffic().failed()).isZero();
    assertThat(world.list(Query.all(Kind.POD, World.NAMESPACE)))
        .hasSize(4)
        .allSatisfy(
            pod ->
                assertThat(pod.docs("spec", "containers").getFirst().text("image")).contains(NEW));
  }

  @Test
  void podsThatStopBeforeTheirDrainIsOverLoseRequestsInARollingUpdate() {
    world.behaviour(OLD, Behaviour.good().drain(Duration.ZERO));
    world.deploy("shop", OLD, 4);
    world.load("shop", 200);

    world.patch(DEPLOYMENT, image(NEW));
    world.pass(Duration.ofMinutes(1));

    assertThat(world.traffic().dropped()).isPositive();
    assertThat(world.traffic().losses().getFirst()).contains("has gone");
  }

  @Test
  void crashLoopShowsEndsRestartsAndBackOff() {
    world.behaviour(NEW, Behaviour.good().crashesAfter(Duration.ofSeconds(1), 137, "OOMKilled"));
    world.create(
        Kind.DEPLOYMENT,
        Manifests.deployment(World.NAMESPACE, "bad", Map.of("app", "bad"), NEW, 1));
    Query query = Query.labelled(Kind.POD, World.NAMESPACE, Map.of("app", "bad"));

    assertThat(world.until(() -> status(query).has("state", "terminated"), Duration.ofMinutes(1)))
        .isTrue();
    assertThat(status(query).number(0, "state", "terminated", "exitCode")).isEqualTo(137);
    assertThat(world.until(() -> backsOff(query), Duration.ofMinutes(1))).isTrue();

    assertThat(status(query).number(0, "restartCount")).isEqualTo(1);
    assertThat(status(query).textOrEmpty("lastState", "terminated", "reason"))
        .isEqualTo("OOMKilled");
    world.pass(Duration.ofMinutes(2));
    assertThat(status(query).number(0, "restartCount")).isBetween(3L, 5L);
  }

  private boolean backsOff(Query query) {
    return status(query).textOrEmpty("state", "waiting", "reason").equals("CrashLoopBackOff");
  }

  private Doc status(Query query) {
    List<Doc> pods = world.list(query);
    List<Doc> statuses =
        pods.isEmpty() ? List.of() : pods.getFirst().docs("status", "containerStatuses");
    return statuses.isEmpty() ? Doc.EMPTY : statuses.getFirst();
  }

  @Test
  void errorsOfACrashedVersionAreItsOwn() {
    world.behaviour(NEW, Behaviour.good().crashesAfter(Duration.ofMinutes(1)));
    world.deploy("shop", OLD, 4);
    candidate(world, NEW);
    world.load("shop", 200);
    select(world, "shop-new");

    world.pass(Duration.ofMinutes(2));

    assertThat(world.traffic().of(NEW).errors()).isPositive();
    assertThat(world.traffic().of(OLD).errors()).isZero();
    assertThat(world.traffic().dropped()).isZero();
  }

  @Test
  void sameSeedMakesTheSameJournalAndAnotherSeedAnotherTime() {
    assertThat(story(3)).isEqualTo(story(3)).isNotEqualTo(story(4));
  }

  private List<String> story(long seed) {
    World told = new World(seed);
    told.deploy("shop", OLD, 3);
    told.load("shop", 100);
    Ports ports = told.ports(event -> {});
    Query pods = Query.all(Kind.POD, World.NAMESPACE);
    List<String> story = new ArrayList<>();
    try (Cluster.Follow follow = ports.cluster().follow(List.of(pods), ports.time().signal())) {
      ports.cluster().patch(DEPLOYMENT, image(NEW), Send.REAL);
      Instant end = told.now().plusSeconds(60);
      while (told.now().isBefore(end)) {
        await(ports, end);
        story.add(told.now() + " " + follow.list(pods).stream().map(Meta::name).toList());
      }
    }
    told.journal().forEach(call -> story.add(call.toString()));
    story.add(told.traffic().toString());
    return story;
  }

  private static void await(Ports ports, Instant until) {
    try {
      ports.time().await(until);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void waitEndsEarlyWhenAFollowedObjectChangesAndElseInTime() {
    world.deploy("shop", OLD, 1);
    Ports ports = world.ports(event -> {});
    Query service = Query.named(SERVICE);
    try (Cluster.Follow follow = ports.cluster().follow(List.of(service), ports.time().signal())) {
      await(ports, world.now());
      Instant start = world.now();
      world.at(Duration.ofSeconds(3), () -> select(world, "other"));

      await(ports, start.plusSeconds(10));
      assertThat(world.now()).isEqualTo(start.plusSeconds(3));
      assertThat(follow.list(service).getFirst().text("spec", "selector", "app")).contains("other");

      await(ports, start.plusSeconds(10));
      assertThat(world.now()).isEqualTo(start.plusSeconds(10));
    }
  }

  private MetricRound ask(String promql) {
    return world
        .ports(event -> {})
        .metrics()
        .read(List.of(new MetricQuery("q", promql)), world.now());
  }

  private double sum(String promql) {
    return ((Samples) ask(promql).answer("q")).series().getFirst().points().getLast().value();
  }

  @Test
  void metricsCountWhatTheTrafficWas() {
    world.behaviour(OLD, Behaviour.good().errorRate(0.1));
    world.deploy("shop", OLD, 2);
    world.load("shop", 100);
    world.pass(Duration.ofMinutes(2));

    double bad = sum("sum(http_requests_total{namespace=~\"shop|\",code=~\"5..\"})");
    double all = sum("sum(http_requests_total{namespace=~\"shop|\"})");
    double quick = sum("sum(http_request_duration_seconds_bucket{le=\"0.1\"})");
    double counted = sum("sum(http_request_duration_seconds_bucket{le=\"+Inf\"})");

    assertThat(all).isBetween(11_000.0, 12_000.0);
    assertThat(bad / all).isBetween(0.099, 0.101);
    assertThat(quick / counted).isBetween(0.98, 0.999);
  }

  @Test
  void rangeSelectorGivesOneSeriesAPodWithAPointAScrape() {
    world.deploy("shop", OLD, 2);
    world.load("shop", 100);
    world.pass(Duration.ofMinutes(2));
    String pod = Meta.name(world.list(Query.all(Kind.POD, World.NAMESPACE)).getFirst());

    Samples samples =
        (Samples) ask("http_requests_total{pod=~\"" + pod + "|x\",code!=\"500\"}[60s]").answer("q");

    assertThat(samples.series())
        .singleElement()
        .satisfies(series -> assertThat(series.labels()).containsEntry("pod", pod))
        .satisfies(series -> assertThat(series.points()).hasSize(12));
  }

  @Test
  void prometheusThatIsAwayOrDoesNotUnderstandSaysSo() {
    world.deploy("shop", OLD, 1);
    assertThat(ask("rate(http_requests_total[1m])").answer("q")).isInstanceOf(Refused.class);
    assertThat(sum("vector(1)")).isEqualTo(1);

    world.prometheus(MetricsState.DOWN);

    assertThat(ask("vector(1)").answer("q")).isInstanceOf(Unreachable.class);
  }

  @Test
  void lostAnswerLeavesTheWriteDone() {
    world.deploy("shop", OLD, 1);
    Ports ports = world.ports(event -> {});
    world.faults(call -> call.write() ? new Fault.LoseAnswer() : new Fault.None());

    assertThatThrownBy(
            () ->
                ports
                    .cluster()
                    .patch(
                        SERVICE,
                        Patch.none().put(Map.of("a", "1"), "metadata", "labels"),
                        Send.REAL))
        .isInstanceOf(ClusterException.Unknown.class);
    assertThat(world.find(SERVICE).orElseThrow().texts("metadata", "labels"))
        .containsEntry("a", "1");
  }

  @Test
  void killedProgramCanDoNothingMoreAndAnotherGoesOn() {
    world.deploy("shop", OLD, 1);
    Ports dead = world.ports(event -> {});
    world.faults(Faults.crashBefore(1));

    assertThatThrownBy(() -> dead.cluster().get(SERVICE)).isInstanceOf(Crash.class);
    assertThatThrownBy(() -> dead.cluster().get(SERVICE)).isInstanceOf(Crash.class);
    assertThatThrownBy(() -> dead.time().await(world.now().plusSeconds(1)))
        .isInstanceOf(Crash.class);
    assertThat(world.ports(event -> {}).cluster().get(SERVICE)).isPresent();
  }

  @Test
  void frozenProgramSendsAfterOthersHaveActed() {
    world.deploy("shop", OLD, 1);
    Ports frozen = world.ports(event -> {});
    String version = Long.toString(Meta.version(world.find(SERVICE).orElseThrow()));
    world.faults(call -> new Fault.Meanwhile(() -> select(world, "other")));

    assertThatThrownBy(
            () ->
                frozen
                    .cluster()
                    .patch(
                        SERVICE,
                        Patch.at(version).put(Map.of("app", "mine"), "spec", "selector"),
                        Send.REAL))
        .isInstanceOf(ClusterException.Conflict.class);
  }

  @Test
  void programThatRunsWhileAnotherWaitsIsDoneBeforeThatGoesOn() {
    world.deploy("shop", OLD, 1);
    Ports first = world.ports(event -> {});
    Ports second = world.ports(event -> {});
    Instant start = world.now();
    List<String> order = new ArrayList<>();
    world.at(
        Duration.ofSeconds(1),
        () -> {
          await(second, start.plusSeconds(20));
          order.add("second " + Duration.between(start, world.now()));
        });

    await(first, start.plusSeconds(5));
    order.add("first " + Duration.between(start, world.now()));

    assertThat(order).containsExactly("second PT20S", "first PT20S");
  }

  @Test
  void forbiddenVerbIsRefusedAndTheReviewSaysSo() {
    world.deploy("shop", OLD, 1);
    world.forbid("patch", "services");
    Cluster cluster = world.ports(event -> {}).cluster();
    Doc asked = Doc.of("namespace", World.NAMESPACE, "verb", "patch", "resource", "services");
    Doc review = Doc.of("spec", Doc.of("resourceAttributes", asked));

    assertThat(cluster.create(Kind.ACCESS_REVIEW, review, Send.REAL).isTrue("status", "allowed"))
        .isFalse();
    assertThatThrownBy(
            () -> cluster.patch(SERVICE, Patch.none().put("x", "metadata", "x"), Send.REAL))
        .isInstanceOf(ClusterException.Forbidden.class)
        .hasMessageContaining("cannot patch resource \"services\"");
  }

  @Test
  void jobWhoseImageCannotBePulledWaitsForEver() {
    world.behaviour("migrate:2", Behaviour.good().cannotPull());
    world.create(Kind.JOB, Manifests.job(World.NAMESPACE, "migrate", "migrate:2", false));
    Query query = Query.labelled(Kind.POD, World.NAMESPACE, Map.of("job", "migrate"));

    world.pass(Duration.ofSeconds(5));

    assertThat(status(query).textOrEmpty("state", "waiting", "reason"))
        .isEqualTo("ImagePullBackOff");
  }

  @Test
  void quotaKeepsAJobWithoutPodAndSaysSoInAnEvent() {
    world.create(
        Kind.RESOURCE_QUOTA,
        Doc.of(
            "metadata",
            Doc.of("name", "none", "namespace", World.NAMESPACE),
            "spec",
            Doc.of("hard", Doc.of("pods", "0"))));
    world.create(Kind.JOB, Manifests.job(World.NAMESPACE, "migrate", "migrate:2", false));

    world.pass(Duration.ofSeconds(5));

    assertThat(world.list(Query.all(Kind.POD, World.NAMESPACE))).isEmpty();
    assertThat(world.list(Query.all(Kind.EVENT, World.NAMESPACE)))
        .anySatisfy(event -> assertThat(event.text("reason")).contains("FailedCreate"))
        .anySatisfy(event -> assertThat(event.textOrEmpty("message")).contains("exceeded quota"));
  }

  @Test
  void jobPastItsDeadlineFailsAndItsPodIsEnded() {
    world.behaviour("migrate:2", Behaviour.good().runsOn());
    Doc job = Manifests.job(World.NAMESPACE, "migrate", "migrate:2", false);
    world.create(Kind.JOB, job.with(30, "spec", "activeDeadlineSeconds"));
    Ref ref = Ref.to(Kind.JOB, job);

    assertThat(
            world.until(
                () -> Conditions.isTrue(world.find(ref).orElseThrow(), "Failed"),
                Duration.ofMinutes(2)))
        .isTrue();
    assertThat(world.find(ref).orElseThrow().docs("status", "conditions"))
        .anySatisfy(c -> assertThat(c.text("reason")).contains("DeadlineExceeded"));
    assertThat(world.list(Query.all(Kind.POD, World.NAMESPACE))).isEmpty();
  }

  @Test
  void slicesHoldAtMostAHundredEndpoints() {
    world.deploy("shop", OLD, 101);

    List<Doc> slices = world.list(Query.all(Kind.ENDPOINT_SLICE, World.NAMESPACE));

    assertThat(slices).hasSize(2);
    assertThat(slices)
        .extracting(slice -> slice.docs("endpoints").size())
        .containsExactlyInAnyOrder(100, 1);
  }

  @Test
  void brokenWatchesAreListedAgain() {
    world.deploy("shop", OLD, 1);
    Ports ports = world.ports(event -> {});
    Query service = Query.named(SERVICE);
    try (Cluster.Follow follow = ports.cluster().follow(List.of(service), ports.time().signal())) {
      world.watches(false);
      select(world, "other");
      assertThat(follow.live()).isFalse();
      assertThat(follow.list(service).getFirst().text("spec", "selector", "app")).contains("shop");

      world.watches(true);

      assertThat(follow.live()).isTrue();
      assertThat(follow.list(service).getFirst().text("spec", "selector", "app")).contains("other");
    }
  }
}
