package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * Writes what the router says of routes of the Gateway API: soon after a write, and before the
 * router acts on it.
 */
final class RouteStatus {
  private static final Set<Kind> ROUTES = Set.of(RouteKinds.HTTP_ROUTE, RouteKinds.GRPC_ROUTE);

  private final Store store;
  private final VirtualTime time;
  private final Supplier<RouterState> state;
  private final GatewayRefs refs;
  private final Work work;

  RouteStatus(Store store, VirtualTime time, Dice dice, Supplier<RouterState> state) {
    this.store = store;
    this.time = time;
    this.state = state;
    this.refs = new GatewayRefs(store);
    this.work = new Work(time, dice, 10, 120, this::write);
  }

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
    all();
  }

  private void changed(Store.Change change) {
    Kind kind = change.ref().kind();
    boolean comesOrGoes = change.before() == null || change.after() == null;
    if (ROUTES.contains(kind) && RouteController.matters(change)) {
      work.soon(change.ref());
    } else if (kind.equals(Kind.SERVICE) ? comesOrGoes : judges(kind)) {
      all();
    }
  }

  private static boolean judges(Kind kind) {
    return kind.equals(RouteKinds.GATEWAY)
        || kind.equals(RouteKinds.GATEWAY_CLASS)
        || kind.equals(RouteKinds.REFERENCE_GRANT);
  }

  /** Looks at every route. */
  void all() {
    ROUTES.stream()
        .sorted((one, other) -> one.kind().compareTo(other.kind()))
        .forEach(kind -> store.list(kind, "").forEach(route -> work.soon(Ref.to(kind, route))));
  }

  private void write(Ref ref) {
    if (state.get() != RouterState.SILENT) {
      store.edit(ref, route -> written(ref.kind(), route));
    }
  }

  /** A route that was never under a Gateway of ours is left alone. */
  private Doc written(Kind kind, Doc route) {
    List<@Nullable Object> entries = entries(kind, route);
    return entries.isEmpty() && !route.has("status", "parents")
        ? route
        : route.with(entries, "status", "parents");
  }

  private List<@Nullable Object> entries(Kind kind, Doc route) {
    List<@Nullable Object> entries = new ArrayList<>();
    List<Doc> before = route.docs("status", "parents");
    before.stream().filter(entry -> !ours(entry)).forEach(entries::add);
    for (Doc parent : refs.parents(route)) {
      Doc old =
          before.stream()
              .filter(entry -> ours(entry) && entry.doc("parentRef").equals(parent))
              .findFirst()
              .orElse(Doc.EMPTY);
      List<Doc> conditions = List.of(accepted(route, old), resolved(kind, route, old));
      entries.add(
          Doc.of(
              "parentRef",
              parent,
              "controllerName",
              GatewayRefs.CONTROLLER,
              "conditions",
              conditions));
    }
    return entries;
  }

  private static boolean ours(Doc entry) {
    return entry.textOrEmpty("controllerName").equals(GatewayRefs.CONTROLLER);
  }

  private Doc accepted(Doc route, Doc old) {
    return state.get() == RouterState.REFUSING
        ? condition(route, old, "Accepted", "UnsupportedValue", "a value is not supported")
        : condition(route, old, "Accepted", "Accepted", "");
  }

  private Doc resolved(Kind kind, Doc route, Doc old) {
    for (Doc rule : route.docs("spec", "rules")) {
      for (Doc backend : rule.docs("backendRefs")) {
        Ref service = GatewayRefs.service(route, backend);
        if (!GatewayRefs.isService(backend)) {
          return condition(route, old, "ResolvedRefs", "InvalidKind", backend.textOrEmpty("kind"));
        }
        if (!refs.permitted(kind, route, service)) {
          return condition(route, old, "ResolvedRefs", "RefNotPermitted", service.toString());
        }
        if (store.get(service) == null) {
          return condition(route, old, "ResolvedRefs", "BackendNotFound", "no " + service);
        }
      }
    }
    return condition(route, old, "ResolvedRefs", "ResolvedRefs", "");
  }

  /** Good when reason and type are the same word. */
  private Doc condition(Doc route, Doc old, String type, String reason, String message) {
    String status = type.equals(reason) ? "True" : "False";
    Doc before =
        old.docs("conditions").stream()
            .filter(there -> there.textOrEmpty("type").equals(type))
            .findFirst()
            .orElse(Doc.EMPTY);
    boolean same = before.textOrEmpty("status").equals(status);
    return Doc.of(
        "type",
        type,
        "status",
        status,
        "reason",
        reason,
        "message",
        message,
        "observedGeneration",
        route.number(0, "metadata", "generation"),
        "lastTransitionTime",
        same ? before.textOrEmpty("lastTransitionTime") : Meta.time(time.now()));
  }
}
