package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;

/** What the definitions of routes say where a manifest says nothing. */
final class RouteDefaults {
  private static final String GROUP = "gateway.networking.k8s.io";
  private static final Doc ANY_PATH = Doc.of("type", "PathPrefix", "value", "/");

  private RouteDefaults() {}

  static Doc fill(Kind kind, Doc object) {
    boolean http = kind.equals(RouteKinds.HTTP_ROUTE);
    if (!http && !kind.equals(RouteKinds.GRPC_ROUTE)) {
      return object;
    }
    Doc filled = each(object, RouteDefaults::parent, "spec", "parentRefs");
    if (http) {
      filled = Defaults.absent(filled, List.of(Map.of()), "spec", "rules");
    }
    return each(filled, rule -> rule(rule, http), "spec", "rules");
  }

  private static Doc parent(Doc parent) {
    return Defaults.absent(Defaults.absent(parent, GROUP, "group"), "Gateway", "kind");
  }

  private static Doc rule(Doc rule, boolean http) {
    Doc filled = http ? Defaults.absent(rule, List.of(Map.of()), "matches") : rule;
    filled = each(filled, match -> match(match, http), "matches");
    return each(filled, RouteDefaults::backend, "backendRefs");
  }

  private static Doc match(Doc match, boolean http) {
    Doc filled = each(match, RouteDefaults::exact, "headers");
    if (!http) {
      return filled.has("method") ? Defaults.absent(filled, "Exact", "method", "type") : filled;
    }
    filled = each(filled, RouteDefaults::exact, "queryParams");
    filled = Defaults.absent(filled, ANY_PATH, "path");
    filled = Defaults.absent(filled, "PathPrefix", "path", "type");
    return Defaults.absent(filled, "/", "path", "value");
  }

  private static Doc exact(Doc one) {
    return Defaults.absent(one, "Exact", "type");
  }

  private static Doc backend(Doc backend) {
    Doc filled = Defaults.absent(backend, "", "group");
    return Defaults.absent(Defaults.absent(filled, "Service", "kind"), 1, "weight");
  }

  private static Doc each(Doc object, UnaryOperator<Doc> change, String... path) {
    if (!object.has(path)) {
      return object;
    }
    List<@Nullable Object> changed = new ArrayList<>();
    object.docs(path).forEach(one -> changed.add(change.apply(one)));
    return object.with(changed, path);
  }
}
