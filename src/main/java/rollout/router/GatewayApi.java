package rollout.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.router.Shape.Named;

/** HTTPRoute and GRPCRoute of the Gateway API, by whichever controller. */
final class GatewayApi implements ListingRouter {
  private static final int MOST_RULES = 16;
  private static final int MOST_MATCHES = 128;
  private static final int MOST_HEADERS = 16;

  private static final WeightedLists LISTS =
      new WeightedLists(
          new Shape(
              "rule",
              List.of("spec", "rules"),
              List.of("backendRefs"),
              List.of("name"),
              1,
              GatewayApi::service));

  private static final MatchRules RULES = new MatchRules(LISTS);

  private static Optional<Named> service(Doc backend, String namespace) {
    boolean isService =
        backend.textOrEmpty("group").isEmpty()
            && backend.text("kind").orElse("Service").equals("Service");
    return isService
        ? Optional.of(
            new Named(backend.text("namespace").orElse(namespace), backend.textOrEmpty("name")))
        : Optional.empty();
  }

  @Override
  public WeightedLists lists(Kind kind) {
    return LISTS;
  }

  @Override
  public String word() {
    return "gateway-api";
  }

  @Override
  public List<Kind> kinds() {
    return List.of(RouteKinds.HTTP_ROUTE, RouteKinds.GRPC_ROUTE);
  }

  @Override
  public List<Kind> judges() {
    return List.of(RouteKinds.GATEWAY, RouteKinds.GATEWAY_CLASS, RouteKinds.REFERENCE_GRANT);
  }

  @Override
  public List<Found> find(Landscape landscape) {
    List<Found> found = new ArrayList<>();
    for (Kind kind : kinds()) {
      found.addAll(
          new Search(word(), kind, LISTS, landscape)
              .found((route, spots, reasons) -> judge(kind, route, spots, reasons, landscape)));
    }
    return found;
  }

  private static void judge(
      Kind kind, Doc route, List<Spot> spots, Reasons reasons, Landscape landscape) {
    Grants.judge(kind, route, reasons, landscape);
    new Parents(kind, route, landscape).judge(reasons);
    for (Spot spot : spots) {
      if (route.has(Shape.array(spot.listed().rule(), "sessionPersistence"))) {
        reasons.warn(
            kind
                + " "
                + route.textOrEmpty("metadata", "name")
                + ": "
                + spot.says()
                + " has sessionPersistence: users with a session stay where they are, even at"
                + " weight 0");
      }
    }
  }

  /**
   * A rule behind the others with one header match more: more header matches win over the place in
   * the list. There are no matches of cookies.
   */
  @Override
  public Optional<Patch> match(Doc live, Route route, Match match) {
    return match.part() == Match.Part.HEADER
        ? RULES
            .added(live, route, rule -> copy(rule, match), rule -> isFor(rule, match), false)
            .filter(patch -> fits(live, patch))
        : Optional.empty();
  }

  @Override
  public Patch unmatch(Doc live, Route route, Match match) {
    return RULES.removed(live, route, rule -> isFor(rule, match));
  }

  private static Optional<Doc> copy(Doc rule, Match match) {
    boolean taken =
        rule.docs("matches").stream()
            .flatMap(one -> one.docs("headers").stream())
            .anyMatch(header -> header.textOrEmpty("name").equalsIgnoreCase(match.name()));
    Doc header = Doc.of("type", "Exact", "name", match.name(), "value", match.value());
    // Of two entries for one name only the first counts.
    return taken
        ? Optional.empty()
        : Optional.of(
            rule.with(
                MatchRules.each(
                    rule.docs("matches"),
                    one -> {
                      List<Doc> headers = new ArrayList<>(one.docs("headers"));
                      headers.add(header);
                      return one.with(headers, "headers");
                    }),
                "matches"));
  }

  private static boolean isFor(Doc rule, Match match) {
    List<Doc> matches = rule.docs("matches");
    return !matches.isEmpty()
        && matches.stream()
            .allMatch(
                one ->
                    one.docs("headers").stream()
                        .anyMatch(
                            header ->
                                header.textOrEmpty("name").equalsIgnoreCase(match.name())
                                    && header.textOrEmpty("value").equals(match.value())));
  }

  // The limits of the definitions: the server would refuse the patch.
  private static boolean fits(Doc live, Patch patch) {
    try {
      List<Doc> rules = patch.apply(live).docs("spec", "rules");
      List<Doc> matches = rules.stream().flatMap(rule -> rule.docs("matches").stream()).toList();
      return rules.size() <= MOST_RULES
          && matches.size() <= MOST_MATCHES
          && matches.stream().allMatch(one -> one.docs("headers").size() <= MOST_HEADERS);
    } catch (Patch.Refused e) {
      throw new IllegalStateException("a patch that its own object refuses: " + patch, e);
    }
  }

  @Override
  public Ack ack(Doc live, Route route, Landscape landscape) {
    return new Parents(route.kind(), live, landscape).ack();
  }

  /**
   * Three times the slowest of the usual ones: agentgateway 30 ms, Istio 0.3 s, NGF 0.8 s, Traefik
   * 2 s, Kong 3 s, HAProxy 5 s (howardjohn/gateway-api-bench, December 2025). Load balancers of
   * clouds take minutes, which a warning says.
   */
  @Override
  public Duration settles() {
    return Duration.ofSeconds(15);
  }
}
