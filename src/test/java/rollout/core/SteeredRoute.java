package rollout.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import rollout.core.Action.Change;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.router.Landscape;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;
import rollout.router.Weights;
import rollout.yaml.Manifests;

/** A user's object of a router in a cluster, and what a release decides to write on it. */
final class SteeredRoute {
  static final Match HEADER = new Match(Match.Part.HEADER, "x-canary", "yes");
  private static final String CANDIDATE = "shop-r2";

  private final Cluster cluster;
  private final Router router;
  private final Ref original;
  private final Doc before;
  private final Route route;
  private final Release release;

  private SteeredRoute(Cluster cluster, Router router, Kind kind, Doc before) {
    this.cluster = cluster;
    this.router = router;
    this.original = Ref.to(kind, before);
    this.before = before;
    Landscape landscape =
        new Landscape(original.namespace(), "shop", Map.of(kind, List.of(before)));
    this.route = router.find(landscape).getFirst().route().to(CANDIDATE);
    this.release = Seen.routed(route, HEADER);
  }

  /** The object of this kind from its file, under this name. */
  static SteeredRoute create(Cluster cluster, String namespace, Kind kind, String name) {
    Router router =
        Routers.words().stream()
            .flatMap(word -> Routers.of(word).stream())
            .filter(one -> one.kinds().contains(kind))
            .findFirst()
            .orElseThrow();
    Doc manifest =
        Doc.parse(file(kind).json().replace("NAMESPACE", namespace))
            .with(name, "metadata", "name")
            .with(namespace, "metadata", "namespace");
    SteeredRoute steered =
        new SteeredRoute(cluster, router, kind, cluster.create(kind, manifest, Send.REAL));
    router
        .made(steered.before, steered.route)
        .ifPresent(made -> cluster.create(kind, made, Send.REAL));
    return steered;
  }

  private static Doc file(Kind kind) {
    String name = kind.kind() + ".yaml";
    try (InputStream in =
        Objects.requireNonNull(SteeredRoute.class.getResourceAsStream("/routes/" + name), name)) {
      return Manifests.read(name, in).getFirst().object();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object that carries the weights. */
  Ref ref() {
    return route.ref();
  }

  Route route() {
    return route;
  }

  Router router() {
    return router;
  }

  /** Whether the release makes an object of its own beside the user's. */
  boolean isMade() {
    return route.uid().isEmpty();
  }

  /** The user's object as the server had stored it. */
  Doc before() {
    return before;
  }

  Doc original() {
    return cluster.get(original).orElseThrow();
  }

  Doc live() {
    return cluster.get(ref()).orElseThrow();
  }

  Weights weights() {
    return router.weights(live(), route);
  }

  // ---- what the release decides on the object as it is now

  Change attach() {
    RolloutState state = Seen.in(release, Step.Attach.class);
    Doc service =
        Doc.of(
            "metadata",
            Doc.of("name", CANDIDATE),
            "spec",
            Doc.of("selector", Seen.CANDIDATE.doc()));
    Seen seen = Seen.at(state).shop(service).route(route, live());
    return change(act(RouteSteps.attach(seen.sight())));
  }

  Change match() {
    return change(act(RouteSteps.matchUsers(sight(Seen.in(release, Step.MatchUsers.class)))));
  }

  Decision weighed(int percent) {
    return RouteSteps.weigh(sight(Seen.in(release, Step.Shift.class)), percent);
  }

  Change weigh(int percent) {
    return change(act(weighed(percent)));
  }

  Optional<Change> back() {
    RolloutState state = Seen.back(release, Step.Watch.class, Step.TrafficBack.class);
    return RoutesBack.write(sight(state)).map(SteeredRoute::act).map(SteeredRoute::change);
  }

  private Decision detached() {
    RolloutState state = Seen.in(release, Step.Detach.class);
    return RouteSteps.detach(sight(state.noting(RouteSteps.SINCE, "out " + Seen.NOW)));
  }

  private Sight sight(RolloutState state) {
    Seen seen = Seen.at(state);
    cluster.get(ref()).ifPresent(live -> seen.route(route, live));
    return seen.sight();
  }

  private static Decision.Act act(Decision decision) {
    if (decision instanceof Decision.Act act) {
      return act;
    }
    throw new AssertionError("nothing to write: " + decision);
  }

  private static Change change(Decision.Act act) {
    return (Change) act.action();
  }

  // ---- and sends

  Doc send(Change change) {
    return cluster.patch(change.object(), change.patch(), Send.REAL);
  }

  /** With the candidate at this share. */
  SteeredRoute at(int percent) {
    send(attach());
    if (percent > 0) {
      send(weigh(percent));
    }
    return this;
  }

  /** What is ours out of it, until nothing is left to write. */
  void out() {
    Set<Action> written = new HashSet<>();
    while (detached() instanceof Decision.Act(Action action, String why)) {
      if (!written.add(action)) {
        throw new AssertionError("the same again: " + why);
      }
      switch (action) {
        case Change change -> send(change);
        case Action.Remove remove -> cluster.delete(remove.object(), remove.uid());
        case Action.Make make -> throw new AssertionError(make.toString());
      }
    }
  }

  // ---- somebody else

  /** Somebody else's patch of the object. */
  Doc write(Patch patch) {
    return cluster.patch(ref(), patch, Send.REAL);
  }

  /** Somebody gives the candidate this share. */
  void weighByHand(int percent) {
    write(router.weigh(live(), route, percent, true));
  }

  /** Somebody has another Service where the candidate's was. */
  void rename() {
    Doc spec = Doc.parse(live().doc("spec").json().replace(CANDIDATE, "cart"));
    write(Patch.none().put(spec, "spec"));
  }

  /** Somebody puts a rule, or a Service where there are no rules, in front of all others. */
  void putInFront() {
    String[] list =
        switch (route.kind().kind()) {
          case "TraefikService" -> new String[] {"spec", "weighted", "services"};
          case "IngressRoute" -> new String[] {"spec", "routes"};
          case "VirtualService" -> new String[] {"spec", "http"};
          default -> new String[] {"spec", "rules"};
        };
    String first = live().docs(list).getFirst().json().replace(CANDIDATE, "cart");
    String[] place = Arrays.copyOf(list, list.length + 1);
    place[list.length] = "0";
    write(Patch.none().put(Doc.parse(first), place));
  }

  /** Somebody deletes the object and makes it anew. */
  void replace(Consumer<Ref> untilGone) {
    Doc live = live();
    cluster.delete(ref(), live.textOrEmpty("metadata", "uid"));
    untilGone.accept(ref());
    Doc fresh =
        live.without("metadata", "uid").without("metadata", "resourceVersion").without("status");
    cluster.create(route.kind(), fresh.without("metadata", "managedFields"), Send.REAL);
  }
}
