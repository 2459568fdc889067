package rollout.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** How the objects of the Gateway API point at each other. */
final class GatewayRefs {
  /** The controller that the classes of a world name. */
  static final String CONTROLLER = "sim.example/gateway-controller";

  private final Objects objects;

  GatewayRefs(Objects objects) {
    this.objects = objects;
  }

  /** The parents of a route that are Gateways of ours. */
  List<Doc> parents(Doc route) {
    return route.docs("spec", "parentRefs").stream()
        .filter(parent -> ours(Meta.namespace(route), parent))
        .toList();
  }

  private boolean ours(String namespace, Doc parent) {
    if (!parent.textOrEmpty("kind").equals("Gateway")) {
      return false;
    }
    String where = parent.text("namespace").orElse(namespace);
    @Nullable Doc gateway =
        objects.get(new Ref(RouteKinds.GATEWAY, where, parent.textOrEmpty("name")));
    String named = gateway == null ? "" : gateway.textOrEmpty("spec", "gatewayClassName");
    @Nullable Doc found = objects.get(new Ref(RouteKinds.GATEWAY_CLASS, "", named));
    return found != null && found.textOrEmpty("spec", "controllerName").equals(CONTROLLER);
  }

  /** The Service that a backend of a route names. */
  static Ref service(Doc route, Doc backend) {
    return new Ref(
        Kind.SERVICE,
        backend.text("namespace").orElse(Meta.namespace(route)),
        backend.textOrEmpty("name"));
  }

  /** Whether a backend is a Service: nothing else can be sent to here. */
  static boolean isService(Doc backend) {
    return backend.text("kind").orElse("Service").equals("Service")
        && backend.textOrEmpty("group").isEmpty();
  }

  /** Whether the namespace of a Service lets the route send to it. */
  boolean permitted(Kind kind, Doc route, Ref service) {
    return service.namespace().equals(Meta.namespace(route))
        || objects.list(RouteKinds.REFERENCE_GRANT, service.namespace()).stream()
            .anyMatch(grant -> grants(grant, kind, Meta.namespace(route), service.name()));
  }

  private static boolean grants(Doc grant, Kind kind, String namespace, String service) {
    boolean from =
        grant.docs("spec", "from").stream()
            .anyMatch(
                one ->
                    one.textOrEmpty("group").equals(kind.group())
                        && one.textOrEmpty("kind").equals(kind.kind())
                        && one.textOrEmpty("namespace").equals(namespace));
    return from
        && grant.docs("spec", "to").stream()
            .anyMatch(
                one ->
                    one.textOrEmpty("kind").equals("Service")
                        && one.text("name").orElse(service).equals(service));
  }
}
