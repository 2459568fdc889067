package rollout.sim;

import java.util.List;
import java.util.Set;
import rollout.model.Kind;

/** The kinds of the objects that routers read. */
final class RouteKinds {
  static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");
  static final Kind GRPC_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "GRPCRoute", "grpcroutes");
  static final Kind GATEWAY = new Kind("gateway.networking.k8s.io/v1", "Gateway", "gateways");
  static final Kind GATEWAY_CLASS =
      new Kind("gateway.networking.k8s.io/v1", "GatewayClass", "gatewayclasses");
  static final Kind REFERENCE_GRANT =
      new Kind("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "referencegrants");
  static final Kind TRAEFIK_SERVICE =
      new Kind("traefik.io/v1alpha1", "TraefikService", "traefikservices");
  static final Kind INGRESS_ROUTE =
      new Kind("traefik.io/v1alpha1", "IngressRoute", "ingressroutes");
  static final Kind VIRTUAL_SERVICE =
      new Kind("networking.istio.io/v1", "VirtualService", "virtualservices");
  static final Kind INGRESS = new Kind("networking.k8s.io/v1", "Ingress", "ingresses");
  static final Kind INGRESS_CLASS =
      new Kind("networking.k8s.io/v1", "IngressClass", "ingressclasses");

  /** Those whose status a write to the object itself does not touch. */
  static final Set<Kind> WITH_STATUS =
      Set.of(HTTP_ROUTE, GRPC_ROUTE, GATEWAY, GATEWAY_CLASS, VIRTUAL_SERVICE, INGRESS);

  /** Those whose definition has no status: one that is sent is pruned. */
  static final Set<Kind> WITHOUT_STATUS =
      Set.of(TRAEFIK_SERVICE, INGRESS_ROUTE, REFERENCE_GRANT, INGRESS_CLASS);

  /** Those that are in no namespace. */
  static final Set<Kind> OF_THE_CLUSTER = Set.of(GATEWAY_CLASS, INGRESS_CLASS);

  /** Those that every API server has, also without any router. */
  static final List<Kind> ALWAYS = List.of(INGRESS, INGRESS_CLASS);

  private RouteKinds() {}
}
