package rollout.router;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Near;
import rollout.model.Problem;

/** The routers that there are, and which of them a release uses. */
public final class Routers {
  /** The word for: whichever names the Service. */
  public static final String AUTO = "auto";

  /** In the order in which they are looked for and told. */
  private static final List<Router> ALL =
      List.of(new GatewayApi(), new Istio(), new Traefik(), new IngressNginx());

  private Routers() {}

  /** The words of all. */
  public static List<String> words() {
    return ALL.stream().map(Router::word).toList();
  }

  /** The router of a word. */
  public static Optional<Router> of(String word) {
    return ALL.stream().filter(router -> router.word().equals(word)).findFirst();
  }

  /** The router whose objects are of a kind. */
  public static Optional<Router> of(Kind kind) {
    return ALL.stream().filter(router -> router.kinds().contains(kind)).findFirst();
  }

  /** The kinds of all route objects. */
  public static List<Kind> routeKinds() {
    return ALL.stream().flatMap(router -> router.kinds().stream()).toList();
  }

  /** All kinds to read for a {@link Landscape}. */
  public static Set<Kind> kinds() {
    Set<Kind> kinds = new LinkedHashSet<>();
    ALL.forEach(
        router -> {
          kinds.addAll(router.kinds());
          kinds.addAll(router.judges());
        });
    return kinds;
  }

  /**
   * A route object that a release made, by the object alone; empty: no router needs one of these.
   */
  public static Optional<Route> made(Kind kind, Doc live, String stable) {
    return ALL.stream()
        .filter(router -> router.kinds().contains(kind))
        .flatMap(router -> router.adopted(live, stable).stream())
        .findFirst();
  }

  /** The kinds of objects that a release may make for a router. */
  public static List<Kind> madeKinds() {
    return List.of(RouteKinds.INGRESS);
  }

  /** Whether objects of this kind divide requests; else they are only looked at. */
  public static boolean isRoute(Kind kind) {
    return of(kind).isPresent();
  }

  /**
   * The objects to steer.
   *
   * @param wanted a router's word, or {@link #AUTO}
   * @param names of objects, as {@code shop} or {@code HTTPRoute/shop}; none: the only one
   */
  public static Choice choose(String wanted, List<String> names, Landscape landscape) {
    Optional<Router> router = of(wanted);
    if (router.isEmpty() && !wanted.equals(AUTO)) {
      return refused(
          "there is no router " + wanted,
          Near.hint(wanted, words(), "There are: " + String.join(", ", words()) + "."));
    }
    if (router.isPresent() && router.get().kinds().stream().noneMatch(landscape::serves)) {
      return refused(
          "router "
              + wanted
              + " is not installed: the cluster does not know "
              + kinds(router.get()),
          "Install it, or say --router auto.");
    }
    List<Candidate> all =
        ALL.stream()
            .flatMap(one -> one.find(landscape).stream().map(found -> new Candidate(one, found)))
            .toList();
    List<Candidate> asked =
        all.stream().filter(one -> router.isEmpty() || router.get().equals(one.router())).toList();
    if (asked.isEmpty() && router.isEmpty() && names.isEmpty()) {
      return new Choice.None();
    }
    if (asked.isEmpty()) {
      return refused(
          "no "
              + router.map(Routers::kinds).orElse("object of a router")
              + " sends to Service "
              + landscape.service(),
          "Add the Service to the one that its requests come through, or say --router replicas.");
    }
    return names.isEmpty() ? only(asked, all) : named(names, asked, all);
  }

  /** An object that could be meant. */
  private record Candidate(Router router, Found found) {
    boolean isCalled(String name) {
      String own = router.original(found.route());
      return name.equals(own) || name.equalsIgnoreCase(found.route().kind() + "/" + own);
    }

    String says() {
      return found.route().kind() + " " + router.original(found.route());
    }

    String named() {
      return found.route().kind() + "/" + router.original(found.route());
    }
  }

  private static Choice only(List<Candidate> asked, List<Candidate> all) {
    return asked.size() == 1
        ? steered(asked, all)
        : refused(
            "Service "
                + asked.getFirst().found().route().stable()
                + " is behind "
                + list(asked)
                + ": it is not clear which of them its requests come through",
            "Say which: --route-name "
                + asked.getFirst().named()
                + "; of one router also several.");
  }

  private static Choice named(List<String> names, List<Candidate> asked, List<Candidate> all) {
    Set<Candidate> meant = new LinkedHashSet<>();
    List<Problem> problems = new ArrayList<>();
    for (String name : names) {
      List<Candidate> called = asked.stream().filter(one -> one.isCalled(name)).toList();
      if (called.isEmpty()) {
        List<String> known =
            asked.stream().map(one -> one.router().original(one.found().route())).toList();
        problems.add(
            Problem.of(
                "no object "
                    + name
                    + " sends to Service "
                    + asked.getFirst().found().route().stable(),
                Near.hint(name, known, "There is " + list(asked) + ".")));
      } else if (called.size() > 1) {
        problems.add(
            Problem.of(
                "--route-name " + name + " could be " + list(called),
                "Say it with its kind: --route-name " + called.getFirst().named() + "."));
      }
      meant.addAll(called);
    }
    return problems.isEmpty() ? steered(List.copyOf(meant), all) : new Choice.Refused(problems);
  }

  private static Choice steered(List<Candidate> meant, List<Candidate> all) {
    Router router = meant.getFirst().router();
    if (!meant.stream().allMatch(one -> one.router().equals(router))) {
      return refused(list(meant) + " are of different routers", "Name objects of one router.");
    }
    List<Problem> refusals =
        meant.stream().flatMap(one -> one.found().refusals().stream()).toList();
    Stream<String> others =
        all.stream()
            .filter(one -> !meant.contains(one))
            .map(one -> one.says() + " sends to the Service too; its requests are not divided");
    return refusals.isEmpty()
        ? new Choice.Steered(
            router,
            meant.stream().map(one -> one.found().route()).toList(),
            Stream.concat(meant.stream().flatMap(one -> one.found().warnings().stream()), others)
                .distinct()
                .toList())
        : new Choice.Refused(refusals);
  }

  private static String list(List<Candidate> candidates) {
    return String.join(" and ", candidates.stream().map(Candidate::says).toList());
  }

  private static String kinds(Router router) {
    return String.join(" or ", router.kinds().stream().map(Kind::kind).toList());
  }

  private static Choice refused(String wrong, String right) {
    return new Choice.Refused(List.of(Problem.of(wrong, right)));
  }
}
