package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.Action.Change;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Match;
import rollout.model.Phase;
import rollout.plan.Step;
import rollout.router.Ack;
import rollout.router.Landscape;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;
import rollout.router.Weights;

/**
 * The shares of a canary where routes divide the requests: the candidate's own Service beside
 * stable's, two numbers a place, and what the router makes of them.
 *
 * <p>A router says that it has read an object before requests follow it, where it says anything at
 * all; so a share counts as given when the requests show it, or after the longest time that the
 * router takes.
 */
final class RouteSteps {
  /** The fact that tells since when the routes say what the step in progress wants. */
  static final String SINCE = "routesSince";

  /** The fact that tells which part of all requests comes through the routes. */
  private static final String THROUGH = "through";

  private RouteSteps() {}

  static List<Route> routes(Sight sight) {
    return sight.release().routes();
  }

  static Router router(Route route) {
    return Routers.of(route.router()).orElseThrow();
  }

  /** A route that is still the object of the start. */
  static Optional<Doc> live(Sight sight, Route route) {
    String uid = uid(sight, route);
    return Optional.ofNullable(sight.seen().routes().get(route.ref()))
        .filter(
            doc ->
                uid.isEmpty()
                    ? RouteMaking.mayBeOurs(sight, doc, route)
                    : doc.textOrEmpty("metadata", "uid").equals(uid));
  }

  private static String uid(Sight sight, Route route) {
    return route.uid().isEmpty()
        ? sight.state().uids().getOrDefault(route.kind().kind() + "/" + route.name(), "")
        : route.uid();
  }

