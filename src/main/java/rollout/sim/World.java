package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.MetricAnswer;
import rollout.model.MetricNames;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster.Send;
import rollout.port.Ports;
import rollout.port.Progress;

/**
 * A cluster with its controllers, its traffic and its Prometheus, in memory and in virtual time.
 * One seed decides everything: the same seed and the same acts give the same world. For one thread.
 *
 * <p>Time passes when a program waits or calls a port, and in {@link #pass} and {@link #until}. The
 * methods that read and edit here are those of a person at the cluster: they take no time, are in
 * no journal, and no fault meets them.
 */
public final class World {
  /** When every world begins. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** The namespace that is there from the start. */
  public static final String NAMESPACE = "shop";

  private static final long READY_SECONDS = 600;
  private static final double KEPT_OPEN = 0.5;
  private static final String PODS = "{namespace=\"$namespace\",pod=~\"$pods\"";
  private static final MetricNames HTTP =
      new MetricNames(
          "http",
          "requests and latency as the pods of a world count them",
          "http_requests_total" + PODS + "}",
          "http_requests_total" + PODS + ",code=~\"5..\"}",
          "http_request_duration_seconds_bucket" + PODS + "}",
          1,
          "");

  private final VirtualTime time = new VirtualTime(START);
  private final Dice dice;
  private final Calls calls;
  private final Images images = new Images();
  private final Store store;
  private final Traffic traffic;
  private final Kubelet kubelet;
  private final Scrapes scrapes;
  private final Prometheus prometheus;
  private final Garbage garbage;
  private final Parts parts;
  private final Routers routers;
  private final ControlPlane controlPlane;
  private final List<Program> programs = new ArrayList<>();

  /** A world with an empty namespace {@link #NAMESPACE}. */
  public World(long seed) {
    dice = new Dice(seed);
    calls = new Calls(dice);
    store = new Store(time, dice);
    traffic = new Traffic(time, dice, images);
    EventLog events = new EventLog(store, time);
    garbage = new Garbage(store, time, dice);
    PodMaker maker = new PodMaker(store, dice, events);
    PodLogs logs = new PodLogs();
    kubelet = new Kubelet(store, time, dice, images, events, logs, traffic::settle);
    new DeploymentController(store, time, dice).begin();
    new ReplicaSetController(store, time, dice, garbage, maker).begin();
    new JobController(store, time, dice, garbage, maker).begin();
    Caches caches = new Caches(store, time);
    EndpointsController endpoints = new EndpointsController(store, caches, time, dice);
    endpoints.begin();
    controlPlane = new ControlPlane(caches, endpoints, time);
    new AutoscalerController(store, time, traffic, kubelet).begin();
    traffic.through(new Proxies(store, time, dice, kubelet, traffic::settle));
    scrapes = new Scrapes(time, traffic, kubelet);
    prometheus = new Prometheus(scrapes);
    ApiServer api = new ApiServer(store, garbage, dice);
    Watches watches = new Watches(time, dice);
    parts = new Parts(store, time, api, watches, kubelet, logs, new Proxied(store));
    routers = new Routers(this, store, time, dice, api, traffic, kubelet);
    namespace(NAMESPACE);
    namespace("default");
  }

  /** The ports of a new program that knows the usual metric names. */
  public Ports ports(Progress progress) {
    return ports(progress, NAMESPACE, List.of(HTTP));
  }

  /** The ports of a new program. Each program has its own clock reading, signal and life. */
  public Ports ports(Progress progress, String namespace, List<MetricNames> metricNames) {
    int number = programs.size() + 1;
    Program program = new Program(number, time, calls);
    programs.add(program);
    return new Ports(
        new SimCluster(program, parts),
        new SimMetrics(program, time, dice, prometheus),
        program,
        progress,
        namespace,
        "sim@world (program " + number + ")",
        dice.suffix() + dice.suffix(),
        "",
        Optional::empty,
        metricNames);
  }

  /** The time of the world. */
  public Instant now() {
    return time.now();
  }

  /** Lets time pass. */
  public void pass(Duration duration) {
    time.pass(duration.toMillis());
  }

