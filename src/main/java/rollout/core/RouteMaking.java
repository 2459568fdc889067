package rollout.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Ref;
import rollout.router.Found;
import rollout.router.Landscape;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;

/**
 * Row 1c: the route of the user's file, where there is none of its name. It sends all requests to
 * stable, whoever makes it and when; so nothing of ours is on it, and nobody takes it away.
 */
final class RouteMaking {
  private RouteMaking() {}

  static Decision create(Sight sight) {
    Ref route = sight.release().given().orElseThrow();
    String key = route.kind().kind() + "/" + route.name();
    Optional<Doc> live = Optional.ofNullable(sight.seen().routes().get(route));
    String made = sight.state().uids().getOrDefault(key, "");
    if (!made.isEmpty()) {
      return live.filter(doc -> uid(doc).equals(made)).isPresent()
          ? RouteSteps.taken(sight)
              .orElseGet(() -> Ends.done(sight, route + " sends to " + target(sight)))
          : Turning.back(sight, Cause.DRIFT, route + " was deleted or made anew by somebody else");
    }
    if (live.isPresent()) {
      return isAsGiven(sight, live.get(), route)
          ? new Advance(sight.state().made(key, uid(live.get())), "made: " + route)
          : Turning.back(
              sight,
              Cause.DRIFT,
              route + " was made by somebody else meanwhile, and not as in the file");
    }
    return sight
        .seen()
        .materials()
        .route()
        .<Decision>map(
            body ->
                new Act(
                    new Action.Make(route.kind(), body, "requests to " + target(sight)),
                    "there was none; it stays"))
        .orElseGet(
            () ->
                Turning.back(
                    sight,
                    Cause.REFUSED,
                    route + " was never made, and its file is gone with the process that had it"));
  }

  /** Whether an object of a route's name is the one that was made, where nothing tells its uid. */
  static boolean mayBeOurs(Sight sight, Doc live, Route route) {
    return sight.release().makes(route)
        || !RouteText.state(live).isEmpty()
        || isAsGiven(sight, live, route.ref());
  }

  /** After a lost answer it is our own; one of somebody else that divides the same is as good. */
  private static boolean isAsGiven(Sight sight, Doc live, Ref given) {
    Router router = Routers.of(given.kind()).orElseThrow();
    Landscape alone =
        new Landscape(given.namespace(), target(sight), Map.of(given.kind(), List.of(live)));
    List<Route> found = router.find(alone).stream().map(Found::route).toList();
    return !router.mentions(given.kind(), live, alone).isEmpty()
        && sight.release().routes().stream()
            .filter(route -> route.ref().equals(given))
            .allMatch(route -> found.stream().anyMatch(one -> one.places().equals(route.places())));
  }

  private static String target(Sight sight) {
    return sight.release().target().name();
  }

  private static String uid(Doc live) {
    return live.textOrEmpty("metadata", "uid");
  }
}
