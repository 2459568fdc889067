package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Observation.Interrupt;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Marks;
import rollout.model.Match;
import rollout.model.Selector;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** Who is told to end on the way back, what a contract heeds, and what comes after the guards. */
class GuardsEndsTests {
  private static final Doc ENDED =
      Doc.of("name", "app", "state", Doc.of("terminated", Doc.of("exitCode", 1)));

  private static Optional<String> turned(Decision decision) {
    return decision instanceof Advance advance && advance.next().course() != Course.FORWARD
        ? advance.next().going().map(going -> going.cause() + ": " + going.reason())
        : Optional.empty();
  }

  private static Result result(Decision decision) {
    return ((Finish) decision).outcome().result();
  }

  // ---- told to end, going back

  private static RolloutState back(Cause cause, Optional<Instant> observed) {
    RolloutState state = Seen.back(Seen.copy(), Step.Bake.class, Step.RemoveCandidate.class);
    GoingBack going = state.going().orElseThrow();
    return state.going(
        new GoingBack(
            cause,
            going.reason(),
            going.leftAt(),
            going.shifted(),
            going.detected(),
            going.decided(),
            going.written(),
            observed));
  }

  private static Decision told(RolloutState state, Interrupt interrupt, long millis) {
    Seen seen = Seen.at(state);
    seen.shop(seen.stamped(Seen.STABLE, "back"))
        .interrupt(interrupt)
        .after(Duration.ofMillis(millis));
    return seen.decide();
  }

  @Test
  void whoWillBeKilledEndsInGoodOrderWhenTheTrafficIsBack() {
    RolloutState state = back(Cause.HEALTH, Optional.of(Seen.NOW));
    Decision left = told(state, Interrupt.LEAVE_TERMINATED, 0);
    assertThat(result(left)).as("another driver finishes it").isEqualTo(Result.TERMINATED);
    Decision partly = told(state, Interrupt.GO_BACK_TERMINATED, 0);
    assertThat(result(partly)).isEqualTo(Result.ROLLED_BACK_PARTLY);
    assertThat(partly.why()).isEqualTo("told to end");
  }

