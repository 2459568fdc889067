package rollout.router;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

  /** Whether objects of this kind can name Services of other namespaces. */
  public static boolean reachesFar(Kind kind) {
    return isRoute(kind) && !kind.equals(RouteKinds.INGRESS);
  }

  /** Whether objects of this kind let routes of other namespaces in. */
  public static boolean isGrant(Kind kind) {
    return kind.equals(RouteKinds.REFERENCE_GRANT);
  }

  /** The namespaces that such names of objects say: {@code infra/shop}. */
  public static Set<String> namespaces(List<String> names) {
    List<String> kinds = routeKinds().stream().map(Kind::kind).toList();
    Set<String> found = new LinkedHashSet<>();
    for (String name : names) {
      List<String> parts = List.of(name.split("/"));
      boolean kind = kinds.stream().anyMatch(parts.getFirst()::equalsIgnoreCase);
      if (parts.size() == 3 || parts.size() == 2 && !kind) {
        found.add(parts.get(parts.size() - 2).toLowerCase(Locale.ROOT));
      }
    }
    return found;
  }

  /**
   * The objects to steer. Those of other namespaces than the Service's must be named: whoever made
   * the Service need not know them.
   *
   * @param wanted a router's word, or {@link #AUTO}
   * @param names of objects, as {@code shop}, {@code HTTPRoute/shop}, {@code infra/shop} or {@code
   *     HTTPRoute/infra/shop}; none: the only one
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
    List<Candidate> beside = asked.stream().filter(Candidate::isBeside).toList();
    List<Candidate> could = names.isEmpty() ? beside : asked;
    if (!could.isEmpty()) {
      return names.isEmpty() ? only(beside, all) : named(names, asked, all);
    }
    return router.isEmpty() && names.isEmpty()
        ? new Choice.None(all.stream().map(Candidate::isLeftOut).toList())
        : refused(
            "no "
                + router.map(Routers::kinds).orElse("object of a router")
                + " sends to Service "
                + landscape.service(),
            asked.isEmpty()
                ? "Add the Service to the one that its requests come through, or say --router"
                    + " replicas."
                : list(asked)
                    + " of another namespace does: --route-name "
                    + asked.getFirst().named());
  }

  /** An object that could be meant. */
  private record Candidate(Router router, Found found) {
    /** Whether it is of the Service's namespace. */
    boolean isBeside() {
      return !route().elsewhere();
    }

    private Route route() {
      return found.route();
    }

    private String kind() {
      return route().kind().kind();
    }

    String name() {
      return router.original(route());
    }

    boolean isCalled(String name) {
      String far = route().namespace() + "/" + name();
      boolean near = name.equals(name()) || name.equalsIgnoreCase(kind() + "/" + name());
      return near && isBeside() || name.equals(far) || name.equalsIgnoreCase(kind() + "/" + far);
    }

    /** As it is called where its kind is clear. */
    String called() {
      return isBeside() ? name() : route().namespace() + "/" + name();
    }

    String says() {
      return kind() + " " + called();
    }

    String named() {
      return kind() + "/" + called();
    }

    /** For people, where another one is steered, or none. */
    String isLeftOut() {
      return says()
          + (isBeside()
              ? " sends to the Service too; its requests are not divided"
              : " names the Service too, from another namespace; what comes through it is not"
                  + " divided, unless it is named: --route-name "
                  + named());
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
        List<String> known = asked.stream().map(Candidate::called).toList();
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
    List<Problem> refusals = new ArrayList<>();
    meant.forEach(one -> refusals.addAll(one.found().refusals()));
    Stream<String> others =
        all.stream().filter(one -> !meant.contains(one)).map(Candidate::isLeftOut);
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
