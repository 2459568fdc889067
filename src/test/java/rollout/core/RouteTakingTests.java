package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Action.Change;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** A route whose router says what it has read: into it, for chosen users, and out of it again. */
class RouteTakingTests {
  private static final Match HEADER = new Match(Match.Part.HEADER, "x-canary", "yes");
  private static final Route ROUTE = route("r-uid");
  private static final Release RELEASE = Seen.routed(ROUTE, HEADER);
  private static final String GONE = "HTTPRoute shop was deleted or made anew by somebody else";
  private static final Duration MOMENT = Duration.ofMillis(1);

  private static Route route(String uid) {
    return Routes.http("shop", uid, Optional.empty());
  }

  /** The route at this share, below 0 without the candidate, as its controller accepts it. */
  private static Doc bare(int percent) {
    List<Doc> backends = new ArrayList<>();
    backends.add(Doc.of("name", "shop", "weight", 100 - Math.max(0, percent)));
    if (percent >= 0) {
      backends.add(Doc.of("name", "shop-r2", "weight", percent));
    }
    Doc parent = Doc.of("name", "gateway");
    Doc route =
        Doc.of(
            "metadata",
            Doc.of(
                "name", "shop",
                "namespace", "web",
                "uid", "r-uid",
                "resourceVersion", "7",
                "generation", 2),
            "spec",
            Doc.of(
                "parentRefs", List.of(parent), "rules", List.of(Doc.of("backendRefs", backends))));
    return said(route, "True", 2);
  }

  private static Doc said(Doc route, String accepted, int generation) {
    Doc condition = Doc.of("reason", "Odd", "message", "so it is");
    List<Doc> conditions =
        List.of(
            condition
                .with("Accepted", "type")
                .with(accepted, "status")
                .with(generation, "observedGeneration"),
            condition
                .with("ResolvedRefs", "type")
                .with("True", "status")
                .with(generation, "observedGeneration"));
    Doc entry = Doc.of("parentRef", Doc.of("name", "gateway"), "conditions", conditions);
    return route.with(List.of(entry), "status", "parents");
  }

  private static Doc live(RolloutState state, int percent) throws Patch.Refused {
    Doc bare = bare(percent);
    return RouteText.stamped(state, bare, ROUTE, percent).apply(bare);
  }

  /** The candidate's own Service as the release makes it. */
  private static Doc service() {
    Map<String, String> labels = Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop");
    return Doc.of(
            "metadata",
            Doc.of("name", "shop-r2", "namespace", "web", "uid", "v-uid", "labels", labels))
        .with(Seen.CANDIDATE.doc(), "spec", "selector");
  }

  private static Seen seen(RolloutState state, Doc live) {
    return Seen.at(state).shop(service()).route(ROUTE, live);
  }

