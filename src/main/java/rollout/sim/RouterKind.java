package rollout.sim;

import rollout.model.Kind;

/** The kinds of objects that can carry weights in a world. */
public enum RouterKind {
  HTTP_ROUTE("gateway-api", RouteKinds.HTTP_ROUTE),
  GRPC_ROUTE("gateway-api", RouteKinds.GRPC_ROUTE),
  TRAEFIK_SERVICE("traefik", RouteKinds.TRAEFIK_SERVICE),
  INGRESS_ROUTE("traefik", RouteKinds.INGRESS_ROUTE),
  VIRTUAL_SERVICE("istio", RouteKinds.VIRTUAL_SERVICE),
  /** A second Ingress with the annotations of a canary. */
  INGRESS_NGINX("ingress-nginx", RouteKinds.INGRESS);

  private final String word;
  private final Kind kind;

  RouterKind(String word, Kind kind) {
    this.word = word;
    this.kind = kind;
  }

  /** As people name the router: {@code gateway-api}. */
  public String word() {
    return word;
  }

  /** The kind of the object at which requests enter. */
  public Kind kind() {
    return kind;
  }

  Family family() {
    return Family.of(kind);
  }
}
