package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.core.Action.Change;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Match;
import rollout.model.Phase;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** A share by a route: written, waited for, and believed when the requests show it. */
class RouteSharesTests {
  private static final Route ROUTE = Routes.TRAEFIK;
  private static final Release RELEASE =
      Canaries.counted(Seen.routed(ROUTE, new Match(Match.Part.HEADER, "x-canary", "yes")));

  /** What Traefik takes at most. */
  private static final Duration SETTLES = Duration.ofSeconds(10);

  /** The first scrape that counts. */
  private static final Duration SCRAPED = Duration.ofSeconds(7);

  private static final Duration SOON = Duration.ofSeconds(8);
  private static final Duration LAST = SETTLES.plus(Timings.FOLLOW);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final RolloutState shift = Seen.in(RELEASE, Step.Shift.class);
  private final RolloutState written = written(shift, 25);

  private static RolloutState written(RolloutState state, int percent) {
    return state.noting(RouteSteps.SINCE, percent + "@" + state.step() + " " + Seen.NOW);
  }

  /** The route at this share; below 0 without the candidate. */
  private static Doc bare(int percent) {
    List<Doc> services = new ArrayList<>();
    services.add(Doc.of("name", "shop", "weight", 100 - Math.max(0, percent)));
    if (percent >= 0) {
      services.add(Doc.of("name", "shop-r2", "weight", percent));
    }
    return Doc.of(
        "metadata",
        Doc.of("name", "shop", "namespace", "web", "uid", "r-uid", "resourceVersion", "7"),
        "spec",
        Doc.of("weighted", Doc.of("services", services)));
  }

  private static Doc live(RolloutState state, int percent) throws Patch.Refused {
    Doc bare = bare(percent);
    return RouteText.stamped(state, bare, ROUTE, percent).apply(bare);
  }

  private static Decision weigh(RolloutState state, Doc live) {
    return RouteSteps.weigh(Seen.at(state).route(ROUTE, live).sight(), 25);
  }

