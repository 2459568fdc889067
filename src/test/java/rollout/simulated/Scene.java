package rollout.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import rollout.core.Decider;
import rollout.core.Decision;
import rollout.core.Observation;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.Endpoint;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.sim.Manifests;
import rollout.sim.World;

/** A shop under load in a world of its own, and the people who work on it. */
public final class Scene {
  public static final String OLD = "registry.example/shop:1.0";
  public static final String NEW = "registry.example/shop:2.0";
  public static final String OTHER = "registry.example/shop:3.0";
  public static final String MIGRATION = "registry.example/shop-migrate:2.0";
  public static final String SMOKE = "registry.example/shop-smoke:2.0";
  public static final Ref SERVICE = new Ref(Kind.SERVICE, World.NAMESPACE, "shop");
  public static final Ref DEPLOYMENT = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop");
  public static final Ref JOURNAL = new Ref(Kind.CONFIG_MAP, World.NAMESPACE, "rollout-shop");
  public static final Ref LEASE = new Ref(Kind.LEASE, World.NAMESPACE, "rollout-shop");

  /** The Lease of the database that migrations name {@code orders}. */
  public static final Ref DATABASE = new Ref(Kind.LEASE, World.NAMESPACE, "rollout-db.orders");

  /** How many pods the shop has. */
  public static final int SIZE = 3;

  /** The least number of pods that the scaler allows. */
  public static final int FLOOR = 2;

  /** What {@link #noMorePods} makes. */
  public static final Ref NO_PODS = new Ref(Kind.RESOURCE_QUOTA, World.NAMESPACE, "none");

  private static final int CEILING = 8;

  /** In percent: 40 requests a second are 200 % of one pod, so three are right. */
  private static final int UTILIZATION = 80;

  private static final double REQUESTS_PER_SECOND = 40;

  /** What sizes the shop where a world has {@link #scaled}. */
  public static final Ref SCALER = new Ref(Kind.AUTOSCALER, World.NAMESPACE, "shop");

  private final World world;
  private final List<Operator> operators = new ArrayList<>();
  private final Watch watch;
  private final Before before;
  private BiFunction<RolloutState, Observation, Decision> mind = Decider::decide;

  /** A shop that serves, watched from now on. */
  public Scene(long seed) {
    this(seed, scene -> {});
  }

  /** The same, with more in the world before it begins. */
  public Scene(long seed, java.util.function.Consumer<World> more) {
    this(seed, SIZE, more);
  }

  /** The same, of this many pods. */
  public Scene(long seed, int size, java.util.function.Consumer<World> more) {
    world = new World(seed);
    Map<String, String> labels = Map.of("app", "till");
    world.create(Kind.DEPLOYMENT, Manifests.deployment(World.NAMESPACE, "till", labels, OTHER, 1));
    world.create(Kind.SERVICE, Manifests.service(World.NAMESPACE, "till", labels));
    world.deploy("shop", OLD, size);
    more.accept(world);
    world.load("shop", REQUESTS_PER_SECOND);
    world.pass(Duration.ofSeconds(20));
    before = Before.of(world);
    watch = new Watch(this, before);
  }

  /** The shop has this volume, in every version; for before it is {@link #scaled}. */
  public static void mounting(World world, Doc volume) {
    Doc live = world.find(DEPLOYMENT).orElseThrow();
    world.delete(DEPLOYMENT);
    world.pass(Duration.ofMinutes(1));
    world.create(
        Kind.DEPLOYMENT,
        Doc.of("metadata", Doc.of("name", "shop", "namespace", World.NAMESPACE))
            .with(live.doc("spec"), "spec")
            .with(List.of(volume), "spec", "template", "spec", "volumes"));
    world.pass(Duration.ofMinutes(1));
  }

  /** An autoscaler of the shop that is content with the usual load on the usual pods. */
  public static void scaled(World world) {
    world.create(
        Kind.AUTOSCALER,
        Manifests.autoscaler(World.NAMESPACE, "shop", "shop", FLOOR, CEILING, UTILIZATION));
  }

  /** Somebody sets the least number of pods that the scaler allows. */
  public void floor(int pods) {
    if (world.find(SCALER).isPresent()) {
      world.patch(SCALER, Patch.none().put(pods, "spec", "minReplicas"));
    }
  }

  /** The scaler as it is. */
  public Autoscaler scaler() {
    return new Autoscaler(Kind.AUTOSCALER, world.find(SCALER).orElse(Doc.EMPTY));
  }

  /** Who has a Lease; empty: nobody. */
  public String holder(Ref lease) {
    return world.find(lease).orElse(Doc.EMPTY).textOrEmpty("spec", "holderIdentity");
  }

  /** The world. */
  public World world() {
    return world;
  }

  /** How it was before anybody came. */
  public Before before() {
    return before;
  }

  /** What must always hold. */
  public Watch watch() {
    return watch;
  }

  /** Programs that come from now on decide like this. */
  public Scene deciding(BiFunction<RolloutState, Observation, Decision> other) {
    mind = other;
    return this;
  }

  /** Somebody new, with a program of their own. */
  public Operator operator() {
    return pod("");
  }

  /** The next pod of a Job that drives. */
  public Operator pod(String job) {
    Operator operator = new Operator(world, job, mind);
    operators.add(operator);
    return operator;
  }

