package rollout.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.router.Route.Place;

/**
 * ingress-nginx, and whoever reads its annotations: an Ingress of ours beside the user's, with the
 * same hosts and paths, whose annotations say its share.
 */
final class IngressNginx implements Router {
  /** What the name of our Ingress has behind that of the user's. */
  static final String SUFFIX = "-rollout";

  private static final int LONGEST = 253;
  private static final String TRUE = "true";
  private static final Place PLACE =
      new Place("its hosts and paths", Optional.empty(), Shares.WHOLE);

  @Override
  public String word() {
    return "ingress-nginx";
  }

  @Override
  public List<Kind> kinds() {
    return List.of(RouteKinds.INGRESS);
  }

  @Override
  public List<Kind> judges() {
    return List.of(RouteKinds.INGRESS_CLASS);
  }

  @Override
  public String original(Route route) {
    return route.name().substring(0, route.name().length() - SUFFIX.length());
  }

  @Override
  public List<Found> find(Landscape landscape) {
    List<Found> found = new ArrayList<>();
    Ingresses ingresses = new Ingresses(landscape);
    for (Doc ingress : ingresses.sending()) {
      Reasons reasons = new Reasons();
      ingresses.judge(ingress, reasons);
      String name = ingress.textOrEmpty("metadata", "name") + SUFFIX;
      if (name.length() > LONGEST) {
        reasons.refuse(
            "the name of Ingress " + original(name) + " is too long for one beside it",
            "Make it shorter.");
      }
      found.add(reasons.found(route(landscape, ingress, name)));
    }
    return found;
  }

  /** Each path is a list of one. */
  @Override
  public List<Mention> mentions(Kind kind, Doc object, Landscape landscape) {
    return CanaryIngress.paths(object, landscape.service()).stream()
        .map(path -> new Mention(String.join("/", path), path))
        .toList();
  }

  private static String original(String name) {
    return name.substring(0, name.length() - SUFFIX.length());
  }

  // Its total is ours alone, so every percent is a whole number.
  private Route route(Landscape landscape, Doc ingress, String name) {
    return new Route(
        word(),
        RouteKinds.INGRESS,
        ingress.text("metadata", "namespace").orElse(landscape.namespace()),
        false,
        name,
        "",
        landscape.service(),
        "",
        List.of(PLACE));
  }

  @Override
  public Optional<Route> adopted(Doc live, String stable) {
    String candidate =
        CanaryIngress.services(live).stream()
            .filter(one -> !one.equals(stable))
            .findFirst()
            .orElse("");
    return Optional.of(
        new Route(
            word(),
            RouteKinds.INGRESS,
            live.textOrEmpty("metadata", "namespace"),
            false,
            live.textOrEmpty("metadata", "name"),
            "",
            stable,
            candidate,
            List.of(PLACE)));
  }

  @Override
  public Optional<Doc> made(Doc original, Route route) {
    return Optional.of(CanaryIngress.of(original, route));
  }

  @Override
  public Weights weights(Doc live, Route route) {
    if (CanaryIngress.paths(live, route.candidate()).isEmpty()) {
      return new Weights.Absent();
    }
    Map<String, String> annotations = live.texts("metadata", "annotations");
    String weight = annotations.getOrDefault(CanaryIngress.WEIGHT, "");
    String total = annotations.getOrDefault(CanaryIngress.TOTAL, "100");
    if (!annotations.getOrDefault(CanaryIngress.CANARY, "").equals(TRUE)) {
      return foreign(route, CanaryIngress.CANARY + " is not true any more");
    }
    if (!CanaryIngress.paths(live, route.stable()).isEmpty()) {
      return foreign(route, "it sends to Service " + route.stable() + " too");
    }
    if (!total.equals("100") || !weight.matches("100|[1-9]?\\d")) {
      return foreign(route, "its weight is '" + weight + "' of '" + total + "'");
    }
    return new Weights.Set(Integer.parseInt(weight));
  }

  private static Weights foreign(Route route, String why) {
    return new Weights.Foreign(route + ": " + why);
  }

  /** It was made with the candidate in it. */
  @Override
  public Patch attach(Doc live, Route route) {
    return Patch.none();
  }

  @Override
  public Patch weigh(Doc live, Route route, int percent, boolean back) {
    Patch patch = names(live, route);
    if (!back) {
      patch = CanaryIngress.test(patch, live, CanaryIngress.CANARY);
      patch = CanaryIngress.test(patch, live, CanaryIngress.WEIGHT);
    } else if (!live.has("metadata", "annotations")) {
      patch = patch.put(Map.of(), "metadata", "annotations");
    }
    // On the way back it must be a canary, whatever somebody made of it: else all requests are its
    // own.
    Patch canary = back ? CanaryIngress.put(patch, CanaryIngress.CANARY, TRUE) : patch;
    return CanaryIngress.put(canary, CanaryIngress.WEIGHT, Integer.toString(percent));
  }

  private static Patch names(Doc live, Route route) {
    Patch patch = Patch.none();
    for (List<String> path : CanaryIngress.paths(live, route.candidate())) {
      patch = patch.test(route.candidate(), Shape.array(path));
    }
    return patch;
  }

  /** It is deleted with the candidate in it. */
  @Override
  public Patch detach(Doc live, Route route) {
    return Patch.none();
  }

  /** Of cookies it knows one value only, {@code always}. */
  @Override
  public Optional<Patch> match(Doc live, Route route, Match match) {
    Map<String, String> wanted = CanaryIngress.matching(match);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    if (live.texts("metadata", "annotations").entrySet().containsAll(wanted.entrySet())) {
      return Optional.of(Patch.none());
    }
    Patch patch = names(live, route);
    for (Map.Entry<String, String> one : wanted.entrySet()) {
      patch = CanaryIngress.put(patch, one.getKey(), one.getValue());
    }
    return Optional.of(patch);
  }

  @Override
  public Patch unmatch(Doc live, Route route, Match match) {
    Patch patch = Patch.none();
    for (Map.Entry<String, String> one : CanaryIngress.matching(match).entrySet()) {
      if (one.getValue().equals(live.texts("metadata", "annotations").get(one.getKey()))) {
        patch =
            CanaryIngress.test(patch, live, one.getKey())
                .remove("metadata", "annotations", one.getKey());
      }
    }
    return patch;
  }

  @Override
  public String jq(Kind kind) {
    return ".metadata.annotations";
  }

  /** The status of an Ingress has addresses only. */
  @Override
  public Ack ack(Doc live, Route route, Landscape landscape) {
    return new Ack.Silent();
  }

  /**
   * It acts at most every 3.3 s ({@code sync-rate-limit} 0.3), and its balancer reads each second
   * (flags.go, balancer.lua of controller 1.15.1).
   */
  @Override
  public Duration settles() {
    return Duration.ofSeconds(15);
  }
}
