package rollout.core;

import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.model.Deployment;
import rollout.model.Service;
import rollout.plan.Form;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/**
 * Stable is paused again when it has taken the new version over, for as long as its Services keep
 * to the pods of one template. Somebody may unpause it all the same, or be there first; then those
 * pods leave one by one, and a Service that keeps to them would end empty.
 */
final class StableReplaced {
  private StableReplaced() {}

  /** The Services take whatever stable has; empty: they need not. */
  static Optional<Decision> pinnedPodsLeave(Sight sight) {
    boolean settling =
        sight.state().reached(Step.SwitchToStable.class) && !sight.state().reached(Step.Free.class);
    boolean runs =
        sight.stable().map(Deployment::paused).orElse(true)
            || sight.currentSetOfStable().filter(set -> set.hash().equals(hash(sight))).isPresent();
    return settling && !runs
        ? unpinned(sight, says(sight) + ": its pods leave, so the Service takes all that it has")
        : Optional.empty();
  }

  /**
   * Services that keep to the pods of one template get their selector back: the pods of the copy
   * and those of stable are of the same version. Empty: none does.
   */
  static Optional<Decision> unpinned(Sight sight, String why) {
    if (hash(sight).isEmpty() || !sight.state().reached(Step.SwitchToStable.class)) {
      return Optional.empty();
    }
    for (Steered steered : sight.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isPresent() && isPinned(live.get(), steered, sight)) {
        return Optional.of(
            new Act(
                Writes.steer(live.get(), sight.state(), steered, "settled", steered.original()),
                why));
      }
    }
    return Optional.empty();
  }

  /**
   * A Service that has its own selector again, as a driver leaves it that does not settle, sends to
   * the copy too: it leaves the copy once more before the copy's pods end. Empty: it has, or it
   * cannot, since what stable runs is somebody else's.
   */
  static Optional<Decision> leavesTheCopyAgain(Sight sight) {
    boolean copies = sight.release().form() == Form.COPY && !sight.candidatePods().isEmpty();
    boolean ours = sight.stable().filter(one -> beforeTheEnd(sight, one).isEmpty()).isPresent();
    if (!copies || !ours || hash(sight).isEmpty()) {
      return Optional.empty();
    }
    int again = sight.state().steps().indexOf(new Step.SwitchToStable());
    return sight.release().services().stream()
        .filter(one -> sight.service(one).filter(live -> !isPinned(live, one, sight)).isPresent())
        .findFirst()
        .<Decision>map(
            one ->
                new Advance(
                    sight.state().at(again - 1).next(sight.now()),
                    "the Service sends to the copy too, whose pods are to end"));
  }

  private static boolean isPinned(Service live, Steered steered, Sight sight) {
    return live.selector().equals(steered.keptTo(hash(sight)));
  }

  /**
   * Before the switch to stable traffic stays where it is; after it the new template is that
   * person's, and the rest goes on. Empty: nobody replaced it.
   */
  static Optional<Decision> beforeTheEnd(Sight sight, Deployment stable) {
    boolean ours =
        sight
            .candidate()
            .map(live -> SettleSteps.hasTaken(stable, SettleSteps.promoted(sight, live)))
            .orElse(true);
    if (ours) {
      return Optional.empty();
    }
    boolean switched =
        sight.release().services().stream()
            .map(sight::service)
            .flatMap(Optional::stream)
            .anyMatch(live -> live.state().textOrEmpty("phase").equals("settled"));
    return Optional.of(
        switched
            ? Ends.done(sight, says(sight))
            : SettleSteps.unsettled(sight, says(sight) + ", which is not overwritten"));
  }

  private static String hash(Sight sight) {
    return sight.state().facts().getOrDefault(SettleSteps.NEW_HASH, "");
  }

  private static String says(Sight sight) {
    return "somebody gave Deployment " + sight.release().stable().name() + " another template";
  }
}
