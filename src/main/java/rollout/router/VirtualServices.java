package rollout.router;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.router.Shape.Named;

/** What a VirtualService must be like for its weights to be moved. */
record VirtualServices(Landscape landscape) {
  private static final String MESH = "mesh";

  void judge(Doc object, List<Spot> spots, Reasons reasons) {
    String what = says(object);
    for (Spot spot : spots) {
      for (int i : spot.stables()) {
        spot.backend(i)
            .text("destination", "subset")
            .ifPresent(
                subset ->
                    reasons.refuse(
                        what
                            + ": "
                            + spot.says()
                            + " sends to subset "
                            + subset
                            + " of Service "
                            + landscape.service()
                            + "; a release moves between two Services",
                        "Take the subset out of that destination."));
      }
    }
    if (object.docs("spec", "http").stream().anyMatch(rule -> rule.has("delegate"))) {
      reasons.refuse(
          what + " delegates a part of its requests to another VirtualService",
          "Have one VirtualService that lists Service " + landscape.service() + ".");
    }
    if (Stream.of("tcp", "tls").anyMatch(part -> names(object, part))) {
      reasons.warn(
          what
              + ": its tcp and tls routes keep sending to Service "
              + landscape.service()
              + " alone");
    }
    sameHost(object, reasons);
    policies(reasons);
  }

  private static String says(Doc object) {
    return "VirtualService " + object.textOrEmpty("metadata", "name");
  }

  private boolean names(Doc object, String part) {
    return object.docs("spec", part).stream()
        .flatMap(rule -> rule.docs("route").stream())
        .anyMatch(one -> isService(one.textOrEmpty("destination", "host"), object));
  }

  private boolean isService(String host, Doc object) {
    Optional<Named> named = Istio.named(host, namespace(object));
    return named.equals(Optional.of(new Named(landscape.namespace(), landscape.service())));
  }

  /** In the mesh, of two objects for one host only one counts, and nobody says which. */
  private void sameHost(Doc object, Reasons reasons) {
    for (Doc other : landscape.of(RouteKinds.VIRTUAL_SERVICE)) {
      boolean itself = other.doc("metadata").equals(object.doc("metadata"));
      boolean near = namespace(other).equals(namespace(object));
      Set<Named> common = hosts(other);
      common.retainAll(hosts(object));
      if (near && !itself && inMesh(object) && inMesh(other) && !common.isEmpty()) {
        reasons.refuse(
            says(object)
                + " and "
                + says(other)
                + " are both for host "
                + common.iterator().next().service()
                + ": it is not said which of them counts",
            "Make one of the two.");
      }
    }
  }

  private static boolean inMesh(Doc object) {
    List<String> gateways = object.textList("spec", "gateways");
    return gateways.isEmpty() || gateways.contains(MESH);
  }

  private Set<Named> hosts(Doc object) {
    Set<Named> hosts = new HashSet<>();
    object
        .textList("spec", "hosts")
        .forEach(host -> Istio.named(host, namespace(object)).ifPresent(hosts::add));
    return hosts;
  }

  private String namespace(Doc object) {
    return object.text("metadata", "namespace").orElse(landscape.namespace());
  }

  /** What is said of stable's host is not said of the candidate's. */
  private void policies(Reasons reasons) {
    landscape.of(RouteKinds.DESTINATION_RULE).stream()
        .filter(rule -> isService(rule.textOrEmpty("spec", "host"), rule))
        .forEach(
            rule ->
                reasons.warn(
                    "DestinationRule "
                        + rule.textOrEmpty("metadata", "name")
                        + " is for Service "
                        + landscape.service()
                        + " only: requests to the candidate go without it"));
  }
}
