package rollout.router;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import rollout.document.Doc;

/** The Ingresses of ingress-nginx, and what one must be like to get a canary beside it. */
record Ingresses(Landscape landscape) {
  private static final String CONTROLLER = "k8s.io/ingress-nginx";
  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  /** Those that send to the Service, canaries left out. */
  List<Doc> sending() {
    return landscape.of(RouteKinds.INGRESS).stream()
        .filter(this::isHere)
        .filter(one -> !isCanary(one))
        .filter(this::isNginx)
        .filter(one -> !CanaryIngress.paths(one, landscape.service()).isEmpty())
        .toList();
  }

  void judge(Doc ingress, Reasons reasons) {
    String name = ingress.textOrEmpty("metadata", "name");
    String what = "Ingress " + name;
    Owners.judge(RouteKinds.INGRESS, ingress, reasons);
    for (Doc other : landscape.of(RouteKinds.INGRESS).stream().filter(this::isHere).toList()) {
      String otherName = other.textOrEmpty("metadata", "name");
      Set<String> common = addresses(other);
      common.retainAll(addresses(ingress));
      if (otherName.equals(name + IngressNginx.SUFFIX)) {
        reasons.refuse(
            "there is an Ingress "
                + otherName
                + " already, the name of the one to be made beside "
                + name,
            "If a release has left it, say rollout repair; else rename it.");
      } else if (isCanary(other) && !common.isEmpty()) {
        reasons.refuse(
            "Ingress "
                + otherName
                + " is a canary for "
                + common.iterator().next()
                + " of "
                + name
                + " already; there can be one",
            "Delete it, when nobody needs it.");
      }
    }
    reasons.warn(
        what + ": ingress-nginx has had no upkeep, security fixes included, since March 2026");
    if (ingress.texts("metadata", "annotations").containsKey(CanaryIngress.PREFIX + "affinity")) {
      reasons.warn(
          what + " has affinity: users with its cookie stay where they are, whatever the weight");
    }
  }

  private boolean isHere(Doc ingress) {
    return ingress
        .text("metadata", "namespace")
        .orElse(landscape.namespace())
        .equals(landscape.namespace());
  }

  private static boolean isCanary(Doc ingress) {
    return ingress
        .texts("metadata", "annotations")
        .getOrDefault(CanaryIngress.CANARY, "")
        .equals("true");
  }

  private boolean isNginx(Doc ingress) {
    Optional<String> named =
        ingress
            .text("spec", "ingressClassName")
            .or(() -> ingress.text("metadata", "annotations", CanaryIngress.CLASS));
    return named.map(this::isNginx).orElseGet(() -> classes().anyMatch(this::isDefault));
  }

  // The class of an annotation need not exist as an object.
  private boolean isNginx(String name) {
    Optional<Doc> known =
        landscape.of(RouteKinds.INGRESS_CLASS).stream()
            .filter(one -> one.textOrEmpty("metadata", "name").equals(name))
            .findFirst();
    return known.map(Ingresses::isOurs).orElse(name.equals("nginx"));
  }

  private Stream<Doc> classes() {
    return landscape.of(RouteKinds.INGRESS_CLASS).stream().filter(Ingresses::isOurs);
  }

  private static boolean isOurs(Doc ingressClass) {
    return ingressClass.textOrEmpty("spec", "controller").equals(CONTROLLER);
  }

  private boolean isDefault(Doc ingressClass) {
    return ingressClass
        .texts("metadata", "annotations")
        .getOrDefault(DEFAULT_CLASS, "")
        .equals("true");
  }

  /** Host and path of everything it serves. */
  private static Set<String> addresses(Doc ingress) {
    Set<String> addresses = new TreeSet<>();
    if (ingress.has("spec", "defaultBackend")) {
      addresses.add("every host");
    }
    for (Doc rule : ingress.docs("spec", "rules")) {
      for (Doc path : rule.docs("http", "paths")) {
        addresses.add(rule.textOrEmpty("host") + path.text("path").orElse("/"));
      }
    }
    return addresses;
  }
}
