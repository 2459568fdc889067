package rollout.router;

import rollout.model.Kind;

/** The kinds that routers read and write. */
final class RouteKinds {
  private static final String GATEWAY_API = "gateway.networking.k8s.io/v1";
  private static final String TRAEFIK = "traefik.io/v1alpha1";
  private static final String ISTIO = "networking.istio.io/v1";
  private static final String INGRESSES = "networking.k8s.io/v1";

  static final Kind HTTP_ROUTE = new Kind(GATEWAY_API, "HTTPRoute", "httproutes");
  static final Kind GRPC_ROUTE = new Kind(GATEWAY_API, "GRPCRoute", "grpcroutes");
  static final Kind GATEWAY = new Kind(GATEWAY_API, "Gateway", "gateways");
  static final Kind GATEWAY_CLASS = new Kind(GATEWAY_API, "GatewayClass", "gatewayclasses");

  /** Older definitions know no v1 of it; the newest still serve this one. */
  static final Kind REFERENCE_GRANT =
      new Kind("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "referencegrants");

  static final Kind TRAEFIK_SERVICE = new Kind(TRAEFIK, "TraefikService", "traefikservices");
  static final Kind INGRESS_ROUTE = new Kind(TRAEFIK, "IngressRoute", "ingressroutes");
  static final Kind VIRTUAL_SERVICE = new Kind(ISTIO, "VirtualService", "virtualservices");
  static final Kind DESTINATION_RULE = new Kind(ISTIO, "DestinationRule", "destinationrules");
  static final Kind INGRESS = new Kind(INGRESSES, "Ingress", "ingresses");
  static final Kind INGRESS_CLASS = new Kind(INGRESSES, "IngressClass", "ingressclasses");

  private RouteKinds() {}
}