  @ParameterizedTest
  @EnumSource(
      value = Interrupt.class,
      names = {"GO_BACK", "LEAVE"})
  void whoIsNotKilledGoesBackToTheEnd(Interrupt interrupt) {
    RolloutState state = back(Cause.HEALTH, Optional.of(Seen.NOW));
    assertThat(told(state, interrupt, 0)).isInstanceOf(Act.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Interrupt.class,
      names = {"GO_BACK_TERMINATED", "LEAVE_TERMINATED"})
  void trafficIsBroughtBackWhoeverKills(Interrupt interrupt) {
    RolloutState state = back(Cause.HEALTH, Optional.empty());
    assertThat(told(state, interrupt, 0)).isInstanceOf(Act.class);
  }

  @Test
  void theSignalThatTurnedItBackLeavesEightSecondsForTheRest() {
    RolloutState state = back(Cause.INTERRUPT, Optional.of(Seen.NOW));
    assertThat(told(state, Interrupt.GO_BACK_TERMINATED, 7999)).isInstanceOf(Act.class);
    assertThat(result(told(state, Interrupt.GO_BACK_TERMINATED, 8000)))
        .isEqualTo(Result.ROLLED_BACK_PARTLY);
  }

  @Test
  void whatIsDoneAllTheSameIsDone() {
    RolloutState last = back(Cause.HEALTH, Optional.of(Seen.NOW));
    RolloutState done = last.at(last.steps().size());
    assertThat(result(told(done, Interrupt.GO_BACK_TERMINATED, 0))).isEqualTo(Result.ROLLED_BACK);
  }

  // ---- a contract

  private static Seen contract() {
    RolloutState state =
        Seen.in(Releases.within(Releases.contract(), Duration.ofSeconds(90)), Step.RunJob.class);
    Doc job =
        Doc.of(
            "metadata",
            Doc.of(
                "name",
                Seen.MIGRATION.name(),
                "namespace",
                "web",
                "uid",
                "j-uid",
                "annotations",
                Map.of(Marks.SPEC_HASH, Seen.MIGRATION.specHash())));
    return Seen.at(state).job(job);
  }

  @Test
  void contractHearsAPersonAndItsDeadlineButNothingThatHappensToItsService() {
    Seen seen = contract();
    assertThat(seen.noStable().noService().decide().why()).startsWith("waiting for Job");
    assertThat(turned(seen.after(Duration.ofSeconds(29)).decide())).isEmpty();
    assertThat(turned(seen.after(Duration.ofSeconds(30)).decide()))
        .contains("DEADLINE: past the deadline of the whole release");
    assertThat(turned(contract().interrupt(Interrupt.GO_BACK).decide()))
        .contains("INTERRUPT: interrupted");
    assertThat(result(contract().interrupt(Interrupt.LEAVE).decide()))
        .isEqualTo(Result.INTERRUPTED);
  }

  // ---- the candidate's health

  @Test
  void firstReleaseWhoseContainerEndsGoesBack() {
    RolloutState expose = Seen.in(Seen.install(), Step.Expose.class);
    Seen seen = Seen.at(expose).pods("c-1", pod -> Seen.container(pod, ENDED));
    assertThat(turned(seen.decide()))
        .contains("HEALTH: container app of pod c-1 ended with exit code 1");
  }

  @Test
  void healthOfAUsersOwnCandidateCountsOnlyBetweenItsStartAndTheSettling() {
    for (Class<? extends Step> step : List.of(Step.Pin.class, Step.Drain.class)) {
      RolloutState state = Seen.in(Seen.swap(), step);
      Seen seen = Seen.at(state).pods("c-1", pod -> Seen.container(pod, ENDED));
      assertThat(turned(seen.decide())).as(step.getSimpleName()).isEmpty();
    }
    RolloutState verify = Seen.in(Seen.swap(), Step.Verify.class);
    Seen seen = Seen.at(verify).pods("c-1", pod -> Seen.container(pod, ENDED));
    assertThat(turned(seen.decide())).isPresent();
  }

  // ---- the deadline while settling

  /** Seconds after the look at which the settling began, and whether the deadline ends it. */
  @ParameterizedTest
  @CsvSource({"0, 29, false", "0, 30, true", "30, 40, true", "31, 40, false"})
  void deadlineEndsTheSettlingUnlessItWasTakenOverAfterIt(int begun, int now, boolean ends) {
    Release release = Releases.within(Seen.copy(), Duration.ofSeconds(90));
    RolloutState state =
        Seen.in(release, Step.Drain.class).takenOver(7, "me", Seen.NOW.plusSeconds(begun));
    Decision decision = Seen.at(state).after(Duration.ofSeconds(now)).decide();
    boolean unsettled =
        decision instanceof Finish end && end.outcome().result() == Result.NOT_SETTLED;
    assertThat(unsettled).isEqualTo(ends);
  }

  // ---- behind them

  @Test
  void configsAreRememberedBeforeAnythingElse() {
    RolloutState bake = Seen.in(Releases.reading(Seen.copy(), "flags"), Step.Bake.class);
    Advance remembered = (Advance) Seen.at(bake).decide();
    assertThat(remembered.why()).isEqualTo("remembered as it was");
    assertThat(remembered.next().facts()).containsEntry("config/flags", "");
  }

  @Test
  void pinnedPodsThatSomebodyReplacesGiveTheServiceAllThatStableHas() {
    RolloutState drain = Seen.in(Seen.copy(), Step.Drain.class).noting(SettleSteps.NEW_HASH, "bbb");
    Selector pinned = Seen.ORIGINAL.and(Selector.TEMPLATE_HASH, "bbb");
    Seen seen = Seen.at(drain).stable(doc -> doc.without("spec", "paused"));
    seen.shop(seen.stamped(pinned, "settled"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), drain, Seen.SHOP, "settled", Seen.ORIGINAL),
                "somebody gave Deployment shop another template: its pods leave, so the Service"
                    + " takes all that it has"));
  }

  @Test
  void takeoverStampsTheRoutesToo() throws Patch.Refused {
    Route route = Routes.TRAEFIK;
    RolloutState watch =
        Seen.in(
            Seen.routed(route, new Match(Match.Part.HEADER, "x-canary", "yes")), Step.Watch.class);
    RolloutState taken = watch.takenOver(8, "other", Seen.NOW);
    Doc services =
        Doc.of(
            "services",
            List.of(Doc.of("name", "shop", "weight", 75), Doc.of("name", "shop-r2", "weight", 25)));
    Doc bare =
        Doc.of(
            "metadata",
            Doc.of("name", "shop", "namespace", "web", "uid", "r-uid", "resourceVersion", "7"),
            "spec",
            Doc.of("weighted", services));
    Doc old = RouteText.stamped(watch, bare, route, 25).apply(bare);
    Act act = (Act) Seen.at(taken).route(route, old).decide();
    assertThat(act.why()).isEqualTo("taken over: epoch 8");
    assertThat(((Action.Change) act.action()).patch().apply(old))
        .isEqualTo(RouteText.stamped(taken, bare, route, 25).apply(bare));
  }
}
