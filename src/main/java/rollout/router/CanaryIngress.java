package rollout.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Match;

/** The Ingress that is made beside the user's. */
final class CanaryIngress {
  static final String PREFIX = "nginx.ingress.kubernetes.io/";
  static final String CANARY = PREFIX + "canary";
  static final String WEIGHT = PREFIX + "canary-weight";
  static final String TOTAL = PREFIX + "canary-weight-total";
  static final String CLASS = "kubernetes.io/ingress.class";
  private static final String HEADER = PREFIX + "canary-by-header";
  private static final String HEADER_VALUE = PREFIX + "canary-by-header-value";
  private static final String COOKIE = PREFIX + "canary-by-cookie";

  /** What is read from a canary; all others are taken from the user's Ingress. */
  private static final List<String> OWN =
      List.of(
          PREFIX + "load-balance",
          PREFIX + "upstream-hash-by",
          PREFIX + "affinity",
          PREFIX + "session-cookie-");

  private CanaryIngress() {}

  /** Of what the user's Ingress sends to stable, for the candidate, at weight 0. */
  static Doc of(Doc original, Route route) {
    Map<String, Object> annotations = new LinkedHashMap<>();
    original
        .texts("metadata", "annotations")
        .forEach(
            (name, value) -> {
              if (name.equals(CLASS) || OWN.stream().anyMatch(name::startsWith)) {
                annotations.put(name, value);
              }
            });
    annotations.put(CANARY, "true");
    annotations.put(WEIGHT, "0");
    return Doc.of(
        "apiVersion",
        RouteKinds.INGRESS.apiVersion(),
        "kind",
        RouteKinds.INGRESS.kind(),
        "metadata",
        Doc.of("name", route.name(), "namespace", route.namespace(), "annotations", annotations),
        "spec",
        spec(original.doc("spec"), route));
  }

  private static Doc spec(Doc original, Route route) {
    Doc spec = Doc.EMPTY;
    if (original.has("ingressClassName")) {
      spec = spec.with(original.value("ingressClassName"), "ingressClassName");
    }
    if (original.textOrEmpty("defaultBackend", "service", "name").equals(route.stable())) {
      spec = spec.with(renamed(original.doc("defaultBackend"), route), "defaultBackend");
    }
    List<Doc> rules = new ArrayList<>();
    for (Doc rule : original.docs("rules")) {
      List<Doc> paths =
          rule.docs("http", "paths").stream()
              .filter(path -> path.textOrEmpty("backend", "service", "name").equals(route.stable()))
              .map(path -> path.with(renamed(path.doc("backend"), route), "backend"))
              .toList();
      if (!paths.isEmpty()) {
        rules.add(rule.with(paths, "http", "paths"));
      }
    }
    return rules.isEmpty() ? spec : spec.with(rules, "rules");
  }

  private static Doc renamed(Doc backend, Route route) {
    return backend.with(route.candidate(), "service", "name");
  }

  /** Where an Ingress names a Service. */
  static List<List<String>> paths(Doc ingress, String service) {
    return backends(ingress).stream()
        .filter(path -> ingress.textOrEmpty(Shape.array(path)).equals(service))
        .toList();
  }

  /** The Services that an Ingress names. */
  static List<String> services(Doc ingress) {
    return backends(ingress).stream()
        .map(path -> ingress.textOrEmpty(Shape.array(path)))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static List<List<String>> backends(Doc ingress) {
    List<List<String>> found = new ArrayList<>();
    found.add(List.of("spec", "defaultBackend", "service", "name"));
    for (int i = 0; i < ingress.docs("spec", "rules").size(); i++) {
      List<String> paths = List.of("spec", "rules", Integer.toString(i), "http", "paths");
      for (int j = 0; j < ingress.docs(Shape.array(paths)).size(); j++) {
        found.add(Shape.join(paths, List.of(Integer.toString(j), "backend", "service", "name")));
      }
    }
    return found;
  }

  /** The annotations that send chosen requests to the candidate; none: it cannot be. */
  static Map<String, String> matching(Match match) {
    return switch (match.part()) {
      case HEADER -> Map.of(HEADER, match.name(), HEADER_VALUE, match.value());
      case COOKIE -> match.value().equals("always") ? Map.of(COOKIE, match.name()) : Map.of();
    };
  }

  static Patch test(Patch patch, Doc live, String annotation) {
    return patch.test(
        live.value("metadata", "annotations", annotation), "metadata", "annotations", annotation);
  }

  static Patch put(Patch patch, String annotation, String value) {
    return patch.put(value, "metadata", "annotations", annotation);
  }
}
