package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.model.Selector;
import rollout.plan.Release;
import rollout.plan.Release.Contender;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.router.Route;
import rollout.strategy.Strategy.Limits;

/** Which write goes back first, what is left as it is, and what stays until when. */
class WayBackTests {
  private static final Route ROUTE = Routes.TRAEFIK;
  private static final Release ROUTED =
      Seen.routed(ROUTE, new Match(Match.Part.HEADER, "x-canary", "yes"));
  private static final Ref SERVICE = new Ref(Kind.SERVICE, "web", "shop");
  private static final Selector FOREIGN = Seen.ORIGINAL.and("tier", "web");

  private static Doc route(RolloutState state, int percent) throws Patch.Refused {
    Doc services =
        Doc.of(
            "services",
            List.of(
                Doc.of("name", "shop", "weight", 100 - percent),
                Doc.of("name", "shop-r2", "weight", percent)));
    Doc bare =
        Doc.of(
            "metadata",
            Doc.of("name", "shop", "namespace", "web", "uid", "r-uid", "resourceVersion", "7"),
            "spec",
            Doc.of("weighted", services));
    return RouteText.stamped(state, bare, ROUTE, percent).apply(bare);
  }

  private static Ref written(Decision decision) {
    return ((Act) decision).action().object();
  }

  private static Release keeping(Release release) {
    Terms terms = release.terms();
    Limits limits = terms.limits();
    return Seen.with(
        release,
        new Terms(
            false,
            terms.bake(),
            List.of(),
            Optional.empty(),
            new Limits(
                limits.ready(),
                limits.gate(),
                limits.settle(),
                limits.noData(),
                Optional.empty(),
                Duration.ofHours(1)),
            terms.onNoData(),
            terms.onUndecided(),
            false));
  }

  /** As it looks when the traffic is back and the claims say so. */
  private static Seen backed(RolloutState state) {
    Seen seen = Seen.at(state);
    return seen.shop(seen.stamped(Seen.STABLE, "back"));
  }

  // ---- what comes first

  @Test
  void whereRoutesDivideTheRequestsTheyGoBackFirst() throws Patch.Refused {
    RolloutState forward = Seen.in(ROUTED, Step.Watch.class);
    RolloutState state = Seen.back(ROUTED, Step.Watch.class, Step.TrafficBack.class);
    Seen seen =
        Seen.at(state)
            .shop(Seen.at(forward).stamped(Seen.STABLE, "pinned"))
            .route(ROUTE, route(forward, 25));
    assertThat(written(seen.decide())).isEqualTo(ROUTE.ref());
    assertThat(written(seen.route(ROUTE, route(state, 0)).decide())).isEqualTo(SERVICE);
  }

  @Test
  void whereTheServiceSelectsTheCandidateItGoesBackFirst() throws Patch.Refused {
    RolloutState forward = Seen.in(ROUTED, Step.Unweigh.class);
    RolloutState state = Seen.back(ROUTED, Step.Unweigh.class, Step.TrafficBack.class);
    Seen seen =
        Seen.at(state)
            .shop(Seen.at(forward).stamped(Seen.CANDIDATE, "switched"))
            .route(ROUTE, route(forward, 100));
    assertThat(written(seen.decide())).isEqualTo(SERVICE);
    Seen next = seen.shop(seen.stamped(Seen.STABLE, "back"));
    assertThat(written(next.decide())).isEqualTo(ROUTE.ref());
  }

