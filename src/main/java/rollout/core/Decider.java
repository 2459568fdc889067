package rollout.core;

import java.util.Optional;
import rollout.core.Decision.Finish;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.model.ReplicaSet;
import rollout.plan.Form;
import rollout.plan.Step;

/**
 * The heart: from where a release stands and what one look shows, to what to do next and why. Pure;
 * every answer is one act, or one advance, or a wait, never two of them, so a crash between acting
 * and remembering costs one repeated look.
 */
public final class Decider {
  private Decider() {}

  /** What to do. */
  public static Decision decide(RolloutState state, Observation seen) {
    Sight sight = new Sight(state, seen);
    return Guards.first(sight)
        .orElseGet(
            () ->
                state
                    .current()
                    .map(step -> Pausing.held(sight, () -> perform(step, sight)))
                    .orElseGet(() -> end(sight)));
  }

  /**
   * The decision to go back because the runner cannot go on; empty where there is no way back any
   * more.
   */
  public static Optional<Decision.Advance> giveUp(
      RolloutState state, Observation seen, Cause cause, String reason) {
    return Turning.possible(state)
        ? Optional.of(Turning.back(new Sight(state, seen), cause, reason))
        : Optional.empty();
  }

  /**
   * Where the template of a release that went well can be found again: a ReplicaSet, or the user's
   * own Deployment.
   */
  public static String workload(RolloutState state, Observation seen) {
    Sight sight = new Sight(state, seen);
    return switch (state.release().form()) {
      case COPY, CONTRACT -> sight.currentSetOfStable().map(ReplicaSet::name).orElse("");
      case SWAP -> state.release().candidate().name();
      case INSTALL ->
          seen.replicaSets().stream()
              .filter(set -> set.ownedBy(sight.candidateUid()))
              .findFirst()
              .map(ReplicaSet::name)
              .orElse("");
    };
  }

  private static Decision perform(Step step, Sight sight) {
    return switch (step) {
      case Step.Claim() -> ForwardSteps.claim(sight);
      case Step.Create() -> Making.create(sight);
      case Step.CreateRoute() -> RouteMaking.create(sight);
      case Step.RunJob(var role) -> JobSteps.run(sight, role);
      case Step.Prove() -> ProofSteps.prove(sight);
      case Step.RemoveFresh(var back) -> ProofSteps.removeFresh(sight);
      case Step.PauseStable() -> ForwardSteps.pause(sight);
      case Step.Pin() -> ForwardSteps.pin(sight);
      case Step.RaiseFloor() -> ScalerSteps.raiseFloor(sight);
      case Step.Retarget() -> ScalerSteps.retarget(sight);
      case Step.RetargetBack(var back) -> ScalerSteps.retargetBack(sight);
      case Step.LowerFloor(var back) -> ScalerSteps.lowerFloor(sight);
      case Step.StartCandidate() -> ForwardSteps.start(sight);
      case Step.Preview() -> ForwardSteps.preview(sight);
      case Step.Verify() -> ShiftSteps.verify(sight);
      case Step.Hold() -> ForwardSteps.hold(sight);
      case Step.Attach() -> RouteSteps.attach(sight);
      case Step.MatchUsers() -> RouteSteps.matchUsers(sight);
      case Step.Shift(var stage, var percent) -> CanarySteps.shift(sight, percent);
      case Step.Watch(var stage, var percent) -> Watching.watch(sight, stage);
      case Step.Approve(var stage) -> Watching.approve(sight);
      case Step.Unweigh() -> RouteSteps.unweigh(sight);
      case Step.Detach(var back) -> RouteSteps.detach(sight);
      case Step.RemoveService(var back) -> RouteSteps.removeService(sight);
      case Step.Switch() -> ShiftSteps.switchOver(sight);
      case Step.Bake() -> Watching.bake(sight);
      case Step.BeginSettle() -> SettleSteps.begin(sight);
      case Step.SettleStable() -> SettleSteps.settle(sight);
      case Step.SwitchToStable() -> SettleSteps.switchToStable(sight);
      case Step.Drain() -> SettleSteps.drain(sight);
      case Step.RemoveCandidate(var back) -> BackSteps.removeCandidate(sight);
      case Step.Retire() -> SettleSteps.retire(sight);
      case Step.PreviewBack(var back) -> BackSteps.previewBack(sight);
      case Step.Free(var back) -> BackSteps.free(sight);
      case Step.StartInstalled() -> ForwardSteps.startInstalled(sight);
      case Step.Expose() -> ForwardSteps.expose(sight);
      case Step.Uninstall() -> BackSteps.uninstall(sight);
      case Step.TrafficBack() -> BackSteps.trafficBack(sight);
      case Step.AwaitMigration() -> JobSteps.awaitMigration(sight);
      case Step.SaveEvidence() -> BackSteps.saveEvidence(sight);
      case Step.RestoreStable() -> RestoreSteps.restore(sight);
    };
  }

  private static Decision end(Sight sight) {
    RolloutState state = sight.state();
    return state.course() == Course.FORWARD ? good(sight) : back(sight);
  }

  private static Decision good(Sight sight) {
    RolloutState state = sight.state();
    boolean install = state.release().form() == Form.INSTALL;
    if (state.release().form() == Form.CONTRACT) {
      return contracted(state);
    }
    Result result =
        install ? Result.INSTALLED : state.release().returning() ? Result.RETURNED : Result.DONE;
    String serves =
        state.release().form() == Form.COPY
            ? state.release().stable().name()
            : state.release().candidate().name();
    String traffic =
        "all on " + serves + " (revision " + state.release().revision() + "), observed";
    String says =
        (install ? "installed" : returned(state).orElse("done"))
            + ": traffic of "
            + state.release().target().name()
            + " is "
            + traffic;
    return new Finish(new Outcome(result, state.release().revision(), traffic, says), true, says);
  }

  private static Decision contracted(RolloutState state) {
    String traffic = "all on " + state.release().stable().name() + ", never moved";
    String says =
        "contracted: on the database of "
            + state.release().target().name()
            + " only versions built with migration "
            + state.release().database().after().floor()
            + " or newer can run. Traffic: "
            + traffic;
    return new Finish(
        new Outcome(Result.DONE, state.release().revision(), traffic, says), true, says);
  }

  private static Optional<String> returned(RolloutState state) {
    return state.release().returnsTo().map(number -> "rolled back to revision " + number);
  }

  private static Decision back(Sight sight) {
    RolloutState state = sight.state();
    String reason = state.going().map(GoingBack::reason).orElse("");
    boolean served = state.release().stable().serving();
    boolean moved = state.passed(Step.Pin.class);
    String traffic =
        served
            ? "all on " + state.release().stable().name() + (moved ? ", observed" : ", never moved")
            : "none";
    String why = reason.startsWith("rolled back") ? reason : "rolled back: " + reason;
    String says = why + ". Traffic: " + traffic;
    return new Finish(
        new Outcome(Result.ROLLED_BACK, state.release().revision(), traffic, says), true, says);
  }
}
