package rollout.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.port.ClusterException;

/** What the definitions of routes refuse, and the webhook of one router. */
final class RouteRules {
  private static final int MOST = 16;
  private static final int MOST_MATCHES = 64;
  private static final int MOST_MATCHES_OF_ALL = 128;
  private static final long HEAVIEST = 1_000_000;

  private final Kind kind;
  private final Doc object;

  private RouteRules(Kind kind, Doc object) {
    this.kind = kind;
    this.object = object;
  }

  static void check(Kind kind, Doc object) {
    RouteRules rules = new RouteRules(kind, object);
    if (kind.equals(RouteKinds.HTTP_ROUTE) || kind.equals(RouteKinds.GRPC_ROUTE)) {
      rules.gatewayRoute();
    } else if (kind.equals(RouteKinds.TRAEFIK_SERVICE)) {
      rules.services("spec.weighted", object.doc("spec", "weighted"));
    } else if (kind.equals(RouteKinds.INGRESS_ROUTE)) {
      rules.ingressRoute();
    } else if (kind.equals(RouteKinds.VIRTUAL_SERVICE)) {
      rules.virtualService();
    } else if (kind.equals(RouteKinds.INGRESS)) {
      rules.ingress();
    }
  }

  private void gatewayRoute() {
    List<Doc> all = object.docs("spec", "rules");
    atMost("spec.rules", all.size(), MOST);
    int matches = 0;
    for (int i = 0; i < all.size(); i++) {
      String field = "spec.rules[" + i + "]";
      List<Doc> backends = all.get(i).docs("backendRefs");
      atMost(field + ".backendRefs", backends.size(), MOST);
      atMost(field + ".matches", all.get(i).docs("matches").size(), MOST_MATCHES);
      matches += all.get(i).docs("matches").size();
      for (int j = 0; j < backends.size(); j++) {
        backend(field + ".backendRefs[" + j + "]", backends.get(j));
      }
    }
    if (matches > MOST_MATCHES_OF_ALL) {
      throw invalid("spec.rules", "the total number of matches must be less than 128");
    }
  }

  private void backend(String field, Doc backend) {
    required(field, backend, "name");
    weight(field, backend, HEAVIEST);
    boolean service =
        backend.textOrEmpty("kind").equals("Service") && backend.textOrEmpty("group").isEmpty();
    if (service && !backend.has("port")) {
      throw invalid(field, "Must have port for Service reference");
    }
  }

  private void ingressRoute() {
    List<Doc> routes = object.docs("spec", "routes");
    if (!object.has("spec", "routes")) {
      throw invalid("spec.routes", "Required value");
    }
    for (int i = 0; i < routes.size(); i++) {
      required("spec.routes[" + i + "]", routes.get(i), "match");
      services("spec.routes[" + i + "]", routes.get(i));
    }
  }

  private void services(String field, Doc holder) {
    List<Doc> services = holder.docs("services");
    for (int i = 0; i < services.size(); i++) {
      required(field + ".services[" + i + "]", services.get(i), "name");
      weight(field + ".services[" + i + "]", services.get(i), Long.MAX_VALUE);
    }
  }

  /** Two of no weight are refused by the router's webhook, not by its definition. */
  private void virtualService() {
    for (Doc rule : object.docs("spec", "http")) {
      List<Doc> routes = rule.docs("route");
      long total = 0;
      for (int i = 0; i < routes.size(); i++) {
        weight("spec.http.route[" + i + "]", routes.get(i), Integer.MAX_VALUE);
        required(
            "spec.http.route[" + i + "].destination", routes.get(i).doc("destination"), "host");
        total += routes.get(i).number(0, "weight");
      }
      if (routes.size() > 1 && total == 0) {
        throw new ClusterException.Invalid(
            "admission webhook \"validation.istio.io\" denied the request: configuration is"
                + " invalid: total destination weight = 0");
      }
    }
  }

  private void ingress() {
    if (!object.has("spec", "defaultBackend") && object.docs("spec", "rules").isEmpty()) {
      throw invalid("spec", "either `defaultBackend` or `rules` must be specified");
    }
    for (Doc rule : object.docs("spec", "rules")) {
      for (Doc path : rule.docs("http", "paths")) {
        required("spec.rules[0].http.paths[0]", path, "pathType");
        required(
            "spec.rules[0].http.paths[0].backend.service", path.doc("backend", "service"), "name");
      }
    }
  }

  private void atMost(String field, int size, int most) {
    if (size > most) {
      throw invalid(field, "Too many: " + size + ": must have at most " + most + " items");
    }
  }

  private void required(String field, Doc holder, String member) {
    if (holder.textOrEmpty(member).isEmpty()) {
      throw invalid(field + "." + member, "Required value");
    }
  }

  private void weight(String field, Doc holder, long most) {
    @Nullable Object weight = holder.value("weight");
    if (weight == null) {
      return;
    }
    if (!(weight instanceof Integer || weight instanceof Long)) {
      throw invalid(field + ".weight", "must be of type integer: " + weight);
    }
    long number = holder.number(0, "weight");
    if (number < 0 || number > most) {
      throw invalid(
          field + ".weight",
          "Invalid value: %d: should be %s"
              .formatted(
                  number,
                  number < 0 ? "greater than or equal to 0" : "less than or equal to " + most));
    }
  }

  private ClusterException.Invalid invalid(String field, String reason) {
    return Rules.invalid(kind, object, field, reason);
  }
}