  private static void back(Decision decision, Cause cause, String reason) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Advance.class,
            advance ->
                assertThat(
                        advance.next().going().map(going -> going.cause() + ": " + going.reason()))
                    .contains(cause + ": " + reason));
  }

  private static Change change(Decision decision) {
    return (Change) ((Act) decision).action();
  }

  // ---- into it

  private final RolloutState attach = Seen.in(RELEASE, Step.Attach.class);

  @Test
  void candidateStandsBesideStableWithoutAnyRequest() throws Patch.Refused {
    Change change = change(RouteSteps.attach(seen(attach, bare(-1)).sight()));
    assertThat(change.from()).isEqualTo("without shop-r2");
    assertThat(change.to()).isEqualTo("with it, weight 0");
    assertThat(change.traffic()).isFalse();
    assertThat(change.mustBeFresh()).isFalse();
    Doc after = change.patch().apply(bare(-1));
    assertThat(after).isEqualTo(live(attach, 0));
    assertThat(RouteSteps.attach(seen(attach, after).sight()))
        .isEqualTo(new Advance(attach.next(Seen.NOW), "shop-r2 is in the routes, at weight 0"));
  }

  @Test
  void routeThatAnotherDriverHasBegunIsTakenByAWrite() throws Patch.Refused {
    Doc other = live(attach.takenOver(6, "other", Seen.NOW), 0);
    assertThat(change(RouteSteps.attach(seen(attach, other).sight())).patch().apply(other))
        .isEqualTo(live(attach, 0));
  }

  @Test
  void candidateThatSomebodyTakesOutAtOnceIsListedAgain() throws Patch.Refused {
    assertThat(RouteSteps.attach(seen(attach, live(attach, -1)).sight())).isInstanceOf(Act.class);
  }

  @Test
  void weightsThatAreNoPartsOfTheTotalSendBack() throws Patch.Refused {
    Doc rule =
        Doc.of(
            "backendRefs",
            List.of(Doc.of("name", "shop", "weight", 7), Doc.of("name", "shop-r2", "weight", 1)));
    Doc odd = live(attach, 0).with(List.of(rule), "spec", "rules");
    back(
        RouteSteps.attach(seen(attach, odd).sight()),
        Cause.DRIFT,
        "HTTPRoute shop: the weights in rule 0 are 7 and 1, not parts of 100");
  }

  @Test
  void routeOrServiceThatIsGoneSendsBack() throws Patch.Refused {
    back(RouteSteps.attach(Seen.at(attach).shop(service()).sight()), Cause.DRIFT, GONE);
    back(
        RouteSteps.attach(Seen.at(attach).route(ROUTE, bare(-1)).sight()),
        Cause.DRIFT,
        "Service shop-r2 is gone");
    Doc anew = live(attach, 0).with("another", "metadata", "uid");
    back(RouteSteps.attach(seen(attach, anew).sight()), Cause.DRIFT, GONE);
  }

  // ---- what the router says

  @Test
  void routerThatHasNotReadTheRouteIsWaitedForAMinute() throws Patch.Refused {
    Doc unread = said(live(attach, 0), "True", 1);
    String why = "HTTPRoute shop, Gateway gateway: its controller has not read generation 2 yet";
    Seen seen = seen(attach, unread);
    assertThat(RouteSteps.attach(seen.sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(Timings.OBSERVE), "waiting for the router: " + why));
    Seen late = seen.after(Timings.OBSERVE);
    back(RouteSteps.attach(late.sight()), Cause.DEADLINE, why);
  }

  @Test
  void routerThatRefusesTheRouteSendsBack() throws Patch.Refused {
    Doc refused = said(live(attach, 0), "False", 2);
    back(
        RouteSteps.attach(seen(attach, refused).sight()),
        Cause.DRIFT,
        "HTTPRoute shop, Gateway gateway: not Accepted, Odd: so it is");
  }

  @Test
  void routerIsHeardBeforeAShareAndBeforeTheEnd() throws Patch.Refused {
    RolloutState shift = Seen.in(RELEASE, Step.Shift.class);
    RolloutState share = shift.noting(RouteSteps.SINCE, "25@" + shift.step() + " " + Seen.NOW);
    Seen early = seen(share, said(live(share, 25), "True", 1)).after(Duration.ofSeconds(20));
    assertThat(RouteSteps.weigh(early.sight(), 25).why()).startsWith("waiting for the router: ");

    RolloutState unweigh = Seen.in(RELEASE, Step.Unweigh.class);
    RolloutState none = unweigh.noting(RouteSteps.SINCE, "0@" + unweigh.step() + " " + Seen.NOW);
    Seen open = seen(none, said(live(none, 0), "True", 1)).after(Duration.ofSeconds(20));
    assertThat(RouteSteps.unweigh(open.sight()).why()).startsWith("waiting for the router: ");
  }

  // ---- chosen users

  @Test
  void chosenUsersGoToTheCandidateByOneWriteAndGoBackByAnother() throws Patch.Refused {
    RolloutState match = Seen.in(RELEASE, Step.MatchUsers.class);
    Doc before = live(match, 0);
    Act act = (Act) RouteSteps.matchUsers(seen(match, before).sight());
    assertThat(act.why()).isEqualTo("chosen users meet the candidate first");
    assertThat(change(act).to()).isEqualTo("requests with " + HEADER + " to shop-r2");
    assertThat(change(act).traffic()).isTrue();
    Doc after = change(act).patch().apply(before);
    assertThat(RouteSteps.matchUsers(seen(match, after).sight()))
        .isEqualTo(
            new Advance(match.next(Seen.NOW), "requests with " + HEADER + " go to the candidate"));

    RolloutState out =
        Seen.in(RELEASE, Step.Detach.class).noting(RouteSteps.SINCE, "out " + Seen.NOW);
    Act unmatch = (Act) RouteSteps.detach(seen(out, after).sight());
    assertThat(unmatch.why()).isEqualTo("chosen users are treated like all others again");
    assertThat(change(unmatch).traffic()).isTrue();
    Doc plain = change(unmatch).patch().apply(after);
    assertThat(plain).isEqualTo(before);
    Act detach = (Act) RouteSteps.detach(seen(out, plain).sight());
    assertThat(change(detach).to()).isEqualTo("as it was before");
  }

  @Test
  void routeThatCannotTellChosenUsersSendsBack() throws Patch.Refused {
    Match cookie = new Match(Match.Part.COOKIE, "canary", "yes");
    RolloutState match = Seen.in(Seen.routed(ROUTE, cookie), Step.MatchUsers.class);
    back(
        RouteSteps.matchUsers(seen(match, live(match, 0)).sight()),
        Cause.REFUSED,
        "HTTPRoute shop cannot tell requests by " + cookie);
    back(RouteSteps.matchUsers(Seen.at(match).sight()), Cause.DRIFT, GONE);
  }

  // ---- out of it

  private static RolloutState backOut() {
    return Seen.back(RELEASE, Step.Watch.class, Step.Detach.class);
  }

  private static RolloutState tried(RolloutState state, int times) {
    RolloutState now = state.noting(RouteSteps.SINCE, "out " + Seen.NOW);
    for (int i = 0; i < times; i++) {
      now = now.tried();
    }
    return now;
  }

  @Test
  void goingBackTheCandidateDrainsFirst() throws Patch.Refused {
    RolloutState out = backOut();
    Seen seen = seen(out, live(out, 0));
    Duration drain = Duration.ofSeconds(37);
    assertThat(RouteSteps.detach(seen.after(drain.minus(MOMENT)).sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(drain), "draining"));
    assertThat(RouteSteps.detach(seen.after(drain).sight()))
        .isEqualTo(
            new Advance(
                out.noting(RouteSteps.SINCE, "out " + Seen.NOW.plus(drain)), "out of the routes"));
  }

  @Test
  void whatHasNoRequestsNeedNotDrain() throws Patch.Refused {
    RolloutState out = backOut();
    assertThat(RouteSteps.detach(seen(out, live(out, -1)).sight()).why())
        .as("only our state is left on it")
        .isEqualTo("out of the routes");
    RolloutState forward = Seen.in(RELEASE, Step.Detach.class);
    assertThat(RouteSteps.detach(seen(forward, live(forward, 0)).sight()).why())
        .as("the target has the same pods")
        .isEqualTo("out of the routes");
  }

  @Test
  void goingBackNoChangeOfSomebodyElsesStopsTheWrite() throws Patch.Refused {
    RolloutState out = tried(backOut(), Timings.REWRITES - 1);
    Duration drained = Duration.ofSeconds(37);
    Doc live = live(out, 0);
    Doc touched = live.with("8", "metadata", "resourceVersion");
    Change change = change(RouteSteps.detach(seen(out, live).after(drained).sight()));
    Doc after = change.patch().apply(touched);
    assertThat(RouteText.state(after)).isEqualTo(Doc.EMPTY);
    assertThat(after.docs("spec", "rules").getFirst().docs("backendRefs"))
        .containsExactly(Doc.of("name", "shop"));
    RolloutState forward = tried(Seen.in(RELEASE, Step.Detach.class), 0);
    Change strict = change(RouteSteps.detach(seen(forward, live(forward, 0)).sight()));
    assertThat(strict.patch().operations()).startsWith(Patch.at("7").operations().getFirst());
  }

  @Test
  void goingBackSomebodyWhoKeepsChangingTheRouteIsLeftToAPerson() throws Patch.Refused {
    RolloutState out = tried(backOut(), Timings.REWRITES);
    assertThat(RouteSteps.detach(seen(out, live(out, 0)).after(Duration.ofMinutes(1)).sight()))
        .isInstanceOfSatisfying(
            Finish.class,
            end -> {
              assertThat(end.outcome().result()).isEqualTo(Result.ROLLED_BACK_PARTLY);
              assertThat(end.why()).isEqualTo("somebody keeps changing HTTPRoute shop");
            });
    RolloutState forward = tried(Seen.in(RELEASE, Step.Detach.class), Timings.REWRITES);
    assertThat(RouteSteps.detach(seen(forward, live(forward, 0)).sight())).isInstanceOf(Act.class);
  }

  @Test
  void routeThatTheReleaseMadeForItselfIsDeleted() throws Patch.Refused {
    Route own = route("");
    RolloutState out =
        tried(Seen.in(Seen.routed(own, HEADER), Step.Detach.class), 0)
            .made("HTTPRoute/shop", "r-uid");
    assertThat(RouteSteps.detach(seen(out, live(out, 0)).sight()))
        .isEqualTo(
            new Act(
                new Action.Remove(new Ref(Routes.HTTP_ROUTE, "web", "shop"), "r-uid"),
                "made for this release only"));
  }

  // ---- its Service

  @Test
  void onlyTheServiceThatTheReleaseMadeGoes() {
    RolloutState state = Seen.in(RELEASE, Step.RemoveService.class);
    assertThat(RouteSteps.removeService(Seen.at(state).shop(service()).sight()))
        .isEqualTo(
            new Act(
                new Action.Remove(new Ref(Kind.SERVICE, "web", "shop-r2"), "v-uid"),
                "made for this release only"));
    Doc going = service().with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp");
    assertThat(RouteSteps.removeService(Seen.at(state).shop(going).sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(Timings.GONE), "shop-r2 is being deleted"));
    Advance gone = new Advance(state.next(Seen.NOW), "Service shop-r2 is gone");
    assertThat(RouteSteps.removeService(Seen.at(state).sight())).isEqualTo(gone);
    Doc foreign = service().without("metadata", "labels");
    assertThat(RouteSteps.removeService(Seen.at(state).shop(foreign).sight())).isEqualTo(gone);
  }
}
