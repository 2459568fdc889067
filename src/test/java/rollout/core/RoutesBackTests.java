package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.MetricRound;
import rollout.plan.Release;
import rollout.plan.Release.Shifting;
import rollout.plan.Step;
import rollout.router.Route;

/** The way back of what a route says: written at once, then seen, at the router and in metrics. */
class RoutesBackTests {
  private static final Route ROUTE = Routes.http("entry", "r-uid", Optional.empty());
  private static final Release CHOSEN = Seen.routed(ROUTE, SteeredRoute.HEADER);
  private static final RolloutState FORWARD = Seen.in(CHOSEN, Step.Watch.class);
  private static final RolloutState BACK = back(CHOSEN);

  private static RolloutState back(Release release) {
    return Seen.back(release, Step.Watch.class, Step.TrafficBack.class);
  }

  /** Of these requests no user is chosen by what they say. */
  private static Release byWeightAlone() {
    Shifting shifting = CHOSEN.shifting().orElseThrow();
    return Seen.with(
        CHOSEN,
        new Shifting(shifting.stages(), shifting.routes(), Optional.empty(), shifting.given()));
  }

  /** A route with these backends, which its router has not read yet. */
  private static Doc route(Doc... backends) {
    return Doc.of(
        "metadata",
        Doc.of("name", "entry", "namespace", "web", "uid", "r-uid", "generation", 3),
        "spec",
        Doc.of(
            "parentRefs",
            List.of(Doc.of("name", "gateway")),
            "rules",
            List.of(Doc.of("backendRefs", List.of(backends)))));
  }

  private static Doc divided(int candidate) {
    return route(
        Doc.of("name", "shop", "weight", 100 - candidate),
        Doc.of("name", "shop-r2", "weight", candidate));
  }

  private static Doc undivided() {
    return route(Doc.of("name", "shop", "weight", 1));
  }

  private static Doc stamped(Doc live, RolloutState by, int percent) {
    return applied(RouteText.stamped(by, live, ROUTE, percent), live);
  }

  private static Doc applied(Patch patch, Doc live) {
    try {
      return patch.apply(live);
    } catch (Patch.Refused e) {
      throw new AssertionError(e);
    }
  }

  /** What the router says of the generation that is there. */
  private static Doc said(Doc live, String status) {
    Doc condition =
        Doc.of("status", status, "observedGeneration", 3, "reason", "Rules", "message", "two");
    List<Doc> both =
        List.of(condition.with("Accepted", "type"), condition.with("ResolvedRefs", "type"));
    Doc parent = Doc.of("parentRef", Doc.of("name", "gateway"), "conditions", both);
    return live.with(List.of(parent), "status", "parents");
  }

  private static Optional<Decision> written(RolloutState state, Doc live) {
    return RoutesBack.write(Seen.at(state).route(ROUTE, live).sight());
  }

  private static Seen seen(RolloutState state, Doc live, long seconds) {
    return Seen.at(state).route(ROUTE, live).after(Duration.ofSeconds(seconds));
  }

  private static Optional<Decision> observed(RolloutState state, Doc live, long seconds) {
    return RoutesBack.observe(seen(state, live, seconds).sight());
  }

  private static Action.Change change(Optional<Decision> decision) {
    return (Action.Change) ((Act) decision.orElseThrow()).action();
  }

  // ---- what is written

  @Test
  void allRequestsGoToStableInOneWriteThatIsStamped() {
    Doc live = stamped(divided(25), FORWARD, 25);
    Optional<Decision> decision = written(BACK, live);
    assertThat(decision.map(Decision::why)).contains("back: it crashed");
    assertThat(change(decision).from()).isEqualTo("shop 75 %, shop-r2 25 %");
    assertThat(change(decision).to()).isEqualTo("shop 100 %, shop-r2 0 %");
    assertThat(change(decision).traffic()).isTrue();

    Doc after = applied(change(decision).patch(), live);
    assertThat(after.doc("spec")).isEqualTo(divided(0).doc("spec"));
    assertThat(RouteText.percent(after)).isZero();
    assertThat(written(BACK, after)).as("nothing is left to write").isEmpty();
  }

  @Test
  void aRouteThatSendsNothingToTheCandidateIsStampedAlone() {
    Doc zero = stamped(divided(0), FORWARD, 0);
    for (Doc live : List.of(zero, stamped(undivided(), FORWARD, 0), undivided())) {
      Optional<Decision> decision = written(BACK, live);
      assertThat(decision.map(Decision::why)).contains("nobody may go forward from here any more");
      assertThat(change(decision).to()).isEqualTo("way: back");
      assertThat(change(decision).traffic()).isFalse();
      Doc after = applied(change(decision).patch(), live);
      assertThat(after.doc("spec")).isEqualTo(live.doc("spec"));
      assertThat(written(BACK, after)).isEmpty();
    }
    assertThat(change(written(BACK, zero)).from()).isEqualTo("shop 100 %, shop-r2 0 %");
    assertThat(change(written(BACK, undivided())).from()).as("no numbers there").isEmpty();
  }

