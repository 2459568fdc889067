package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Marks;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.strategy.Strategy.Limits;

class GuardsTests {
  private final RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);

  private static Optional<String> turned(Decision decision, Course course) {
    return decision instanceof Advance advance && advance.next().course() == course
        ? advance.next().going().map(going -> going.cause() + ": " + going.reason())
        : Optional.empty();
  }

  private static Doc stampedBy(RolloutState other) {
    return Seen.at(other).stamped(Seen.CANDIDATE, "switched");
  }

  @Test
  void aHigherEpochEndsThisDriverWithoutAWrite() {
    Decision decision =
        Seen.at(bake).shop(stampedBy(bake.takenOver(8, "other", Seen.NOW))).decide();
    String says =
        "another driver (epoch 8, going forward) has taken shop over; this one has stopped. See:"
            + " rollout status shop";
    assertThat(decision)
        .isEqualTo(
            new Finish(
                new Outcome(Result.LOST, 2, "as the other driver has it", says), false, says));
  }

  @Test
  void theSameEpochOfAnotherProcessIsForeign() {
    assertThat(Seen.at(bake).shop(stampedBy(bake.takenOver(7, "other", Seen.NOW))).decide())
        .isInstanceOfSatisfying(
            Finish.class, end -> assertThat(end.outcome().result()).isEqualTo(Result.LOST));
  }

  @Test
  void aForeignClaimEndsThisDriverEvenOnTheWayBack() {
    RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.RemoveCandidate.class);
    RolloutState other = back.takenOver(9, "other", Seen.NOW);
    String claim = Writes.claim(other).json();
    Seen seen =
        Seen.at(back).stable(doc -> doc.with(claim, "metadata", "annotations", Marks.CLAIM));
    assertThat(seen.decide())
        .isInstanceOfSatisfying(
            Finish.class, end -> assertThat(end.outcome().result()).isEqualTo(Result.LOST));
  }

  @Test
  void anOlderStampIsRaisedBeforeAnythingElse() {
    RolloutState taken = bake.takenOver(8, "me-too", Seen.NOW);
    Seen seen = Seen.at(bake);
    assertThat(Decider.decide(taken, seen.look()))
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), taken, Seen.SHOP, "switched", Seen.CANDIDATE),
                "taken over: epoch 8"));
    Seen stamped = Seen.at(taken);
    Seen claimLeft =
        stamped.stable(
            doc -> doc.with(Writes.claim(bake).json(), "metadata", "annotations", Marks.CLAIM));
    assertThat(Decider.decide(taken, claimLeft.look()))
        .isEqualTo(
            new Act(
                Writes.claim(claimLeft.stable(), taken, Patch.none(), "claimed", "taken over"),
                "taken over: epoch 8"));
  }

  @Test
  void backNeverTurns() {
    RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class);
    RolloutState taken = bake.takenOver(8, "me-too", Seen.NOW);
    assertThat(
            turned(Decider.decide(taken, Seen.at(bake).shop(stampedBy(back)).look()), Course.BACK))
        .contains("PERSON: the driver before this one had turned back already");
  }

  @Test
  void anEndedContainerTurnsBackFromTheBake() {
    Doc end = Doc.of("name", "app", "state", Doc.of("terminated", Doc.of("exitCode", 1)));
    assertThat(
            turned(
                Seen.at(bake).pods("c-1", pod -> Seen.container(pod, end)).decide(), Course.BACK))
        .contains("HEALTH: container app of pod c-1 ended with exit code 1");
  }

  @Test
  void aPodOfStableThatEndsIsNoReason() {
    Doc end = Doc.of("name", "app", "state", Doc.of("terminated", Doc.of("exitCode", 1)));
    assertThat(Seen.at(bake).pods("s-1", pod -> Seen.container(pod, end)).decide())
        .isInstanceOf(Wait.class);
  }

  @Test
  void anOldRestartOfAUsersOwnDeploymentIsNoReason() {
    RolloutState swapping = Seen.in(Seen.swap(), Step.Bake.class);
    Doc again =
        Doc.of("name", "app", "restartCount", 1, "state", Doc.of("running", Doc.EMPTY))
            .with(
                Doc.of("exitCode", 1, "finishedAt", "2025-12-31T00:00:00Z"),
                "lastState",
                "terminated");
    assertThat(Seen.at(swapping).pods("c-1", pod -> Seen.container(pod, again)).decide())
        .isInstanceOf(Wait.class);
    assertThat(
            turned(
                Seen.at(bake).pods("c-1", pod -> Seen.container(pod, again)).decide(), Course.BACK))
        .as("a copy has no past")
        .isPresent();
  }

  private static Doc by(String manager, Doc service) {
    Doc entry =
        Doc.of(
            "manager",
            manager,
            "time",
            "2026-01-01T11:59:00Z",
            "fieldsV1",
            Doc.of("f:spec", Doc.EMPTY));
    return service
        .with(Seen.ORIGINAL.doc(), "spec", "selector")
        .with(List.of(entry), "metadata", "managedFields");
  }

  @Test
  void aSelectorThatSomebodyChangedTurnsBack() {
    Doc changed = by("kubectl-edit", Seen.at(bake).stamped(Seen.CANDIDATE, "switched"));
    assertThat(turned(Seen.at(bake).shop(changed).decide(), Course.BACK))
        .contains(
            "DRIFT: somebody (kubectl-edit, 2026-01-01T11:59:00Z) changed the selector of Service"
                + " shop to app=shop");
  }

  @Test
  void aToolThatWritesTheSelectorBackIsToldWithWhatStopsIt() {
    Doc changed = by("kustomize-controller", Seen.at(bake).stamped(Seen.CANDIDATE, "switched"));
    assertThat(turned(Seen.at(bake).shop(changed).decide(), Course.BACK).orElseThrow())
        .contains("shop to app=shop. Flux: annotate it with kustomize.toolkit.fluxcd.io/reconcile");

    RolloutState before = Seen.in(Seen.copy(), Step.Verify.class);
    Doc pinned = by("argocd-controller", Seen.at(before).stamped(Seen.STABLE, "pinned"));
    Decision told = Seen.at(before).shop(pinned).decide();
    Decision held =
        Decider.decide(
            ((Advance) told).next(),
            Seen.at(before).shop(pinned.with(Seen.STABLE.doc(), "spec", "selector")).look());
    assertThat(held.why())
        .isEqualTo(
            "held: somebody writes the Service's selector back; stop that first (Argo CD: its"
                + " Application needs ignoreDifferences with jqPathExpressions .spec.selector and"
                + " the sync option RespectIgnoreDifferences=true)");
  }

  @Test
  void whoeverTakesAnUnsettledReleaseOverWritesTheSelectorOnceMore() {
    RolloutState settling = Seen.in(Seen.copy(), Step.Drain.class);
    Doc changed = by("argocd-controller", Seen.at(settling).stamped(Seen.CANDIDATE, "settled"));
    Seen seen = Seen.at(settling).shop(changed);
    assertThat(seen.decide())
        .as("the driver that it happened to")
        .isInstanceOfSatisfying(
            Finish.class, end -> assertThat(end.outcome().result()).isEqualTo(Result.NOT_SETTLED));

    RolloutState taken = settling.takenOver(8, "other", Seen.NOW);
    Advance told = (Advance) Decider.decide(taken, seen.look());
    assertThat(told.events())
        .singleElement()
        .satisfies(event -> assertThat(event.message()).endsWith("; it is put back"));
    assertThat(Decider.decide(told.next(), seen.look()))
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), taken, Seen.SHOP, "settled", Seen.CANDIDATE),
                "the release goes on from where it was"));
  }

  @Test
  void aReplacedServiceWithoutOurStateTurnsBackAndThenToStable() {
    Seen replaced = Seen.at(bake).shop(Seen.at(bake).service(Seen.ORIGINAL));
    Decision decision = replaced.decide();
    assertThat(turned(decision, Course.BACK))
        .contains(
            "DRIFT: somebody took the release's state off Service shop; its selector is app=shop");
    RolloutState back = ((Advance) decision).next();
    assertThat(Decider.decide(back, replaced.look()))
        .isEqualTo(
            new Act(
                Writes.steerBack(replaced.shop("shop"), back, Seen.SHOP, Seen.STABLE),
                "back: somebody took the release's state off Service shop; its selector is"
                    + " app=shop"));
  }

  @Test
  void aSelectorChangedAfterTheSettlingIsLeftToAPerson() {
    RolloutState drain = Seen.in(Seen.copy(), Step.Drain.class);
    Seen seen = Seen.at(drain).shop(Seen.at(drain).service(Seen.ORIGINAL));
    assertThat(seen.decide())
        .isInstanceOfSatisfying(
            Finish.class,
            end -> {
              assertThat(end.outcome().result()).isEqualTo(Result.NOT_SETTLED);
              assertThat(end.ends()).isFalse();
            });
  }

  @Test
  void anUnpausedStableIsPausedAgainAtOnce() {
    Seen seen = Seen.at(bake).stable(doc -> doc.without("spec", "paused"));
    RolloutState answering = bake.noting("pausedAgain", Seen.NOW.toString());
    Advance noted = (Advance) seen.decide();
    assertThat(noted.next()).isEqualTo(answering);
    assertThat(noted.events()).isEmpty();
    assertThat(Decider.decide(answering, seen.look()))
        .isEqualTo(
            new Act(
                Writes.claim(
                    seen.stable(),
                    bake,
                    Patch.none().put(true, "spec", "paused"),
                    "paused: false",
                    "paused: true"),
                "somebody unpaused shop in the midst"));
  }

  @Test
  void whoeverUnpausesStableAllTheTimeIsAnsweredForASecondOutOfTen() {
    RolloutState answering = bake.noting("pausedAgain", Seen.NOW.toString());
    assertThat(unpausedAfter(Duration.ofMillis(999), answering)).isInstanceOf(Act.class);
    assertThat(unpausedAfter(Duration.ofSeconds(1), answering)).isInstanceOf(Wait.class);
    assertThat(unpausedAfter(Duration.ofMillis(9_999), answering)).isInstanceOf(Wait.class);
    assertThat(unpausedAfter(Duration.ofSeconds(10), answering)).isInstanceOf(Advance.class);
    assertThat(unpausedAfter(Duration.ofHours(-1), answering))
        .as("a clock that was set back")
        .isInstanceOf(Advance.class);
  }

  private static Decision unpausedAfter(Duration time, RolloutState state) {
    return Decider.decide(
        state, Seen.at(state).after(time).stable(doc -> doc.without("spec", "paused")).look());
  }

  @Test
  void anotherTemplateWhilePausedIsToldOnceAndTheReleaseGoesOn() {
    Seen seen = Seen.at(bake).stable(doc -> doc.with(Seen.NEW, "spec", "template"));
    Advance told = (Advance) seen.decide();
    assertThat(told.events()).hasSize(1);
    assertThat(told.next().course()).isEqualTo(Course.FORWARD);
    assertThat(Decider.decide(told.next(), seen.look())).isInstanceOf(Wait.class);
  }

  /** Somebody gave stable another template and unpaused it; one pod that served has left. */
  private static Seen replacing(Seen seen) {
    return seen.stable(doc -> doc.with(Seen.NEW, "spec", "template").without("spec", "paused"))
        .fewer(2);
  }

  @Test
  void aTemplateThatReplacesPodsThatServeIsToldAndThenTakenBack() throws Patch.Refused {
    Seen seen = replacing(Seen.at(bake));
    Advance told = (Advance) seen.decide();
    assertThat(told.events()).extracting(Event::type).containsExactly(Event.NOTE);
    assertThat(told.why()).contains("it gets its template back");
    Act act = (Act) Decider.decide(told.next(), seen.look());
    Action.Change change = (Action.Change) act.action();
    assertThat(change.to()).isEqualTo("the template of shop-aaa, paused: false");
    Doc after = change.patch().apply(seen.stable().doc());
    assertThat(new Deployment(after).templateHash())
        .isEqualTo(bake.release().stable().templateHash());
    assertThat(new Deployment(after).paused()).isFalse();
  }

  @Test
  void aStableWhosePodsComeBackIsNotPausedOnTheWay() {
    Seen seen = Seen.at(bake).stable(doc -> doc.without("spec", "paused")).fewer(2);
    assertThat(seen.decide()).isInstanceOf(Wait.class);
  }

  @Test
  void somebodyWhoReplacesThePodsAgainAndAgainSendsBack() {
    RolloutState state = ((Advance) replacing(Seen.at(bake)).decide()).next();
    for (int i = 0; i < Timings.REWRITES; i++) {
      state = state.tried();
    }
    Advance back = (Advance) Decider.decide(state, replacing(Seen.at(bake)).look());
    assertThat(back.next().course()).isEqualTo(Course.BACK);
    assertThat(back.why()).contains("again and again");
  }

  @Test
  void aStableMadeAnewIsHeldAndThenGivenUp() {
    Seen seen = Seen.at(bake).stable(doc -> doc.with("another", "metadata", "uid"));
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofHours(24)),
                "holding: Deployment shop was deleted or made anew by somebody else; traffic stays"
                    + " where pods are ready"));
    assertThat(turned(seen.after(Duration.ofHours(24)).decide(), Course.BACK))
        .contains("DRIFT: Deployment shop was deleted or made anew by somebody else");
  }

  @Test
  void theDeadlineOfTheWholeReleaseTurnsBack() {
    Limits limits = Limits.DEFAULT;
    Release.Terms terms = Seen.terms();
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
                    Optional.of(Duration.ofSeconds(90)),
                    limits.keepFailed()),
                terms.onNoData(),
                terms.onUndecided(),
                false));
    RolloutState state = Seen.in(release, Step.Bake.class);
    assertThat(Seen.at(state).after(Duration.ofSeconds(29)).decide()).isInstanceOf(Wait.class);
    assertThat(turned(Seen.at(state).after(Duration.ofSeconds(30)).decide(), Course.BACK))
        .contains("DEADLINE: past the deadline of the whole release");
  }

  @ParameterizedTest
  @EnumSource(
      value = Interrupt.class,
      names = {"LEAVE", "LEAVE_TERMINATED"})
  void leavesEverythingAsItIs(Interrupt interrupt) {
    Finish end = (Finish) Seen.at(bake).interrupt(interrupt).decide();
    assertThat(end.outcome())
        .isEqualTo(
            new Outcome(
                interrupt == Interrupt.LEAVE ? Result.INTERRUPTED : Result.TERMINATED,
                2,
                "0 endpoints of shop, 3 of shop-r2",
                "interrupted and left as it is, in step bake. Traffic: 0 endpoints of shop, 3 of"
                    + " shop-r2. Go on: rollout resume shop. Go back: rollout rollback shop"));
    assertThat(end.ends()).isFalse();
  }

  @Test
  void anInterruptGoesBackUnlessItSettles() {
    assertThat(turned(Seen.at(bake).interrupt(Interrupt.GO_BACK).decide(), Course.BACK))
        .contains("INTERRUPT: interrupted");
    RolloutState settling = Seen.in(Seen.copy(), Step.SettleStable.class);
    assertThat(Seen.at(settling).interrupt(Interrupt.GO_BACK).decide())
        .isInstanceOfSatisfying(
            Finish.class, end -> assertThat(end.outcome().result()).isEqualTo(Result.NOT_SETTLED));
  }
}
