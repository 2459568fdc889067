package rollout.core;

import java.time.Instant;
import java.util.Optional;
import rollout.core.Action.Change;
import rollout.core.Decision.Act;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.router.Ack;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Weights;

/** The way back of routes: all weight to stable, in one write each that waits for nothing. */
final class RoutesBack {
  private RoutesBack() {}

  /** What is still to be written; empty: all routes say so, and nobody may go forward. */
  static Optional<Decision> write(Sight sight) {
    RolloutState state = sight.state();
    for (Route route : RouteSteps.routes(sight)) {
      Optional<Doc> live = RouteSteps.live(sight, route);
      if (live.isEmpty()) {
        continue;
      }
      Router router = RouteSteps.router(route);
      Weights weights = router.weights(live.get(), route);
      boolean ours = ForwardSteps.isOurs(RouteText.state(live.get()), state);
      boolean zero =
          weights instanceof Weights.Absent || weights instanceof Weights.Set(int now) && now == 0;
      if (ours && zero) {
        continue;
      }
      if (ours && state.tallies().tried() >= Timings.REWRITES) {
        return Optional.of(
            BackSteps.partly(sight, RouteGuard.says(live.get(), route) + ", again and again"));
      }
      Patch patch =
          RouteText.guarded(live.get())
              .and(RouteText.stamped(state, live.get(), route, 0))
              .and(
                  weights instanceof Weights.Absent
                      ? Patch.none()
                      : router.weigh(live.get(), route, 0, true));
      return Optional.of(
          new Act(
              new Change(
                  route.ref(),
                  patch,
                  weights instanceof Weights.Set(int now) ? RouteText.numbers(route, now) : "",
                  zero ? "way: back" : RouteText.numbers(route, 0),
                  !zero,
                  false),
              zero
                  ? "nobody may go forward from here any more"
                  : "back: " + state.going().map(GoingBack::reason).orElse("")));
    }
    return Optional.empty();
  }

  /** What must still be seen until the routers have followed; empty: they have. */
  static Optional<Decision> observe(Sight sight) {
    if (RouteSteps.routes(sight).stream()
        .flatMap(route -> RouteSteps.live(sight, route).stream().map(live -> weights(live, route)))
        .allMatch(Weights.Absent.class::isInstance)) {
      return Optional.empty();
    }
    for (Route route : RouteSteps.routes(sight)) {
      Optional<Doc> live = RouteSteps.live(sight, route);
      Ack ack = live.map(doc -> RouteSteps.ack(sight, doc, route)).orElseGet(Ack.Seen::new);
      boolean open = ack instanceof Ack.Waiting || ack instanceof Ack.Refused;
      if (open) {
        String why = ack instanceof Ack.Waiting(String one) ? one : ((Ack.Refused) ack).why();
        return Optional.of(
            sight.late(Timings.OBSERVE)
                ? BackSteps.partly(sight, "the router has not followed: " + why)
                : new Wait(sight.until(Timings.OBSERVE), "waiting for the router: " + why));
      }
    }
    Instant begun = sight.state().stepStarted();
    // Whoever takes a way back over judges what flows since then.
    Instant written =
        sight.state().going().flatMap(GoingBack::written).filter(begun::isBefore).orElse(begun);
    Instant end = written.plus(RouteSteps.settles(sight));
    return sight.now().isBefore(end)
        ? Optional.of(new Wait(end, "waiting until the requests follow"))
        : proof(sight, end);
  }

  /**
   * A router may say what it does not do. Where metrics tell, they must show that the candidate
   * gets nothing any more, before its pods may go.
   */
  private static Optional<Decision> proof(Sight sight, Instant since) {
    boolean chosen = sight.release().match().isPresent();
    if (chosen || !ObservedShare.asked(sight.state())) {
      return Optional.empty();
    }
    Optional<ObservedShare> share = ObservedShare.in(sight, since);
    if (share.isEmpty()) {
      Instant end = since.plus(Timings.TELL);
      return sight.now().isBefore(end)
          ? Optional.of(new Wait(end, "waiting for metrics to show that the requests follow"))
          : Optional.empty();
    }
    if (share.get().isNone()) {
      return Optional.empty();
    }
    Instant end = since.plus(Timings.FOLLOW);
    return Optional.of(
        sight.now().isBefore(end)
            ? new Wait(end, "the requests do not follow yet: " + share.get().says())
            : BackSteps.partly(
                sight,
                "the weights say 0 %, but the router still sends requests to "
                    + sight.release().candidate().name()
                    + " ("
                    + share.get().says()
                    + "), so its pods stay"));
  }

  private static Weights weights(Doc live, Route route) {
    return RouteSteps.router(route).weights(live, route);
  }
}