  @Test
  void aRouteThatIsGoneHasNothingToSay() {
    assertThat(RoutesBack.write(Seen.at(BACK).sight())).isEmpty();
    assertThat(RoutesBack.observe(Seen.at(BACK).sight())).isEmpty();
    Doc other = divided(25).with("new-uid", "metadata", "uid");
    assertThat(written(BACK, other)).as("made anew by somebody").isEmpty();
  }

  @Test
  void whoeverKeepsWritingTheSharesBackIsNamedAfterFiveTries() {
    Doc again = stamped(divided(25), BACK, 0);
    RolloutState four = tried(4);
    assertThat(written(four, again).orElseThrow()).isInstanceOf(Act.class);
    assertThat(written(tried(5), again).orElseThrow())
        .isInstanceOfSatisfying(
            Finish.class,
            end ->
                assertThat(end.why())
                    .startsWith("somebody changed the weights of HTTPRoute entry to shop 75 %")
                    .endsWith(", again and again"));
    assertThat(written(tried(5), stamped(divided(25), FORWARD, 25)).orElseThrow())
        .as("the first write is made in any case")
        .isInstanceOf(Act.class);
  }

  private static RolloutState tried(int times) {
    Tallies tallies = Tallies.NONE;
    for (int i = 0; i < times; i++) {
      tallies = tallies.triedOnce();
    }
    return BACK.counting(tallies);
  }

  // ---- what is seen

  @Test
  void aRouteWithoutTheCandidateIsNotWaitedFor() {
    assertThat(observed(BACK, undivided(), 0)).isEmpty();
  }

  @Test
  void theRouterIsWaitedForAMinuteAndWhatItSaysIsTold() {
    assertThat(observed(BACK, divided(0), 59))
        .contains(
            new Wait(
                Seen.NOW.plusSeconds(60),
                "waiting for the router: HTTPRoute entry: no controller has said anything for"
                    + " Gateway gateway"));
    Decision late = observed(BACK, said(divided(0), "False"), 60).orElseThrow();
    assertThat(late).isInstanceOf(Finish.class);
    assertThat(late.why())
        .isEqualTo(
            "the router has not followed: HTTPRoute entry, Gateway gateway: not Accepted,"
                + " Rules: two");
  }

  @Test
  void theRequestsAreGivenTimeToFollowARouterThatHasReadIt() {
    Doc read = said(divided(0), "True");
    assertThat(observed(BACK, read, 14))
        .contains(new Wait(Seen.NOW.plusSeconds(15), "waiting until the requests follow"));
    assertThat(observed(BACK, read, 15)).isEmpty();
  }

  @Test
  void theTimeBeginsWithTheWriteButNotBeforeTheOneWhoJudgesIt() {
    Doc read = said(divided(0), "True");
    assertThat(observed(writtenAt(10), read, 15))
        .contains(new Wait(Seen.NOW.plusSeconds(25), "waiting until the requests follow"));
    assertThat(observed(writtenAt(-60), read, 14))
        .contains(new Wait(Seen.NOW.plusSeconds(15), "waiting until the requests follow"));
  }

  private static RolloutState writtenAt(long seconds) {
    GoingBack going = BACK.going().orElseThrow();
    return BACK.going(going.writtenAt(Seen.NOW.plusSeconds(seconds)));
  }

  // ---- what metrics tell

  private static final RolloutState PROVEN = back(Seen.counted(byWeightAlone(), Scraped.NAMES));

  private static Optional<Decision> told(RolloutState state, long seconds, double requests) {
    MetricRound round =
        answers()
            .with("share/candidate", series("g-1", "", 4, 10, 100, 100 + requests))
            .with("share/stable", series("s-1", "", 4, 10, 0, 90))
            .round();
    return RoutesBack.observe(seen(state, said(divided(0), "True"), seconds).round(round).sight());
  }

  @Test
  void metricsAreWaitedForWhereTheyCouldTell() {
    Doc read = said(divided(0), "True");
    assertThat(observed(PROVEN, read, 49))
        .contains(
            new Wait(
                Seen.NOW.plusSeconds(50), "waiting for metrics to show that the requests follow"));
    assertThat(observed(PROVEN, read, 50)).isEmpty();
    assertThat(observed(back(byWeightAlone()), read, 15)).as("no names").isEmpty();
  }

  @Test
  void aCandidateWithoutRequestsIsProof() {
    assertThat(told(PROVEN, 20, 0)).isEmpty();
  }

  @Test
  void aCandidateThatStillGetsRequestsKeepsItsPods() {
    String says = "observed 10.0 % (5.5 to 17.4) of 100 requests";
    assertThat(told(PROVEN, 104, 10))
        .contains(new Wait(Seen.NOW.plusSeconds(105), "the requests do not follow yet: " + says));
    Decision late = told(PROVEN, 105, 10).orElseThrow();
    assertThat(late).isInstanceOf(Finish.class);
    assertThat(late.why())
        .isEqualTo(
            "the weights say 0 %, but the router still sends requests to shop-r2 ("
                + says
                + "), so its pods stay");
  }

  @Test
  void chosenUsersMayStillAskForTheCandidate() {
    RolloutState chosen = back(Seen.counted(CHOSEN, Scraped.NAMES));
    assertThat(told(chosen, 20, 10)).isEmpty();
  }
}