  /** At 25 %, when so many requests have been counted, so long after the weights were written. */
  private static Decision counted(
      RolloutState state, Duration after, double candidate, double stable) throws Patch.Refused {
    Instant now = Seen.NOW.plus(after);
    Seen seen =
        Seen.at(state)
            .route(ROUTE, live(state, 25))
            .after(after)
            .round(Canaries.requests(Seen.NOW.plus(SCRAPED), now, candidate, stable));
    return RouteSteps.weigh(seen.sight(), 25);
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

  // ---- written

  @Test
  void shareIsWrittenWithWhatTheRouteSaysOfIt() throws Patch.Refused {
    Act act = (Act) weigh(shift, live(shift, 0));
    assertThat(act.why()).isEqualTo("25 % of the requests to the candidate");
    Change change = (Change) act.action();
    assertThat(change.from()).isEqualTo("shop 100 %, shop-r2 0 %");
    assertThat(change.to()).isEqualTo("shop 75 %, shop-r2 25 %");
    assertThat(change.traffic()).isTrue();
    assertThat(change.mustBeFresh()).as("requests move by what was just seen").isTrue();
    assertThat(change.patch().apply(live(shift, 0))).isEqualTo(live(shift, 25));
  }

  @Test
  void shareThatTheRouteDoesNotSayIsWrittenAgain() throws Patch.Refused {
    Doc moved = RouteText.stamped(shift, bare(25), ROUTE, 10).apply(bare(25));
    assertThat(weigh(shift, moved)).isInstanceOf(Act.class);
  }

  @Test
  void timeCountsFromTheLookThatShowsTheWeights() throws Patch.Refused {
    Advance since = (Advance) weigh(shift, live(shift, 25));
    assertThat(since.next()).isEqualTo(written);
    assertThat(since.why()).isEqualTo("the routes say 25 %");
    assertThat(weigh(since.next(), live(shift, 25))).isInstanceOf(Wait.class);
  }

  @Test
  void timeOfAnotherShareDoesNotCount() throws Patch.Refused {
    RolloutState before =
        shift.noting(RouteSteps.SINCE, "10@" + (shift.step() - 2) + " 2026-01-01T11:00:00Z");
    assertThat(((Advance) weigh(before, live(shift, 25))).next()).isEqualTo(written);
  }

  @Test
  void routersTimeRunsFromTheWeightsAndNotFromTheStep() throws Patch.Refused {
    Instant later = Seen.NOW.plusSeconds(20);
    RolloutState state = shift.noting(RouteSteps.SINCE, "25@" + shift.step() + " " + later);
    Seen seen = Seen.at(state).route(ROUTE, live(state, 25)).after(Duration.ofSeconds(25));
    assertThat(RouteSteps.weigh(seen.sight(), 25))
        .isEqualTo(new Wait(later.plus(SETTLES), "waiting until the requests follow"));
  }

  @Test
  void routeThatIsGoneOrAnotherOneSendsBack() throws Patch.Refused {
    String gone = "TraefikService shop was deleted or made anew by somebody else";
    back(RouteSteps.weigh(Seen.at(shift).sight(), 25), Cause.DRIFT, gone);
    Doc anew = live(shift, 25).with("another", "metadata", "uid");
    back(weigh(shift, anew), Cause.DRIFT, gone);
  }

  @Test
  void routeWithoutTheCandidateSendsBackAndSaysWho() throws Patch.Refused {
    back(
        weigh(shift, live(shift, -1)),
        Cause.DRIFT,
        "somebody took shop-r2 out of TraefikService shop");
  }

  // ---- believed

  @Test
  void shareThatTheRequestsShowCountsAtOnce() throws Patch.Refused {
    Advance shifted = (Advance) counted(written, SOON, 250, 750);
    assertThat(shifted.next().step()).isEqualTo(shift.step() + 1);
    Event event = shifted.events().getFirst();
    assertThat(event.type()).isEqualTo(Event.TRAFFIC);
    assertThat(event.phase()).isEqualTo(Phase.SHIFT);
    assertThat(event.message())
        .isEqualTo(
            "25 % of the requests go to shop-r2: observed 25.0 % (22.4 to 27.8) of 1000 requests");
    assertThat(event.fields())
        .isEqualTo(
            Doc.of(
                "requested",
                25,
                "effective",
                25,
                "observed",
                25.0,
                "observedLow",
                22.4,
                "observedHigh",
                27.8,
                "samples",
                1000L));
  }

  @Test
  void shareThatTheRequestsDoNotShowYetIsWaitedFor() throws Patch.Refused {
    assertThat(counted(written, SOON, 50, 950))
        .isEqualTo(new Wait(Seen.NOW.plus(SETTLES), "waiting until the requests follow"));
    for (Duration open : List.of(SETTLES, LAST.minus(MOMENT))) {
      assertThat(counted(written, open, 50, 950))
          .isEqualTo(
              new Wait(
                  Seen.NOW.plus(LAST),
                  "the requests do not follow yet: observed 5.0 % (3.8 to 6.5) of 1000 requests"));
    }
  }

  @Test
  void tooFewRequestsTellNothingSoTheRoutersTimeDecides() throws Patch.Refused {
    assertThat(counted(written, SETTLES.minus(MOMENT), 0, 49)).isInstanceOf(Wait.class);
    Advance shifted = (Advance) counted(written, SETTLES, 0, 49);
    assertThat(shifted.next().step()).isEqualTo(shift.step() + 1);
    assertThat(shifted.events()).singleElement();
  }

  @Test
  void requestsPastTheRouteAreToldOnceAndLowerWhatIsExpected() throws Patch.Refused {
    Advance told = (Advance) counted(written, LAST, 50, 950);
    String says =
        "observed 5.0 % (3.8 to 6.5) of 1000 requests, 25 % asked for: some requests come to shop"
            + " past the route";
    assertThat(told.events())
        .containsExactly(new Event(Event.NOTE, Phase.SHIFT, says, Doc.of("warning", true)));
    assertThat(told.next().step()).isEqualTo(shift.step());
    assertThat(told.next().facts()).containsEntry("through", "0.2");
    Advance shifted = (Advance) counted(told.next(), LAST, 50, 950);
    assertThat(shifted.next().step()).isEqualTo(shift.step() + 1);
    assertThat(shifted.next().course()).isEqualTo(RolloutState.Course.FORWARD);
  }

  @Test
  void shareThatFallsOnceMoreIsNotExplainedAgain() throws Patch.Refused {
    back(
        counted(written.noting("through", "0.8"), LAST, 50, 950),
        Cause.DEADLINE,
        "the requests do not follow the weights: observed 5.0 % (3.8 to 6.5) of 1000 requests, 25 %"
            + " asked for");
  }

  @Test
  void moreThanWasAskedForOrNothingAtAllSendsBack() throws Patch.Refused {
    back(
        counted(written, LAST, 500, 500),
        Cause.DEADLINE,
        "the requests do not follow the weights: observed 50.0 % (46.9 to 53.1) of 1000 requests,"
            + " 25 % asked for");
    back(
        counted(written, LAST, 0, 1000),
        Cause.DEADLINE,
        "the requests do not follow the weights: observed 0.0 % (0.0 to 0.4) of 1000 requests, 25 %"
            + " asked for");
  }

  // ---- at the end

  @Test
  void routeSendsAllToTheTargetAgainWhenBothServicesHaveTheSamePods() throws Patch.Refused {
    RolloutState end = Seen.in(RELEASE, Step.Unweigh.class);
    Act act = (Act) RouteSteps.unweigh(Seen.at(end).route(ROUTE, live(end, 100)).sight());
    assertThat(act.why()).isEqualTo("both Services have the same pods now");
    Change change = (Change) act.action();
    assertThat(change.traffic()).as("the same pods serve as before").isFalse();
    assertThat(change.mustBeFresh()).isFalse();

    RolloutState none = written(end, 0);
    Seen seen = Seen.at(none).route(ROUTE, live(none, 0)).after(SETTLES.minus(MOMENT));
    assertThat(RouteSteps.unweigh(seen.sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(SETTLES), "waiting until the requests follow"));
    Decision done = RouteSteps.unweigh(seen.after(SETTLES).sight());
    assertThat(done)
        .isEqualTo(new Advance(none.next(Seen.NOW.plus(SETTLES)), "the routes send all to shop"));
  }
}