  /** Lets time pass until the condition holds; false when it didn't within the limit. */
  public boolean until(BooleanSupplier condition, Duration limit) {
    long end = time.millis() + limit.toMillis();
    while (!condition.getAsBoolean()) {
      if (!time.stepBefore(end)) {
        time.passTo(end);
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** Who is told of all time that passes, in milliseconds: the place to make it last. */
  public void pace(LongConsumer told) {
    time.pace(told);
  }

  /** Something happens after a while: somebody edits, a program runs, a fault begins. */
  public void at(Duration fromNow, Runnable event) {
    time.after(fromNow.toMillis(), event);
  }

  /** Told of every object that changes, at once: the place to watch over what must always hold. */
  public void onChange(Consumer<Ref> watcher) {
    store.watch(change -> watcher.accept(change.ref()));
  }

  /** Makes a namespace. */
  public void namespace(String name) {
    Doc namespace =
        Doc.of("apiVersion", "v1", "kind", "Namespace", "metadata", Doc.of("name", name));
    store.add(Kind.NAMESPACE, store.born(Kind.NAMESPACE, namespace));
  }

  /** A Deployment of an image and a Service of the same name on it, ready and serving. */
  public void deploy(String name, String image, int replicas) {
    Map<String, String> labels = Map.of("app", name);
    create(Kind.DEPLOYMENT, Manifests.deployment(NAMESPACE, name, labels, image, replicas));
    create(Kind.SERVICE, Manifests.service(NAMESPACE, name, labels));
    if (!until(() -> endpoints(name) >= replicas, Duration.ofSeconds(READY_SECONDS))) {
      throw new IllegalStateException(name + " did not get ready");
    }
  }

  /** How many ready endpoints a Service has in its slices. */
  public long endpoints(String service) {
    Query slices =
        Query.labelled(
            Kind.ENDPOINT_SLICE, NAMESPACE, Map.of(EndpointsController.SERVICE_NAME, service));
    return store.list(slices).stream()
        .flatMap(slice -> slice.docs("endpoints").stream())
        .filter(endpoint -> endpoint.isTrue("conditions", "ready"))
        .count();
  }

  /** An object as it is now. */
  public Optional<Doc> find(Ref ref) {
    return Optional.ofNullable(store.get(ref));
  }

  /** All objects that match. */
  public List<Doc> list(Query query) {
    return List.copyOf(store.list(query));
  }

  /** Somebody creates an object. */
  public Doc create(Kind kind, Doc object) {
    return parts.api().create(kind, object, Send.REAL);
  }

  /** Somebody edits an object, as with {@code kubectl patch}. */
  public void patch(Ref ref, Patch patch) {
    parts.api().patch(ref, patch, Send.REAL);
  }

  /** Changes an object without any rule, its status and metadata too. An absent one: nothing. */
  public void edit(Ref ref, UnaryOperator<Doc> change) {
    store.edit(ref, change);
  }

  /** Somebody deletes an object. */
  public void delete(Ref ref) {
    garbage.delete(ref);
  }

  /** Says how an image behaves, in running containers too as far as requests go. */
  public void behaviour(String image, Behaviour behaviour) {
    traffic.settle();
    images.register(image, behaviour);
  }

  /** A secret that containers refer to is not there. */
  public void missingSecret(String name) {
    images.secretIsMissing(name);
  }

  /** Somebody pushes another image under this tag: pods that start from now on run that one. */
  public void tagMoves(String image) {
    images.tagMoves(image);
  }

  /**
   * Requests a second to a Service of {@link #NAMESPACE}, half of them on kept-open connections.
   */
  public void load(String service, double requestsPerSecond) {
    traffic.load(new Ref(Kind.SERVICE, NAMESPACE, service), requestsPerSecond, KEPT_OPEN);
  }

  /** What divides requests by weights: none runs at first. */
  public Routers routers() {
    return routers;
  }

  /** Who keeps the slices. */
  public ControlPlane controlPlane() {
    return controlPlane;
  }

  /** What became of all requests so far. */
  public TrafficReport traffic() {
    return traffic.report(kubelet.all());
  }

  /** What can be done to pods by nature or by hand. */
  public Mishaps mishaps() {
    return new Mishaps(kubelet);
  }

  /** How the Prometheus is from now on. */
  public void prometheus(MetricsState state) {
    prometheus.become(state);
  }

  /** Answers queries that the Prometheus of a world cannot read; the newest that fits answers. */
  public void answer(Predicate<String> promql, Function<Instant, MetricAnswer> answer) {
    prometheus.register(promql, answer);
  }

  /** Sets the time between two scrapes; 5 s at first. */
  public void scrapeEvery(Duration interval) {
    scrapes.every(interval);
  }

  /** What goes wrong with calls from now on. */
  public void faults(Faults faults) {
    calls.faults(faults);
  }

  /** How long a call takes, at least and at most; 1 to 3 ms at first. */
  public void latency(Duration least, Duration most) {
    calls.latency(least.toMillis(), most.toMillis());
  }

  /** Watches tell of changes up to this much later; 0 at first. */
  public void watchDelay(Duration most) {
    parts.watches().late(most.toMillis());
  }

  /**
   * Watches come from a server whose cache stands still for so long: they run and tell nothing,
   * then all of it. What is read is as it is.
   */
  public void watchesStall(Duration howLong) {
    parts.watches().stall(howLong.toMillis());
  }

  /** Watches break, or run again. */
  public void watches(boolean running) {
    parts.watches().run(running);
  }

  /** Refuses a verb on a resource: {@code forbid("patch", "services")}, or on {@code pods/log}. */
  public void forbid(String verb, String plural) {
    parts.api().forbid(verb, plural);
  }

  /** The same in one namespace; with the empty one, for all at once. */
  public void forbid(String verb, String plural, String namespace) {
    parts.api().forbid(verb, plural, namespace);
  }

  /** Allows it again. */
  public void allow(String verb, String plural) {
    parts.api().allow(verb, plural);
  }

  /** The server has this kind too. */
  public void knows(Kind kind) {
    parts.api().know(kind);
  }

  /** The version that the server says it has. */
  public void version(String version) {
    parts.proxied().version(version);
  }

  /** A Service behind the API server's proxy answers 200 with a body made from path and query. */
  public void proxied(String namespace, String service, UnaryOperator<String> body) {
    parts.proxied().answer(namespace, service, body);
  }

  /** Kills a program: its next call or wait throws {@link Crash}, and so does every later one. */
  public void kill(Ports ports) {
    programs.stream().filter(program -> program == ports.time()).forEach(Program::kill);
  }

  /** The wall clock of all programs jumps. */
  public void clockJumps(Duration by) {
    programs.forEach(program -> program.drift(program.driftMillis() + by.toMillis()));
  }

  /** Forgets the calls so far: for worlds that last for weeks. */
  public void forgetCalls() {
    calls.forget();
  }

  /** All calls of all programs since the last {@link #forgetCalls}, in order. */
  public List<Call> journal() {
    return calls.journal();
  }
}