  /** The longest that any of the routers takes until requests follow a write. */
  static Duration settles(Sight sight) {
    return routes(sight).stream()
        .map(route -> router(route).settles())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static String gone(Route route) {
    return route + " was deleted or made anew by somebody else";
  }

  /** Row 8b: the candidate's Service into the routes, at weight 0, when it has pods. */
  static Decision attach(Sight sight) {
    String service = routes(sight).getFirst().candidate();
    if (!sight.seen().services().containsKey(service)) {
      return Turning.back(sight, Cause.DRIFT, "Service " + service + " is gone");
    }
    if (!sight.sendsOnlyTo(service, sight.candidateReady())) {
      return sight.late(Timings.OBSERVE)
          ? Turning.back(
              sight, Cause.DEADLINE, "Service " + service + " does not reach the candidate")
          : new Wait(sight.until(Timings.OBSERVE), "waiting until " + service + " has endpoints");
    }
    for (Route route : routes(sight)) {
      Optional<Doc> live = live(sight, route);
      if (live.isEmpty()) {
        return Turning.back(sight, Cause.DRIFT, gone(route));
      }
      Weights weights = router(route).weights(live.get(), route);
      boolean ours = ForwardSteps.isOurs(RouteText.state(live.get()), sight.state());
      if (!ours || weights instanceof Weights.Absent) {
        Patch patch = router(route).attach(live.get(), route);
        return new Act(
            forward(sight, live.get(), route, 0, patch, "without " + service, "with it, weight 0"),
            "the candidate has pods: its Service may be listed");
      }
      if (weights instanceof Weights.Foreign(String why)) {
        return Turning.back(sight, Cause.DRIFT, why);
      }
    }
    return taken(sight)
        .orElseGet(() -> Ends.done(sight, service + " is in the routes, at weight 0"));
  }

  private static Change forward(
      Sight sight, Doc live, Route route, int percent, Patch patch, String from, String to) {
    Patch all =
        Patch.at(live.textOrEmpty("metadata", "resourceVersion"))
            .and(RouteText.stamped(sight.state(), live, route, percent))
            .and(patch);
    return new Change(route.ref(), all, from, to, percent > 0, percent > 0);
  }

  /** What the routers still have to read; empty: all have, or never say. */
  static Optional<Decision> taken(Sight sight) {
    for (Route route : routes(sight)) {
      Optional<Doc> live = live(sight, route);
      Ack ack = live.map(doc -> ack(sight, doc, route)).orElseGet(() -> new Ack.Waiting("gone"));
      if (ack instanceof Ack.Refused(String why)) {
        return Optional.of(Turning.back(sight, Cause.DRIFT, why));
      }
      if (ack instanceof Ack.Waiting(String why)) {
        return Optional.of(
            sight.late(Timings.OBSERVE)
                ? Turning.back(sight, Cause.DEADLINE, why)
                : new Wait(sight.until(Timings.OBSERVE), "waiting for the router: " + why));
      }
    }
    return Optional.empty();
  }

  static Ack ack(Sight sight, Doc live, Route route) {
    // Which parents there are was looked at before the release; here all of them count.
    return router(route)
        .ack(live, route, new Landscape(sight.release().namespace(), route.stable(), Map.of()));
  }

  /** Row 8c: the requests of chosen users. */
  static Decision matchUsers(Sight sight) {
    Match match = sight.release().match().orElseThrow();
    for (Route route : routes(sight)) {
      Optional<Doc> live = live(sight, route);
      if (live.isEmpty()) {
        return Turning.back(sight, Cause.DRIFT, gone(route));
      }
      Optional<Patch> patch = router(route).match(live.get(), route, match);
      if (patch.isEmpty()) {
        return Turning.back(sight, Cause.REFUSED, route + " cannot tell requests by " + match);
      }
      if (!patch.get().operations().isEmpty()) {
        return new Act(
            new Change(
                route.ref(),
                Patch.at(live.get().textOrEmpty("metadata", "resourceVersion")).and(patch.get()),
                "",
                "requests with " + match + " to " + route.candidate(),
                true,
                true),
            "chosen users meet the candidate first");
      }
    }
    return taken(sight)
        .orElseGet(() -> Ends.done(sight, "requests with " + match + " go to the candidate"));
  }

  /** Row 9: our two numbers, proven. */
  static Decision weigh(Sight sight, int percent) {
    return written(sight, percent).orElseGet(() -> proven(sight, percent));
  }

  /** What is to be written until all routes say so; empty: they do. */
  private static Optional<Decision> written(Sight sight, int percent) {
    for (Route route : routes(sight)) {
      Optional<Doc> live = live(sight, route);
      if (live.isEmpty()) {
        return Optional.of(Turning.back(sight, Cause.DRIFT, gone(route)));
      }
      Weights weights = router(route).weights(live.get(), route);
      if (!(weights instanceof Weights.Set(int now))) {
        return Optional.of(Turning.back(sight, Cause.DRIFT, RouteGuard.says(live.get(), route)));
      }
      if (now != percent || RouteText.percent(live.get()) != percent) {
        Patch patch = router(route).weigh(live.get(), route, percent, false);
        return Optional.of(
            new Act(
                forward(
                    sight,
                    live.get(),
                    route,
                    percent,
                    patch,
                    RouteText.numbers(route, now),
                    RouteText.numbers(route, percent)),
                percent == 0
                    ? "both Services have the same pods now"
                    : percent + " % of the requests to the candidate"));
      }
    }
    String mark = percent + "@" + sight.state().step();
    String since = sight.state().facts().getOrDefault(SINCE, "");
    return since.startsWith(mark + " ")
        ? Optional.empty()
        : Optional.of(
            new Advance(
                sight.state().noting(SINCE, mark + " " + sight.now()),
                "the routes say " + percent + " %"));
  }

  /** Since when the routes say what they say now. */
  static Instant since(RolloutState state) {
    String fact = state.facts().getOrDefault(SINCE, "");
    return fact.contains(" ")
        ? Instant.parse(fact.substring(fact.indexOf(' ') + 1))
        : state.stepStarted();
  }

  private static Decision proven(Sight sight, int percent) {
    Optional<Decision> waits = taken(sight);
    if (waits.isPresent()) {
      return waits.get();
    }
    Optional<ObservedShare> share = ObservedShare.in(sight);
    double expected = percent * through(sight.state());
    Instant end = since(sight.state()).plus(settles(sight));
    if (share.filter(one -> one.agrees(expected)).isPresent()) {
      return shifted(sight, percent, share);
    }
    if (sight.now().isBefore(end)) {
      return new Wait(end, "waiting until the requests follow");
    }
    if (share.filter(ObservedShare::tells).isEmpty()) {
      return shifted(sight, percent, share);
    }
    Instant last = end.plus(Timings.FOLLOW);
    if (sight.now().isBefore(last)) {
      return new Wait(last, "the requests do not follow yet: " + share.get().says());
    }
    boolean first = !sight.state().facts().containsKey(THROUGH);
    return first && share.get().isSome() && share.get().percent() < percent
        ? past(sight, percent, share.get())
        : Turning.back(
            sight,
            Cause.DEADLINE,
            "the requests do not follow the weights: "
                + share.get().says()
                + ", "
                + percent
                + " % asked for");
  }

  /** What part of the requests comes through the routes, as the first share has shown. */
  private static double through(RolloutState state) {
    return Double.parseDouble(state.facts().getOrDefault(THROUGH, "1"));
  }

  /**
   * Callers in the cluster often go to the Service itself: then the candidate's share of all is
   * smaller than that of the route, and stays so in proportion.
   */
  private static Decision past(Sight sight, int percent, ObservedShare share) {
    double through = share.percent() / percent;
    String says =
        share.says()
            + ", "
            + percent
            + " % asked for: some requests come to "
            + sight.release().target().name()
            + " past the route";
    return new Advance(
        sight.state().noting(THROUGH, String.valueOf(through)),
        says,
        List.of(new Event(Event.NOTE, Phase.SHIFT, says, Doc.of("warning", true))));
  }

  private static Decision shifted(Sight sight, int percent, Optional<ObservedShare> share) {
    String observed =
        share
            .map(ObservedShare::says)
            .orElse("no metrics tell, so the router is taken at its word");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requested", percent);
    fields.put("effective", percent);
    share.ifPresent(one -> one.fields().forEach(fields::put));
    Event event =
        new Event(
            Event.TRAFFIC,
            sight.state().current().map(Step::phase).orElse(Phase.SHIFT),
            percent
                + " % of the requests go to "
                + sight.release().candidate().name()
                + ": "
                + observed,
            Doc.of(fields));
    return Ends.done(sight, percent + " %, " + observed, List.of(event));
  }

  /** The end, (b): the target selects the candidate now, so all requests may go to it again. */
  static Decision unweigh(Sight sight) {
    Optional<Decision> waits = written(sight, 0).or(() -> taken(sight));
    if (waits.isPresent()) {
      return waits.get();
    }
    Instant end = since(sight.state()).plus(settles(sight));
    return sight.now().isBefore(end)
        ? new Wait(end, "waiting until the requests follow")
        : Ends.done(sight, "the routes send all to " + sight.release().target().name());
  }

  /** The end, (c), and the way back: all that is ours out of the routes, when it has drained. */
  static Decision detach(Sight sight) {
    boolean back = sight.state().course() != RolloutState.Course.FORWARD;
    for (Route route : routes(sight)) {
      Optional<Doc> live = live(sight, route);
      if (live.isEmpty() || live.get().has("metadata", "deletionTimestamp")) {
        continue;
      }
      boolean foreign = RouteText.state(live.get()).isEmpty();
      boolean absent = router(route).weights(live.get(), route) instanceof Weights.Absent;
      if (foreign && absent && !sight.release().makes(route)) {
        continue;
      }
      Optional<Decision> waits = drained(sight, back, absent);
      if (waits.isPresent()) {
        return waits.get();
      }
      return out(sight, live.get(), route, back);
    }
    // What a router has not let go of yet must keep its pods.
    Instant end = since(sight.state()).plus(settles(sight));
    boolean wrote = sight.state().facts().getOrDefault(SINCE, "").startsWith("out ");
    if (wrote && sight.now().isBefore(end)) {
      return new Wait(end, "waiting until the router has let go of it");
    }
    return Ends.absent(sight, "nothing of the release is in the routes");
  }

  private static Optional<Decision> drained(Sight sight, boolean back, boolean absent) {
    Instant end = sight.until(SettleSteps.drainTime(sight));
    return back && !absent && sight.now().isBefore(end)
        ? Optional.of(new Wait(end, "draining"))
        : Optional.empty();
  }

  private static Decision out(Sight sight, Doc live, Route route, boolean back) {
    RolloutState state = sight.state();
    if (!state.facts().getOrDefault(SINCE, "").startsWith("out ")) {
      return new Advance(state.noting(SINCE, "out " + sight.now()), "out of the routes");
    }
    if (state.tallies().tried() >= Timings.REWRITES && back) {
      return BackSteps.partly(sight, "somebody keeps changing " + route);
    }
    if (sight.release().makes(route)) {
      return new Act(
          new Action.Remove(route.ref(), live.textOrEmpty("metadata", "uid")),
          "made for this release only");
    }
    Patch guard =
        back ? RouteText.guarded(live) : Patch.at(live.textOrEmpty("metadata", "resourceVersion"));
    Optional<Match> match = sight.release().match();
    Patch unmatch = match.map(one -> router(route).unmatch(live, route, one)).orElse(Patch.none());
    if (!unmatch.operations().isEmpty()) {
      return new Act(
          new Change(route.ref(), guard.and(unmatch), "", "no rule of ours", true, false),
          "chosen users are treated like all others again");
    }
    Patch patch = guard.and(router(route).detach(live, route)).and(RouteText.unstamped(live));
    return new Act(
        new Change(
            route.ref(), patch, "with " + route.candidate(), "as it was before", false, false),
        "nothing of the release remains in it");
  }

  /** The candidate's own Service goes. */
  static Decision removeService(Sight sight) {
    String name = routes(sight).getFirst().candidate();
    var live = sight.seen().services().get(name);
    if (live == null || !Managers.madeBy(live.doc(), sight.release().target().name())) {
      return Ends.absent(sight, "Service " + name + " is gone");
    }
    if (live.doc().has("metadata", "deletionTimestamp")) {
      return new Wait(sight.until(Timings.GONE), name + " is being deleted");
    }
    return new Act(new Action.Remove(live.ref(), live.uid()), "made for this release only");
  }
}
