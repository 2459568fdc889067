package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Collect;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.strategy.Strategy.Limits;

class BackStepsTests {
  private static RolloutState back(Class<? extends Step> left, Class<? extends Step> step) {
    return Seen.back(Seen.copy(), left, step);
  }

  private static RolloutState unwritten(RolloutState state) {
    RolloutState.GoingBack going = state.going().orElseThrow();
    return state.going(
        new RolloutState.GoingBack(
            going.cause(),
            going.reason(),
            going.leftAt(),
            going.shifted(),
            going.detected(),
            going.decided(),
            Optional.empty(),
            Optional.empty()));
  }

  /** As it looks when the traffic is back and the claims say so. */
  private static Seen backed(RolloutState state) {
    Seen seen = Seen.at(state);
    return seen.shop(seen.stamped(Seen.STABLE, "back"));
  }

  private static void partly(Decision decision, String why) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Finish.class,
            end -> {
              assertThat(end.outcome().result()).isEqualTo(Result.ROLLED_BACK_PARTLY);
              assertThat(end.ends()).isFalse();
              assertThat(end.why()).isEqualTo(why);
            });
  }

  // ---- traffic

  @Test
  void trafficGoesBackFirstWhateverElseIsTheMatter() {
    RolloutState state = unwritten(back(Step.Bake.class, Step.TrafficBack.class));
    RolloutState forward = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen =
        Seen.at(state)
            .shop(Seen.at(forward).stamped(Seen.CANDIDATE, "switched"))
            .watched()
            .noCandidate();
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, Seen.STABLE),
                "back: it crashed"));
  }

  @Test
  void notesWhenTrafficWasWrittenThenTheClaimThenObserves() {
    RolloutState state = unwritten(back(Step.Bake.class, Step.TrafficBack.class));
    RolloutState forward = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen =
        backed(state)
            .stable(
                doc ->
                    doc.with(Writes.claim(forward).json(), "metadata", "annotations", Marks.CLAIM));
    Advance written = (Advance) seen.decide();
    assertThat(written.next().going().flatMap(RolloutState.GoingBack::written)).contains(Seen.NOW);
    assertThat(Decider.decide(written.next(), seen.look()))
        .isEqualTo(
            new Act(
                Writes.claimBack(
                    seen.stable(),
                    state,
                    Patch.none().put(true, "spec", "paused"),
                    "way: forward",
                    "way: back"),
                "nobody may go forward from here any more"));
  }

  @Test
  void tellsTheFourTimesWhenTheEndpointsShowIt() {
    Advance advance =
        (Advance) backed(back(Step.Bake.class, Step.TrafficBack.class)).decideAfterTwoLooks();
    assertThat(advance.why())
        .isEqualTo("traffic is back, observed: 3 endpoints of shop, 0 of shop-r2");
    assertThat(advance.events().getFirst().fields())
        .isEqualTo(
            Doc.of(
                "reason", "it crashed",
                "cause", "health",
                "detectedAt", "2026-01-01T12:00:00Z",
                "decidedAt", "2026-01-01T12:00:00Z",
                "writtenAt", "2026-01-01T12:00:00Z",
                "observedAt", "2026-01-01T12:00:00Z"));
    assertThat(advance.next().step()).isEqualTo(1);
  }

  @Test
  void beforeThePinAServiceIsOnlyStamped() {
    RolloutState state = unwritten(back(Step.Claim.class, Step.TrafficBack.class));
    Seen seen = Seen.at(state);
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, Seen.ORIGINAL),
                "nobody may go forward from here any more"));
  }

  @Test
  void aPinThatWasWrittenButNotYetNotedIsKept() {
    RolloutState state = unwritten(back(Step.Pin.class, Step.TrafficBack.class));
    RolloutState forward = Seen.in(Seen.copy(), Step.Pin.class);
    Seen seen = Seen.at(state).shop(Seen.at(forward).stamped(Seen.STABLE, "pinned"));
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, Seen.STABLE));
  }

  @Test
  void withoutAReadyStableItHoldsAndRaisesStableAndThenSaysSo() {
    RolloutState state = unwritten(back(Step.Bake.class, Step.TrafficBack.class));
    RolloutState forward = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen =
        Seen.at(state)
            .shop(Seen.at(forward).stamped(Seen.CANDIDATE, "switched"))
            .pods("s-", Seen::unready);
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "holding: stable has no ready pod; traffic goes back to it the moment one is"
                    + " ready"));
    partly(
        seen.after(Duration.ofMinutes(11)).decide(),
        "stable has no ready pod to go back to, so traffic stays on shop-r2");
    Seen small = seen.after(Duration.ZERO).stable(doc -> doc.with(0, "spec", "replicas"));
    assertThat(small.decide())
        .isEqualTo(
            new Act(
                Writes.scaleBack(small.stable(), 3),
                "stable must have pods before traffic can go back to it"));
  }

  @Test
  void onePodOfStableIsEnoughToGoBackTo() {
    RolloutState state = unwritten(back(Step.Bake.class, Step.TrafficBack.class));
    RolloutState forward = Seen.in(Seen.copy(), Step.Bake.class);
    Seen seen =
        Seen.at(state)
            .shop(Seen.at(forward).stamped(Seen.CANDIDATE, "switched"))
            .noPods("s-2")
            .noPods("s-3");
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, Seen.STABLE));
  }

  @Test
  void somebodyWhoKeepsWritingTheSelectorIsLeftToAPerson() {
    RolloutState state = back(Step.Bake.class, Step.TrafficBack.class);
    for (int i = 0; i < Timings.REWRITES; i++) {
      state = state.tried();
    }
    Seen seen = backed(state);
    Doc changed = seen.stamped(Seen.STABLE, "back").with(Seen.ORIGINAL.doc(), "spec", "selector");
    partly(seen.shop(changed).decide(), "somebody keeps changing the selector of Service shop");
  }

  @Test
  void trafficThatDoesNotShowIsSaid() {
    Seen seen = backed(back(Step.Bake.class, Step.TrafficBack.class)).endpoints("shop", "c-1");
    partly(
        seen.after(Duration.ofSeconds(61)).decide(),
        "traffic was written back, but the endpoints do not show it: 0 endpoints of shop, 1 of"
            + " shop-r2");
  }

  // ---- the rest

  @Test
  void logsAreSavedTwoSecondsAfterTrafficHasLeft() {
    RolloutState state = back(Step.Bake.class, Step.SaveEvidence.class);
    assertThat(backed(state).decide())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(2), "the proxies follow the endpoints"));
    assertThat(backed(state).after(Duration.ofSeconds(2)).decide())
        .isEqualTo(
            new Collect(state.next(Seen.NOW.plusSeconds(2)), "what the candidate had to say"));
    RolloutState early = back(Step.StartCandidate.class, Step.SaveEvidence.class);
    assertThat(backed(early).decide()).as("no user has met it").isInstanceOf(Collect.class);
  }

  @Test
  void theCandidateLosesItsPodsThenAFreshListThenItsObject() {
    RolloutState state = back(Step.Bake.class, Step.RemoveCandidate.class);
    Seen seen = backed(state);
    assertThat(seen.decide())
        .isEqualTo(
            new Act(Writes.scaleBack(seen.candidate(), 0), "its pods have lost their traffic"));
    Seen scaled = seen.candidate(doc -> doc.with(0, "spec", "replicas"));
    assertThat(scaled.decide())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(90), "3 pods of shop-r2 are still there"));
    Seen gone = scaled.noPods("c-");
    assertThat(gone.watched().decide())
        .isEqualTo(new Wait(Seen.NOW, true, "a fresh list must show no pod of shop-r2"));
    Seen fresh = backed(state).candidate(doc -> doc.with(0, "spec", "replicas")).noPods("c-");
    assertThat(fresh.decide())
        .isEqualTo(
            new Act(
                new Action.Remove(new Ref(Kind.DEPLOYMENT, "web", "shop-r2"), "c-uid"),
                "the candidate is not wanted"));
    assertThat(fresh.noCandidate().decide().why()).isEqualTo("no candidate is left");
  }

  @Test
  void podsThatDoNotEndLeaveTheServicePinned() {
    RolloutState state = back(Step.Bake.class, Step.RemoveCandidate.class);
    Seen seen =
        backed(state)
            .candidate(doc -> doc.with(0, "spec", "replicas"))
            .after(Duration.ofSeconds(91));
    partly(seen.decide(), "3 pods of shop-r2 are still there, long after their grace period");
  }

  @Test
  void aCopyThatNobodyRememberedIsKnownByItsMarks() {
    RolloutState state = back(Step.Create.class, Step.RemoveCandidate.class);
    Doc forgotten =
        Seen.deployment("shop-r2", "x-uid", 0, Seen.NEW)
            .with(
                Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop", Marks.REVISION, "2"),
                "metadata",
                "labels");
    assertThat(((Act) backed(state).candidate(forgotten).decide()).action())
        .isEqualTo(new Action.Remove(new Ref(Kind.DEPLOYMENT, "web", "shop-r2"), "x-uid"));
    Doc foreign = forgotten.with("1", "metadata", "labels", Marks.REVISION);
    assertThat(backed(state).candidate(foreign).decide().why()).isEqualTo("no candidate is left");
  }

  @Test
  void aFailedCandidateIsKeptForALookUntilSomebodyAsks() {
    Release.Terms terms = Seen.terms();
    Limits limits = terms.limits();
    Release release =
        Seen.with(
            Seen.copy(),
            new Release.Terms(
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
    RolloutState state = Seen.back(release, Step.Bake.class, Step.RemoveCandidate.class);
    assertThat(backed(state).decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofHours(1)),
                "the failed candidate is kept for a look: shop-r2"));
    assertThat(backed(state).interrupt(Observation.Interrupt.LEAVE).decide())
        .isInstanceOf(Act.class);
    assertThat(backed(state).after(Duration.ofHours(1)).decide()).isInstanceOf(Act.class);
  }

  @Test
  void aSwapGivesTheCandidateItsFormerSizeAndTakesTheClaimOff() {
    RolloutState state = Seen.back(Seen.swap(), Step.Bake.class, Step.RemoveCandidate.class);
    Seen seen = Seen.at(state);
    assertThat(((Act) seen.decide()).action()).isEqualTo(Writes.scaleBack(seen.candidate(), 1));
    Seen shrinking = seen.candidate(doc -> doc.with(1, "spec", "replicas"));
    assertThat(shrinking.decide())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(90), "3 pods of shop-green are still there"));
    assertThat(shrinking.noPods("c-2").noPods("c-3").decide().why())
        .isEqualTo("shop-green has its former size");

    RolloutState free = Seen.back(Seen.swap(), Step.Bake.class, Step.Free.class);
    Seen last = Seen.at(free);
    last.shop(last.stamped(free.release().target().original(), "back"));
    assertThat(((Act) last.decide()).action())
        .isEqualTo(Writes.unclaim(last.stable(), Patch.none(), true, "claimed", "free"));
    Seen half = last.stable(doc -> doc.without("metadata", "annotations", Marks.CLAIM));
    assertThat(((Act) half.decide()).action())
        .isEqualTo(Writes.unclaim(half.candidate(), Patch.none(), true, "claimed", "free"));
  }

  // ---- free

  @Test
  void stableIsFreedBetweenTheSelectorAndTheState() {
    RolloutState state = back(Step.Bake.class, Step.Free.class);
    Seen pinned = backed(state);
    assertThat(((Act) pinned.decide()).action())
        .isEqualTo(Writes.steerBack(pinned.shop("shop"), state, Seen.SHOP, Seen.ORIGINAL));
    Seen original = pinned.shop(pinned.stamped(Seen.ORIGINAL, "back"));
    assertThat(((Act) original.decide()).action())
        .isEqualTo(
            Writes.unclaim(
                original.stable(),
                Patch.none().remove("spec", "paused"),
                true,
                "paused, claimed",
                "free"));
    Seen free =
        original.stable(
            doc -> doc.without("metadata", "annotations", Marks.CLAIM).without("spec", "paused"));
    assertThat(((Act) free.decide()).action())
        .isEqualTo(Writes.free(free.shop("shop"), Seen.ORIGINAL, true));
    assertThat(free.shop(free.service(Seen.ORIGINAL)).decide())
        .isEqualTo(new Advance(state.next(Seen.NOW), "nothing of the release remains"));
  }

  @Test
  void aPinWithoutOurStateIsTakenOffAllTheSame() {
    RolloutState state = back(Step.Bake.class, Step.Free.class);
    Seen seen = backed(state);
    seen.shop(seen.service(Seen.STABLE));
    assertThat(((Act) seen.decide()).action())
        .isEqualTo(Writes.steerBack(seen.shop("shop"), state, Seen.SHOP, Seen.ORIGINAL));
    RolloutState forward =
        Seen.in(Seen.copy(), Step.Free.class).noting(SettleSteps.NEW_HASH, "bbb");
    Seen settled = Seen.at(forward);
    settled.shop(settled.service(Seen.ORIGINAL.and("pod-template-hash", "bbb")));
    assertThat(((Act) settled.decide()).action())
        .isEqualTo(Writes.free(settled.shop("shop"), Seen.ORIGINAL, false));
  }

  @Test
  void aSelectorThatIsSomebodysOwnStays() {
    RolloutState state = back(Step.Bake.class, Step.Free.class);
    Seen seen = backed(state).stable(doc -> doc.without("metadata", "annotations", Marks.CLAIM));
    seen.shop(seen.service(Seen.ORIGINAL.and("tier", "web")));
    assertThat(seen.decide().why()).isEqualTo("nothing of the release remains");
  }

  @Test
  void aStableWithSomebodysTemplateStaysPaused() {
    RolloutState state = back(Step.Bake.class, Step.Free.class);
    Seen seen = backed(state).stable(doc -> doc.with(Seen.NEW, "spec", "template"));
    seen.shop(seen.stamped(Seen.ORIGINAL, "back"));
    partly(
        seen.decide(),
        "somebody gave Deployment shop another template meanwhile, perhaps the bad version; it"
            + " stays paused. Look at it, then: kubectl rollout undo or resume deployment/shop");
  }

  // ---- first release

  @Test
  void aFirstReleaseThatFailedTakesAwayWhatItMade() {
    RolloutState state = Seen.back(Seen.install(), Step.Expose.class, Step.Uninstall.class);
    Seen seen = Seen.at(state);
    Doc made =
        seen.service(Seen.ORIGINAL)
            .with(
                Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop"),
                "metadata",
                "labels");
    assertThat(((Act) seen.shop(made).decide()).action())
        .isEqualTo(new Action.Remove(new Ref(Kind.SERVICE, "web", "shop"), "s-uid"));
    assertThat(((Act) seen.noService().decide()).action())
        .isEqualTo(new Action.Remove(new Ref(Kind.DEPLOYMENT, "web", "shop"), "c-uid"));
    Advance done = (Advance) seen.noCandidate().decide();
    Finish end = (Finish) Decider.decide(done.next(), seen.look());
    assertThat(end.outcome())
        .isEqualTo(
            new Outcome(Result.ROLLED_BACK, 1, "none", "rolled back: it crashed. Traffic: none"));
  }

  @Test
  void aServiceThatWasThereBeforeAFirstReleaseStays() {
    RolloutState state = Seen.back(Seen.install(), Step.Expose.class, Step.Uninstall.class);
    Seen seen = Seen.at(state);
    assertThat(((Act) seen.shop(seen.service(Seen.ORIGINAL)).decide()).action().object().kind())
        .isEqualTo(Kind.DEPLOYMENT);
  }
}
