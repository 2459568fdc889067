package rollout.sim;

import java.util.List;
import rollout.model.Kind;
import rollout.model.Ref;

/** One program that routes: what it reads, and what an object says to it. */
enum Family {
  GATEWAY_API(
      List.of(
          RouteKinds.HTTP_ROUTE,
          RouteKinds.GRPC_ROUTE,
          RouteKinds.GATEWAY,
          RouteKinds.GATEWAY_CLASS,
          RouteKinds.REFERENCE_GRANT),
      GatewaySplits::split),
  TRAEFIK(List.of(RouteKinds.TRAEFIK_SERVICE, RouteKinds.INGRESS_ROUTE), TraefikSplits::split),
  ISTIO(List.of(RouteKinds.VIRTUAL_SERVICE), IstioSplits::split),
  INGRESS_NGINX(List.of(RouteKinds.INGRESS), NginxSplits::split);

  private final List<Kind> kinds;
  private final Reading reading;

  Family(List<Kind> kinds, Reading reading) {
    this.kinds = kinds;
    this.reading = reading;
  }

  /** How it reads an object. */
  @FunctionalInterface
  interface Reading {
    Split split(Objects objects, Ref route, Request request);
  }

  /** What it reads, the routes themselves among them. */
  List<Kind> kinds() {
    return kinds;
  }

  /** How it divides the requests that enter at a route. */
  Split split(Objects objects, Ref route, Request request) {
    return reading.split(objects, route, request);
  }

  /** The one that reads a kind. */
  static Family of(Kind kind) {
    for (Family family : values()) {
      if (family.kinds.contains(kind)) {
        return family;
      }
    }
    throw new IllegalArgumentException("no router reads " + kind);
  }
}
