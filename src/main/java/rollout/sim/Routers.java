package rollout.sim;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.port.Cluster.Send;

/**
 * The routers of a world, none at first. Each kind's router reads weights by itself, from the
 * documents, as the real one was measured to.
 */
public final class Routers {
  /** Name of the Gateway above the routes. */
  public static final String GATEWAY = "gateway";

  private static final String CLASS = "sim";
  private static final Duration FIRST_TIME = Duration.ofSeconds(30);

  private final World world;
  private final Store store;
  private final VirtualTime time;
  private final Dice dice;
  private final ApiServer api;
  private final Traffic traffic;
  private final RouteTraffic flows;
  private final RouteStatus status;
  private final Map<Family, RouteController> running = new EnumMap<>(Family.class);
  private RouterState state = RouterState.WELL;
  private boolean emptyAllowed;
  private long throttleMillis = 2_000;

  Routers(
      World world,
      Store store,
      VirtualTime time,
      Dice dice,
      ApiServer api,
      Traffic traffic,
      Kubelet kubelet) {
    this.world = world;
    this.store = store;
    this.time = time;
    this.dice = dice;
    this.api = api;
    this.traffic = traffic;
    Backends backends = new Backends(store, time, dice, kubelet, traffic::settle);
    this.flows = new RouteTraffic(traffic, backends, this::split, () -> emptyAllowed);
    this.status = new RouteStatus(store, time, dice, () -> state);
    traffic.through(flows);
  }

  /**
   * Starts the router of this kind: the server has its kinds from now on, and what stands above a
   * route is there. Once is enough.
   */
  public void start(RouterKind kind) {
    Family family = kind.family();
    if (running.containsKey(family)) {
      return;
    }
    family.kinds().forEach(api::know);
    RouteController controller =
        new RouteController(family, store, time, dice, () -> state, traffic::settle);
    controller.throttle(throttleMillis);
    running.put(family, controller);
    if (family == Family.GATEWAY_API) {
      gateway();
      status.begin();
    } else if (family == Family.INGRESS_NGINX) {
      make(RouteKinds.INGRESS_CLASS, RouteManifests.ingressClass("nginx", "k8s.io/ingress-nginx"));
    }
    controller.begin();
  }

  private void gateway() {
    make(RouteKinds.GATEWAY_CLASS, RouteManifests.gatewayClass(CLASS));
    make(RouteKinds.GATEWAY, RouteManifests.gateway(World.NAMESPACE, GATEWAY, CLASS));
    is(new Ref(RouteKinds.GATEWAY_CLASS, "", CLASS), "Accepted");
    is(new Ref(RouteKinds.GATEWAY, World.NAMESPACE, GATEWAY), "Accepted");
    is(new Ref(RouteKinds.GATEWAY, World.NAMESPACE, GATEWAY), "Programmed");
  }

  private void is(Ref ref, String type) {
    store.edit(
        ref,
        one ->
            one.with(
                Conditions.with(one.doc("status"), type, "True", type, "", time.now()), "status"));
  }

  private Doc make(Kind kind, Doc object) {
    return api.create(kind, object, Send.REAL);
  }

  /**
   * A route of this kind for a Service, with the Service's name, that sends all to it; its router
   * runs, and has taken it.
   *
   * @return the object with the weights, or for nginx the Ingress that no canary is
   */
  public Ref route(RouterKind kind, String service) {
    start(kind);
    Ref ref =
        Ref.to(
            kind.kind(), make(kind.kind(), RouteManifests.route(kind, World.NAMESPACE, service)));
    if (kind == RouterKind.TRAEFIK_SERVICE) {
      make(RouteKinds.INGRESS_ROUTE, RouteManifests.toTraefikService(World.NAMESPACE, service));
    }
    if (!world.until(() -> controller(ref).knows(ref), FIRST_TIME)) {
      throw new IllegalStateException("the router did not take " + ref);
    }
    return ref;
  }

  private RouteController controller(Ref route) {
    @Nullable RouteController controller = running.get(Family.of(route.kind()));
    if (controller == null) {
      throw new IllegalStateException("no router runs for " + route);
    }
    return controller;
  }

  private Split split(Ref route, Request request) {
    return controller(route).split(route, request);
  }

  /** Requests a second that enter at a route; the same again sets another number. */
  public void load(Ref route, double requestsPerSecond) {
    load(route, Request.plain(), requestsPerSecond);
  }

  /** Such requests a second that enter at a route, beside others. */
  public void load(Ref route, Request request, double requestsPerSecond) {
    controller(route);
    flows.load(route, request, requestsPerSecond);
  }

  /**
   * Somebody writes these weights into a route, stable's first; the Services that are not named go
   * out of it. With nginx the second is the canary's, whose Ingress comes and goes with it.
   */
  public void weigh(Ref route, Map<String, Integer> weights) {
    if (route.kind().equals(RouteKinds.INGRESS)) {
      canary(route, weights);
      return;
    }
    for (RouterKind kind : RouterKind.values()) {
      if (kind.kind().equals(route.kind())) {
        Doc before = world.find(route).orElseThrow();
        Doc wanted = RouteManifests.weighted(kind, before, weights);
        world.patch(route, Patch.none().put(wanted.doc("spec"), "spec"));
      }
    }
  }

  private void canary(Ref route, Map<String, Integer> weights) {
    Ref ref = new Ref(route.kind(), route.namespace(), route.name() + "-canary");
    String service = "";
    int weight = 0;
    int total = 0;
    for (Map.Entry<String, Integer> one : weights.entrySet()) {
      service = one.getKey();
      weight = one.getValue();
      total += weight;
    }
    Doc wanted = RouteManifests.canary(route.namespace(), ref.name(), service, weight, total);
    if (weights.size() < 2) {
      world.delete(ref);
    } else if (world.find(ref).isEmpty()) {
      world.create(route.kind(), wanted);
    } else {
      Map<String, String> annotations = wanted.texts("metadata", "annotations");
      world.patch(ref, Patch.none().put(annotations, "metadata", "annotations"));
    }
  }

  /**
   * The share of a Service, 0 to 1, by the weights that the router has acted on; of the requests
   * that nobody has chosen by a header.
   */
  public double share(Ref route, String service) {
    return split(route, Request.plain()).share(service);
  }

  /** How long a router waits between two changes that it acts on; 2 s at first. */
  public void throttle(Duration least) {
    throttleMillis = least.toMillis();
    running.values().forEach(controller -> controller.throttle(throttleMillis));
  }

  /** How the routers are from now on. What they missed they look at again. */
  public void become(RouterState now) {
    traffic.settle();
    state = now;
    running.values().forEach(RouteController::heard);
    if (running.containsKey(Family.GATEWAY_API)) {
      status.all();
    }
  }

  /**
   * Whether a listed Service without pods fails only its own share where it would fail everybody:
   * Traefik's {@code allowEmptyServices}, off at first.
   */
  public void allowEmptyServices(boolean allowed) {
    traffic.settle();
    emptyAllowed = allowed;
  }
}
