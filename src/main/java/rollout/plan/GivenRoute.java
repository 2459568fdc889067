package rollout.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Near;
import rollout.model.Problem;
import rollout.model.Ref;
import rollout.router.Landscape;
import rollout.router.Mention;
import rollout.router.Router;
import rollout.router.Routers;
import rollout.strategy.Canary;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;

/**
 * The route of the user's that a release makes where there is none of its name: what is wrong with
 * its file, and how it stands among those that are there.
 */
public final class GivenRoute {
  private GivenRoute() {}

  /** The file of a strategy; empty: it gives none. */
  public static Optional<RouteFile> file(Strategy strategy) {
    return strategy.canary().flatMap(Canary::route);
  }

  /** The routes that are meant by name: those that the user named, and that of the file. */
  static List<String> names(Canary canary, String namespace) {
    List<String> names = new ArrayList<>(canary.routes());
    canary
        .route()
        .map(file -> ref(file, namespace))
        .ifPresent(ref -> names.add(ref.kind() + "/" + ref.name()));
    return names;
  }

  /**
   * What can be seen to be wrong without asking anybody; none: nothing, or there is no file.
   *
   * @param namespace of the target; empty: it is not known yet, and what depends on it is not
   *     looked at
   */
  public static List<Problem> problems(Strategy strategy, String namespace) {
    return file(strategy)
        .map(file -> problems(file, strategy.canary().orElseThrow(), strategy.service(), namespace))
        .orElse(List.of());
  }

  private static List<Problem> problems(
      RouteFile file, Canary canary, String service, String namespace) {
    if (canary.router().equals(Canary.REPLICAS)) {
      return List.of(
          new Problem(
              file.place(),
              "by replicas no route divides the requests, so none is made.",
              "Leave out the route, or --router replicas."));
    }
    Optional<Kind> kind = kind(file);
    if (kind.isEmpty()) {
      return List.of(noRoute(file));
    }
    List<Problem> found = new ArrayList<>();
    Router router = Routers.of(kind.get()).orElseThrow();
    if (!List.of(Canary.AUTO, router.word()).contains(canary.router())) {
      found.add(
          new Problem(
              file.at("kind"),
              "%s is a route of %s, and the router is to be %s."
                  .formatted(kind.get(), router.word(), canary.router()),
              "Write --router " + router.word() + ", or give a route of that one."));
    }
    if (!namespace.isEmpty() && !service.isEmpty()) {
      found.addAll(placed(file, kind.get(), router, new Landscape(namespace, service, Map.of())));
    }
    return found;
  }

  private static Problem noRoute(RouteFile file) {
    String said = file.object().textOrEmpty("kind");
    for (Kind kind : Routers.routeKinds()) {
      if (kind.kind().equals(said)) {
        return new Problem(
            file.at("apiVersion"),
            "%s is known as %s, but this is %s."
                .formatted(said, kind.apiVersion(), file.object().textOrEmpty("apiVersion")),
            "Write 'apiVersion: " + kind.apiVersion() + "'.");
      }
    }
    List<String> known = Routers.routeKinds().stream().map(Kind::kind).toList();
    return new Problem(
        file.at("kind"),
        said + " is no route that requests can be divided with.",
        Near.hint(said, known, "There are: " + String.join(", ", known) + "."));
  }

  /** What depends on where the target is. */
  private static List<Problem> placed(
      RouteFile file, Kind kind, Router router, Landscape landscape) {
    String namespace = landscape.namespace();
    String said = file.object().text("metadata", "namespace").orElse(namespace);
    if (!said.equals(namespace)) {
      return List.of(
          new Problem(
              file.at("metadata", "namespace"),
              "the route is to be in namespace %s, but Service %s is in %s."
                  .formatted(said, landscape.service(), namespace),
              "Take it out: a route is made beside its Service."));
    }
    Doc object = object(file, namespace);
    List<Mention> mentions = router.mentions(kind, object, landscape);
    if (mentions.isEmpty()) {
      return List.of(
          new Problem(
              file.at("spec"),
              file + " sends nothing to Service " + landscape.service() + ".",
              "Name it where the requests are to go; the release puts the candidate beside it."));
    }
    Set<String> lists = new HashSet<>();
    List<Problem> found = new ArrayList<>();
    for (Mention mention : mentions) {
      if (!lists.add(mention.list())) {
        found.add(
            new Problem(
                file.at(mention.path().toArray(String[]::new)),
                file + ": " + mention.list() + " names Service " + landscape.service() + " twice.",
                "Name it once, with one weight."));
      }
    }
    return found.isEmpty() ? refusals(file, router, with(landscape, kind, object)) : found;
  }

  /** What the router says of the object alone. */
  private static List<Problem> refusals(RouteFile file, Router router, Landscape alone) {
    return router.find(alone).stream()
        .flatMap(found -> found.refusals().stream())
        .map(one -> new Problem(file.place(), one.wrong(), one.right()))
        .toList();
  }

  private static Optional<Kind> kind(RouteFile file) {
    return Routers.routeKinds().stream()
        .filter(one -> one.kind().equals(file.object().textOrEmpty("kind")))
        .filter(one -> one.apiVersion().equals(file.object().textOrEmpty("apiVersion")))
        .findFirst();
  }

  /** Where the route of a good file is, or is to be. */
  public static Ref ref(RouteFile file, String namespace) {
    return new Ref(
        kind(file).orElseThrow(), namespace, file.object().textOrEmpty("metadata", "name"));
  }

  /** The object of a file, in the namespace of its Service. */
  public static Doc object(RouteFile file, String namespace) {
    return file.object().with(namespace, "metadata", "namespace");
  }

  /** The object of a name as it is; empty: there is none. */
  public static Optional<Doc> in(Landscape landscape, Ref ref) {
    return landscape.of(ref.kind()).stream()
        .filter(doc -> Ref.to(ref.kind(), doc).equals(ref))
        .findFirst();
  }

  /** With an object that is not there yet. */
  public static Landscape with(Landscape landscape, Kind kind, Doc object) {
    Map<Kind, List<Doc>> objects = new LinkedHashMap<>(landscape.objects());
    List<Doc> all = new ArrayList<>(landscape.of(kind));
    all.add(object);
    objects.put(kind, all);
    return new Landscape(landscape.namespace(), landscape.service(), objects);
  }

  /** What the server gives an object that it stores; one of the landscape without it is to be. */
  static boolean isThere(Doc object) {
    return object.has("metadata", "uid");
  }

  /** The object as the server completes it, without what it has only when it is stored. */
  public static Doc unstored(Doc completed) {
    return completed
        .without("metadata", "uid")
        .without("metadata", "resourceVersion")
        .without("metadata", "creationTimestamp")
        .without("metadata", "managedFields")
        .without("status");
  }
}
