package rollout.router;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.router.Shape.Named;

/** Istio's VirtualService: its HTTP routes. */
final class Istio implements ListingRouter {
  /**
   * {@code shop}, {@code shop.prod}, {@code shop.prod.svc}, {@code shop.prod.svc.cluster.local}.
   */
  private static final Pattern HOST =
      Pattern.compile("([^.]+)(?:\\.([^.]+)(?:\\.svc(?:\\..+)?)?)?");

  private static final WeightedLists LISTS =
      new WeightedLists(
          new Shape(
              "route",
              List.of("spec", "http"),
              List.of("route"),
              List.of("destination", "host"),
              0,
              new Hosts()));

  private static final MatchRules RULES = new MatchRules(LISTS);

  /** Services named by hosts. */
  private record Hosts() implements Shape.Naming {
    @Override
    public Optional<Named> service(Doc backend, String namespace) {
      return named(backend.textOrEmpty("destination", "host"), namespace);
    }

    @Override
    public String like(String stable, String candidate) {
      int dot = stable.indexOf('.');
      return dot < 0 ? candidate : candidate + stable.substring(dot);
    }
  }

  static Optional<Named> named(String host, String namespace) {
    Matcher matcher = HOST.matcher(host);
    return matcher.matches()
        ? Optional.of(
            new Named(Optional.ofNullable(matcher.group(2)).orElse(namespace), matcher.group(1)))
        : Optional.empty();
  }

  @Override
  public WeightedLists lists(Kind kind) {
    return LISTS;
  }

  @Override
  public String word() {
    return "istio";
  }

  @Override
  public List<Kind> kinds() {
    return List.of(RouteKinds.VIRTUAL_SERVICE);
  }

  @Override
  public List<Kind> judges() {
    return List.of(RouteKinds.DESTINATION_RULE);
  }

  @Override
  public List<Found> find(Landscape landscape) {
    return new Search(word(), RouteKinds.VIRTUAL_SERVICE, LISTS, landscape)
        .found(
            (object, spots, reasons) ->
                new VirtualServices(landscape).judge(object, spots, reasons));
  }

  /** A route just before ours: the first that matches wins, and those before it still do. */
  @Override
  public Optional<Patch> match(Doc live, Route route, Match match) {
    return RULES.added(live, route, rule -> copy(rule, match), rule -> isFor(rule, match), true);
  }

  @Override
  public Patch unmatch(Doc live, Route route, Match match) {
    return RULES.removed(live, route, rule -> isFor(rule, match));
  }

  private static Optional<Doc> copy(Doc rule, Match match) {
    List<Doc> matches = rule.docs("match");
    return matches.stream().anyMatch(one -> one.has("headers", header(match)))
        ? Optional.empty()
        : Optional.of(
            rule.with(
                MatchRules.each(matches, one -> one.with(is(match), "headers", header(match))),
                "match"));
  }

  private static boolean isFor(Doc rule, Match match) {
    List<Doc> matches = rule.docs("match");
    return !matches.isEmpty()
        && matches.stream().allMatch(one -> one.doc("headers", header(match)).equals(is(match)));
  }

  // Istio wants names of headers in small letters.
  private static String header(Match match) {
    return match.part() == Match.Part.COOKIE ? "cookie" : match.name().toLowerCase(Locale.ROOT);
  }

  private static Doc is(Match match) {
    return switch (match.part()) {
      case HEADER -> Doc.of("exact", match.value());
      case COOKIE ->
          Doc.of(
              "regex",
              "(.*;\\s*)?" + literal(match.name()) + "=" + literal(match.value()) + "(;.*)?");
    };
  }

  private static String literal(String text) {
    return text.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
  }

  /** It writes no status of what its proxies have. */
  @Override
  public Ack ack(Doc live, Route route, Landscape landscape) {
    return new Ack.Silent();
  }

  /**
   * 0.3 s as a rule, 0.4 s under load (howardjohn/gateway-api-bench, December 2025); but while
   * objects keep changing, istiod collects changes for up to 10 s ({@code PILOT_DEBOUNCE_MAX}).
   */
  @Override
  public Duration settles() {
    return Duration.ofSeconds(15);
  }
}
