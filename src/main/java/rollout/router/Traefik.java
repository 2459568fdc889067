package rollout.router;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.router.Shape.Named;

/** Traefik's own objects: a weighted TraefikService, or an IngressRoute that lists Services. */
final class Traefik implements ListingRouter {
  private static final WeightedLists SERVICE =
      lists("the list of services", List.of(), List.of("spec", "weighted", "services"));
  private static final WeightedLists ROUTE =
      lists("route", List.of("spec", "routes"), List.of("services"));
  private static final MatchRules RULES = new MatchRules(ROUTE);

  private static WeightedLists lists(String noun, List<String> rules, List<String> list) {
    return new WeightedLists(new Shape(noun, rules, list, List.of("name"), 1, Traefik::service));
  }

  private static Optional<Named> service(Doc backend, String namespace) {
    return backend.text("kind").orElse("Service").equals("Service")
        ? Optional.of(
            new Named(backend.text("namespace").orElse(namespace), backend.textOrEmpty("name")))
        : Optional.empty();
  }

  @Override
  public WeightedLists lists(Kind kind) {
    return kind.equals(RouteKinds.TRAEFIK_SERVICE) ? SERVICE : ROUTE;
  }

  @Override
  public String word() {
    return "traefik";
  }

  @Override
  public List<Kind> kinds() {
    return List.of(RouteKinds.TRAEFIK_SERVICE, RouteKinds.INGRESS_ROUTE);
  }

  @Override
  public List<Kind> judges() {
    return List.of();
  }

  @Override
  public List<Found> find(Landscape landscape) {
    List<Found> found = new ArrayList<>();
    for (Kind kind : kinds()) {
      found.addAll(
          new Search(word(), kind, lists(kind), landscape)
              .found((object, _, reasons) -> judge(kind, object, reasons, landscape)));
    }
    return found;
  }

  private static void judge(Kind kind, Doc object, Reasons reasons, Landscape landscape) {
    String what = kind + " " + object.textOrEmpty("metadata", "name");
    String from = object.text("metadata", "namespace").orElse(landscape.namespace());
    if (!from.equals(landscape.namespace())) {
      reasons.refuse(
          what
              + " is of namespace "
              + from
              + ", and nobody can see whether Traefik runs with allowCrossNamespace",
          "Put one beside Service " + landscape.service() + ", and let that one go through it.");
    }
    reasons.warn(
        what
            + ": while a Service that it lists has no ready pod, Traefik answers 404 to everybody,"
            + " unless it runs with allowEmptyServices");
    if (object.has("spec", "weighted", "sticky")) {
      reasons.warn(
          what + " is sticky: users with its cookie stay on their version until its weight is 0");
    }
  }

  /**
   * A route behind the others with one condition and one point of priority more. A TraefikService
   * has no conditions. Cookies are left out: Traefik has no exact match of one.
   */
  @Override
  public Optional<Patch> match(Doc live, Route route, Match match) {
    boolean can =
        route.kind().equals(RouteKinds.INGRESS_ROUTE)
            && match.part() == Match.Part.HEADER
            && !(match.name() + match.value()).contains("`");
    return can
        ? RULES.added(live, route, rule -> copy(rule, match), rule -> isFor(rule, match), false)
        : Optional.empty();
  }

  @Override
  public Patch unmatch(Doc live, Route route, Match match) {
    return route.kind().equals(RouteKinds.INGRESS_ROUTE)
        ? RULES.removed(live, route, rule -> isFor(rule, match))
        : Patch.none();
  }

  private static Optional<Doc> copy(Doc rule, Match match) {
    String condition = rule.textOrEmpty("match");
    if (rule.textOrEmpty("syntax").equals("v2") || condition.isEmpty()) {
      return Optional.empty();
    }
    // The longer text wins where no priority is said. Ours is written, and just one more than that
    // of
    // its rule: a rule that wins over it today wins over ours too.
    long priority = rule.number(0, "priority");
    long before = priority > 0 ? priority : condition.getBytes(StandardCharsets.UTF_8).length;
    return Optional.of(
        rule.with("(" + condition + ")" + suffix(match), "match").with(before + 1, "priority"));
  }

  private static boolean isFor(Doc rule, Match match) {
    return rule.textOrEmpty("match").endsWith(")" + suffix(match));
  }

  private static String suffix(Match match) {
    return " && Header(`" + match.name() + "`,`" + match.value() + "`)";
  }

  /** Its definitions have no status. */
  @Override
  public Ack ack(Doc live, Route route, Landscape landscape) {
    return new Ack.Silent();
  }

  /**
   * It acts at most every 2 s ({@code providersThrottleDuration}). Measured with Traefik 3.7.13:
   * the last request of the old weights came up to 1.3 s after a write, 2 s after the last of many.
   */
  @Override
  public Duration settles() {
    return Duration.ofSeconds(10);
  }
}
