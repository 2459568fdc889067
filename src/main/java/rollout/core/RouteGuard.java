package rollout.core;

import java.util.List;
import java.util.Optional;
import rollout.core.Action.Change;
import rollout.core.Decision.Act;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.plan.Step;
import rollout.router.Route;
import rollout.router.Weights;

/** What others do to the routes, and who holds them. */
final class RouteGuard {
  private RouteGuard() {}

  /** The states on the routes; none where a route carries none. */
  static List<Doc> states(Sight sight) {
    return RouteSteps.routes(sight).stream()
        .flatMap(route -> RouteSteps.live(sight, route).stream())
        .map(RouteText::state)
        .filter(state -> !state.isEmpty())
        .toList();
  }

  /** Somebody changed our numbers, or took our Service out; empty: nobody. */
  static Optional<String> drift(Sight sight) {
    RolloutState state = sight.state();
    if (!state.passed(Step.Attach.class) || state.reached(Step.Detach.class)) {
      return Optional.empty();
    }
    for (Route route : RouteSteps.routes(sight)) {
      Optional<Doc> live = RouteSteps.live(sight, route);
      if (live.isEmpty()) {
        return Optional.of(route + " was deleted or made anew by somebody else");
      }
      Weights weights = RouteSteps.router(route).weights(live.get(), route);
      boolean asWritten =
          weights instanceof Weights.Set(int percent) && percent == RouteText.percent(live.get());
      if (!asWritten) {
        return Optional.of(says(live.get(), route));
      }
    }
    return Optional.empty();
  }

  /** Who changed it, and to what, and how a tool is kept from it. */
  static String says(Doc live, Route route) {
    String who = Managers.somebody(live, "spec");
    int written = RouteText.percent(live);
    String was = written < 0 ? "" : "; " + written + " % was written";
    String now =
        switch (RouteSteps.router(route).weights(live, route)) {
          case Weights.Absent() -> " took " + route.candidate() + " out of " + route;
          case Weights.Set(int percent) ->
              " changed the weights of " + route + " to " + RouteText.numbers(route, percent);
          case Weights.Foreign(String why) -> " changed " + route + " (" + why + ")";
        };
    String jq = RouteSteps.router(route).jq(route.kind());
    String stop = Managers.stoppedBy(live, "spec", jq).map(one -> ". " + one).orElse("");
    return who + now + was + stop;
  }

  /** A takeover stamps the routes too. */
  static Optional<Decision> restamp(Sight sight) {
    RolloutState state = sight.state();
    for (Route route : RouteSteps.routes(sight)) {
      Optional<Doc> live = RouteSteps.live(sight, route);
      Doc old = live.map(RouteText::state).orElse(Doc.EMPTY);
      if (!old.isEmpty() && !old.textOrEmpty("by").equals(state.by())) {
        Patch patch =
            Patch.at(live.orElseThrow().textOrEmpty("metadata", "resourceVersion"))
                .and(
                    RouteText.stamped(
                        state, live.orElseThrow(), route, RouteText.percent(live.orElseThrow())));
        return Optional.of(
            new Act(
                new Change(route.ref(), patch, "", "taken over", false, false),
                "taken over: epoch " + state.epoch()));
      }
    }
    return Optional.empty();
  }
}