  @Test
  void trafficIsBackOnlyWhenTheRouterHasFollowedToo() throws Patch.Refused {
    RolloutState state = Seen.back(ROUTED, Step.Watch.class, Step.TrafficBack.class);
    Seen seen = backed(state).route(ROUTE, route(state, 0));
    assertThat(seen.decideAfterTwoLooks())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(10), "waiting until the requests follow"));
    assertThat(seen.after(Duration.ofSeconds(10)).decideAfterTwoLooks().why())
        .startsWith("traffic is back, observed");
  }

  @Test
  void serviceThatIsGoneHoldsNothing() {
    Steered admin = new Steered("admin", "a-uid", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    Release both = Seen.with(Seen.copy(), Seen.SHOP, admin);
    RolloutState state = Seen.back(both, Step.Bake.class, Step.TrafficBack.class);
    assertThat(backed(state).decideAfterTwoLooks().why()).startsWith("traffic is back, observed");
  }

  @Test
  void accountSaysHowLongEachPartTook() {
    Instant detected = Seen.NOW;
    Instant decided = detected.plusMillis(1500);
    Instant written = decided.plusMillis(250);
    Instant observed = written.plusMillis(750);
    GoingBack going =
        new GoingBack(
            Cause.HEALTH,
            "it crashed",
            3,
            true,
            detected,
            decided,
            Optional.of(written),
            Optional.of(observed));
    Event event = BackSteps.event(going);
    assertThat(event.message())
        .isEqualTo(
            "it crashed; detected, then decided after 1500 ms, written after 250 ms, observed"
                + " after 750 ms");
  }

  // ---- what was never pinned

  /** Before the pin was noted: what the Service says of itself decides. */
  private static Act taken(String phase, Selector said, Selector live) {
    RolloutState before = Seen.back(Seen.copy(), Step.Pin.class, Step.TrafficBack.class);
    RolloutState state = before.takenOver(8, "other", Seen.NOW);
    Doc service = Seen.at(before).stamped(said, phase).with(live.doc(), "spec", "selector");
    return (Act) Decider.decide(state, Seen.at(before).shop(service).look());
  }

  @Test
  void serviceThatSaysItWasPinnedIsPinnedAgain() {
    for (String phase : List.of("pinned", "back")) {
      assertThat(((Action.Change) taken(phase, Seen.STABLE, FOREIGN).action()).to())
          .isEqualTo(Seen.STABLE.toString());
    }
  }

  @Test
  void serviceThatWasNeverPinnedKeepsWhateverSelectorItHas() {
    Act stamped = taken("back", Seen.ORIGINAL, FOREIGN);
    assertThat(stamped.why()).isEqualTo("nobody may go forward from here any more");
    assertThat(((Action.Change) stamped.action()).to()).isEqualTo(FOREIGN.toString());
    assertThat(((Action.Change) taken("odd", Seen.STABLE, FOREIGN).action()).to())
        .isEqualTo(FOREIGN.toString());
  }

  // ---- the preview

  private static final Selector PEEK = new Selector(Map.of("app", "peek"));

  private static Doc preview(Map<String, String> labels) {
    return Doc.of(
            "metadata",
            Doc.of(
                "name", "peek",
                "namespace", "web",
                "uid", "p-uid",
                "resourceVersion", "40",
                "labels", labels))
        .with(Seen.CANDIDATE.doc(), "spec", "selector");
  }

  @Test
  void previewOfTheUserGetsItsSelectorBack() {
    Release release =
        Seen.with(
            Seen.copy(), Optional.of(new PreviewService("peek", "p-uid", PEEK)), Optional.empty());
    RolloutState back = Seen.back(release, Step.Bake.class, Step.PreviewBack.class);
    RolloutState forward = Seen.in(release, Step.PreviewBack.class);
    for (RolloutState state : List.of(back, forward)) {
      Doc stamped =
          preview(Map.of())
              .with(
                  Map.of(Marks.STATE, Seen.at(state).shop("shop").stateText()),
                  "metadata",
                  "annotations");
      Seen seen = Seen.at(state).shop(stamped);
      assertThat(BackSteps.previewBack(seen.sight()))
          .isEqualTo(
              new Act(
                  Writes.free(seen.shop("peek"), PEEK, state == back),
                  "the preview as it was before"));
    }
  }

  @Test
  void previewOfThisReleaseIsDeleted() {
    Release release =
        Seen.with(Seen.copy(), Optional.of(new PreviewService("peek", "", PEEK)), Optional.empty());
    RolloutState state = Seen.back(release, Step.Bake.class, Step.PreviewBack.class);
    Doc made = preview(Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop"));
    assertThat(BackSteps.previewBack(Seen.at(state).shop(made).sight()))
        .isEqualTo(
            new Act(
                new Action.Remove(new Ref(Kind.SERVICE, "web", "peek"), "p-uid"),
                "made for this release only"));
    Doc going = made.with("2026-01-01T12:00:00Z", "metadata", "deletionTimestamp");
    assertThat(BackSteps.previewBack(Seen.at(state).shop(going).sight()))
        .isEqualTo(new Wait(Seen.NOW.plus(Timings.GONE), "peek is being deleted"));
    assertThat(BackSteps.previewBack(Seen.at(state).shop(preview(Map.of())).sight()).why())
        .as("one of somebody else stays")
        .isEqualTo("the preview is as it was");
  }

  // ---- the candidate

  @Test
  void candidateWithALoadOfItsOwnKeepsItsSizeUnlessItHadNone() {
    Release swap = Seen.with(Seen.swap(), Seen.scaler(Scaler.Sizes.STABLE));
    RolloutState state = Seen.back(swap, Step.Bake.class, Step.RemoveCandidate.class);
    assertThat(BackSteps.removeCandidate(Seen.at(state).sight()).why())
        .isEqualTo("shop-green is sized by its own load");

    RolloutState idle = Seen.back(formerly(swap, 0), Step.Bake.class, Step.RemoveCandidate.class);
    Seen seen = Seen.at(idle);
    assertThat(((Act) BackSteps.removeCandidate(seen.sight())).action())
        .isEqualTo(Writes.scaleBack(seen.candidate(), 0));
  }

  private static Release formerly(Release release, int replicas) {
    Contender candidate = release.candidate();
    return new Release(
        release.namespace(),
        release.revision(),
        release.form(),
        release.returnsTo(),
        release.stable(),
        new Contender(
            candidate.name(),
            candidate.uid(),
            replicas,
            candidate.templateHash(),
            candidate.images()),
        release.services(),
        release.preview(),
        release.database(),
        release.smoke(),
        release.configs(),
        release.shifting(),
        release.scaler(),
        release.terms());
  }

  @Test
  void onlyWhoAsksForTheRollbackEndsTheLookAtAFailedCandidate() {
    RolloutState state =
        Seen.back(keeping(Seen.copy()), Step.Bake.class, Step.RemoveCandidate.class);
    assertThat(backed(state).request("promote", false).decide()).isInstanceOf(Wait.class);
    assertThat(backed(state).request("rollback", false).decide()).isInstanceOf(Act.class);
  }

  @Test
  void failedCandidateWithoutPodsIsNotKept() {
    RolloutState state =
        Seen.back(keeping(Seen.copy()), Step.Bake.class, Step.RemoveCandidate.class);
    Seen none = backed(state).candidate(doc -> doc.with(0, "spec", "replicas")).noPods("c-");
    assertThat(((Act) none.decide()).action()).isInstanceOf(Action.Remove.class);
  }

  @Test
  void podsThatLeaveAfterTheLookHaveTheirGracePeriodOnTopOfIt() {
    Duration grace = Duration.ofSeconds(90);
    RolloutState back =
        Seen.back(keeping(Seen.copy()), Step.Bake.class, Step.RemoveCandidate.class);
    Seen scaled = backed(back).candidate(doc -> doc.with(0, "spec", "replicas"));
    Wait wait = (Wait) BackSteps.removeCandidate(scaled.sight());
    assertThat(wait.until()).isEqualTo(Seen.NOW.plus(grace).plus(Duration.ofHours(1)));

    RolloutState forward = Seen.in(keeping(Seen.copy()), Step.RemoveCandidate.class);
    Seen settled = Seen.at(forward).candidate(doc -> doc.with(0, "spec", "replicas"));
    Wait shorter = (Wait) BackSteps.removeCandidate(settled.sight());
    assertThat(shorter.until()).isEqualTo(Seen.NOW.plus(grace));
  }

  // ---- free

  @Test
  void goingForwardTheServicesAreFreedFirstAndThenStable() {
    RolloutState free = Seen.in(Seen.copy(), Step.Free.class);
    Seen seen = Seen.at(free);
    assertThat(written(BackSteps.free(seen.sight()))).isEqualTo(SERVICE);
    Seen clean = seen.shop(seen.service(Seen.ORIGINAL));
    assertThat(written(BackSteps.free(clean.sight())))
        .isEqualTo(new Ref(Kind.DEPLOYMENT, "web", "shop"));
  }

  @Test
  void swapEndsWithTheSelectorOfTheVersionThatServes() {
    Steered shop = Seen.swap().target();
    RolloutState forward = Seen.in(Seen.swap(), Step.Free.class);
    Seen done = Seen.at(forward);
    assertThat(((Act) BackSteps.free(done.sight())).action())
        .isEqualTo(Writes.free(done.shop("shop"), shop.candidate(), false));

    RolloutState back = Seen.back(Seen.swap(), Step.Bake.class, Step.Free.class);
    Seen undone = Seen.at(back);
    undone.shop(undone.stamped(shop.original(), "back"));
    undone.stable(doc -> doc.without("metadata", "annotations", Marks.CLAIM));
    undone.candidate(doc -> doc.without("metadata", "annotations", Marks.CLAIM));
    assertThat(((Act) BackSteps.free(undone.sight())).action())
        .isEqualTo(Writes.free(undone.shop("shop"), shop.original(), true));
  }
}