  /** Everybody so far. */
  public List<Operator> operators() {
    return List.copyOf(operators);
  }

  /** What must hold in the end. */
  public Afterwards afterwards() {
    return new Afterwards(this);
  }

  /** The Service as it is. */
  public Service service() {
    return new Service(world.find(SERVICE).orElse(Doc.EMPTY));
  }

  /** The Deployment as it is. */
  public Deployment deployment() {
    return deployment("shop");
  }

  /** A Deployment as it is. */
  public Deployment deployment(String name) {
    return new Deployment(
        world.find(new Ref(Kind.DEPLOYMENT, World.NAMESPACE, name)).orElse(Doc.EMPTY));
  }

  /** The image of the shop's Deployment. */
  public String image() {
    return imageOf(deployment().template());
  }

  static String imageOf(Doc podOrTemplate) {
    List<Doc> containers = podOrTemplate.docs("spec", "containers");
    return containers.isEmpty() ? "" : containers.getFirst().textOrEmpty("image");
  }

  /** All pods, on their way out included. */
  public List<Pod> pods() {
    return world.list(Query.all(Kind.POD, World.NAMESPACE)).stream().map(Pod::new).toList();
  }

  /** Pods of an image. */
  public List<Pod> podsOf(String image) {
    return pods().stream().filter(pod -> imageOf(pod.doc()).equals(image)).toList();
  }

  /** The images of the pods that the slices of a Service send new connections to. */
  public List<String> serving(String service) {
    Query slices =
        Query.labelled(
            Kind.ENDPOINT_SLICE, World.NAMESPACE, Map.of("kubernetes.io/service-name", service));
    Map<String, Pod> pods = new HashMap<>();
    pods().forEach(pod -> pods.put(pod.uid(), pod));
    return Endpoint.in(world.list(slices)).stream()
        .filter(Endpoint::takesTraffic)
        .map(one -> Optional.ofNullable(pods.get(one.podUid())))
        .flatMap(Optional::stream)
        .map(pod -> imageOf(pod.doc()))
        .toList();
  }

  /** The phase that the Service's state tells; empty: none. */
  public String phase() {
    return service().state().textOrEmpty("phase");
  }

  /** Lets something happen as soon as the Service is in a phase, looked for every 100 ms. */
  public void when(String phase, Runnable event) {
    when(() -> phase().equals(phase), event);
  }

  /** Lets something happen as soon as something holds, looked for every 100 ms. */
  public void when(java.util.function.BooleanSupplier condition, Runnable event) {
    world.at(
        Duration.ofMillis(100),
        () -> {
          if (condition.getAsBoolean()) {
            event.run();
          } else {
            when(condition, event);
          }
        });
  }

  /** A quota that has room for no pod more. */
  public void noMorePods() {
    world.create(
        Kind.RESOURCE_QUOTA,
        Doc.of(
            "metadata",
            Doc.of("name", NO_PODS.name(), "namespace", World.NAMESPACE),
            "spec",
            Doc.of("hard", Doc.of("pods", "0"))));
  }

  /** An Event about an object. */
  public void event(String name, String reason, String message, Doc about) {
    world.create(
        Kind.EVENT,
        Doc.of(
            "metadata",
            Doc.of("name", name, "namespace", World.NAMESPACE),
            "reason",
            reason,
            "message",
            message,
            "involvedObject",
            about));
  }

  /** The volume of a pod is not there. */
  public void cannotMount(Pod pod, String message) {
    Doc about = Doc.of("kind", "Pod", "name", pod.name(), "uid", pod.uid());
    event("mount", "FailedMount", message, about);
  }

  /** Somebody has a Lease and renews it so often, every five seconds from now on. */
  public void renewing(Ref lease, String target, Duration ahead, int times) {
    Instant there = world.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS);
    String time = there.toString().replace("Z", ".000000Z");
    world.patch(
        lease,
        Patch.none()
            .put("somebody@elsewhere x", "spec", "holderIdentity")
            .put(time, "spec", "renewTime")
            .put(target, "metadata", "labels", Marks.TARGET));
    if (times > 0) {
      world.at(Duration.ofSeconds(5), () -> renewing(lease, target, ahead, times - 1));
    }
  }

  /** Somebody deletes the journal. */
  public void withoutJournal() {
    world.delete(JOURNAL);
    world.until(() -> world.find(JOURNAL).isEmpty(), Duration.ofMinutes(1));
  }

  /** Somebody applies the Deployment with another image. */
  public void apply(String image) {
    Doc template = deployment().template();
    Doc container = template.docs("spec", "containers").getFirst().with(image, "image");
    world.patch(
        DEPLOYMENT,
        Patch.none().put(List.of(container.members()), "spec", "template", "spec", "containers"));
  }

  /** Somebody sets a selector. */
  public void select(Map<String, String> labels) {
    world.patch(SERVICE, Patch.none().put(labels, "spec", "selector"));
  }

  /** Somebody scales a Deployment. */
  public void scale(String deployment, int replicas) {
    world.patch(
        new Ref(Kind.DEPLOYMENT, World.NAMESPACE, deployment),
        Patch.none().put(replicas, "spec", "replicas"));
  }
}
