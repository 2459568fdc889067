package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import rollout.document.Recent;
import rollout.plan.Release.Scaler;
import rollout.strategy.Canary;

/** The order of a release: the one list that {@code plan} prints and the run performs. */
public final class Steps {
  /** Every decision asks for the list of the one release that runs, some of them a dozen times. */
  private static final Recent<Release, List<Step>> FORWARD = new Recent<>(2, Steps::listed);

  private Steps() {}

  /** The way forward. */
  public static List<Step> forward(Release release) {
    return FORWARD.of(release);
  }

  private static List<Step> listed(Release release) {
    return switch (release.form()) {
      case COPY -> copy(release);
      case SWAP -> swap(release);
      case INSTALL -> install(release);
      case CONTRACT -> List.of(new Step.Create(), new Step.RunJob(JobRole.MIGRATE));
    };
  }

  private static List<Step> copy(Release release) {
    List<Step> steps = new ArrayList<>(untilBaked(release));
    routesBack(release, steps);
    steps.add(new Step.BeginSettle());
    steps.add(new Step.SettleStable());
    steps.add(new Step.SwitchToStable());
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.RetargetBack(false)));
    steps.add(new Step.Drain());
    steps.add(new Step.RemoveCandidate(false));
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.LowerFloor(false)));
    if (release.routed()) {
      steps.add(new Step.RemoveService(false));
    }
    release.preview().ifPresent(preview -> steps.add(new Step.PreviewBack(false)));
    steps.add(new Step.Free(false));
    return List.copyOf(steps);
  }

  private static List<Step> swap(Release release) {
    List<Step> steps = new ArrayList<>(untilBaked(release));
    routesBack(release, steps);
    steps.add(new Step.BeginSettle());
    steps.add(new Step.Drain());
    release.preview().ifPresent(preview -> steps.add(new Step.PreviewBack(false)));
    steps.add(new Step.Retire());
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.LowerFloor(false)));
    if (release.routed()) {
      steps.add(new Step.RemoveService(false));
    }
    steps.add(new Step.Free(false));
    return List.copyOf(steps);
  }

  private static List<Step> untilBaked(Release release) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Claim());
    steps.add(new Step.Create());
    release.given().ifPresent(route -> steps.add(new Step.CreateRoute()));
    release.migration().ifPresent(job -> steps.add(new Step.RunJob(JobRole.MIGRATE)));
    if (release.stable().pinned()) {
      steps.add(new Step.PauseStable());
    }
    steps.add(new Step.Pin());
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.RaiseFloor()));
    release.database().proof().ifPresent(proof -> prove(proof, steps));
    steps.add(new Step.StartCandidate());
    release.preview().ifPresent(preview -> steps.add(new Step.Preview()));
    release.smoke().ifPresent(job -> steps.add(new Step.RunJob(JobRole.SMOKE)));
    steps.add(new Step.Verify());
    if (release.terms().hold()) {
      steps.add(new Step.Hold());
    }
    release.shifting().ifPresent(shifting -> stages(shifting, steps));
    if (!release.routed()) {
      steps.add(new Step.Switch());
    }
    boolean scaled =
        release.stableScaler().filter(one -> one.sizes() == Scaler.Sizes.SERVING).isPresent();
    if (scaled) {
      steps.add(new Step.Retarget());
    }
    steps.add(new Step.Bake());
    return steps;
  }

  /** Share by share; with routes also the last one, with all. */
  private static void stages(Release.Shifting shifting, List<Step> steps) {
    boolean routed = !shifting.byReplicas();
    if (routed) {
      steps.add(new Step.Attach());
      shifting.match().ifPresent(match -> steps.add(new Step.MatchUsers()));
    }
    List<Canary.Stage> stages = shifting.stages();
    for (int i = 0; i < stages.size(); i++) {
      switch (stages.get(i)) {
        case Canary.Weight weight -> {
          steps.add(new Step.Shift(i, weight.percent()));
          steps.add(new Step.Watch(i, weight.percent()));
        }
        case Canary.Gate() -> steps.add(new Step.Approve(i));
      }
    }
    if (routed) {
      steps.add(new Step.Shift(stages.size(), 100));
    }
  }

  /** First the target selects the candidate too, so that nothing moves when the routes let go. */
  private static void routesBack(Release release, List<Step> steps) {
    if (release.routed()) {
      steps.add(new Step.Switch());
      steps.add(new Step.Unweigh());
      steps.add(new Step.Detach(false));
    }
  }

  private static void prove(Release.Proof proof, List<Step> steps) {
    proof.selfTest().ifPresent(job -> steps.add(new Step.RunJob(JobRole.SELF_TEST)));
    if (proof.freshCopy().isPresent() || !proof.watchStable().isZero()) {
      steps.add(new Step.Prove());
    }
    proof.freshCopy().ifPresent(name -> steps.add(new Step.RemoveFresh(false)));
  }

  private static List<Step> install(Release release) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.Create());
    release.migration().ifPresent(job -> steps.add(new Step.RunJob(JobRole.MIGRATE)));
    steps.add(new Step.StartInstalled());
    steps.add(new Step.Expose());
    release.smoke().ifPresent(job -> steps.add(new Step.RunJob(JobRole.SMOKE)));
    return List.copyOf(steps);
  }

  /** The way back from anywhere before the settling. */
  public static List<Step> back(Release release) {
    if (release.form() == Form.INSTALL) {
      return List.of(new Step.AwaitMigration(), new Step.SaveEvidence(), new Step.Uninstall());
    }
    if (release.form() == Form.CONTRACT) {
      return List.of(new Step.AwaitMigration());
    }
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.TrafficBack());
    if (release.routed()) {
      steps.add(new Step.Detach(true));
    }
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.RetargetBack(true)));
    release.migration().ifPresent(job -> steps.add(new Step.AwaitMigration()));
    release.database().undo().ifPresent(job -> steps.add(new Step.RunJob(JobRole.UNDO)));
    steps.add(new Step.SaveEvidence());
    release.preview().ifPresent(preview -> steps.add(new Step.PreviewBack(true)));
    release.freshCopy().ifPresent(name -> steps.add(new Step.RemoveFresh(true)));
    steps.add(new Step.RemoveCandidate(true));
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.LowerFloor(true)));
    if (release.routed()) {
      steps.add(new Step.RemoveService(true));
    }
    steps.add(new Step.Free(true));
    return List.copyOf(steps);
  }

  /**
   * The way back while a copy settles: the candidate serves until stable has its old template
   * again.
   */
  public static List<Step> backFromSettle(Release release) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.RestoreStable());
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.RetargetBack(true)));
    steps.add(new Step.SaveEvidence());
    release.preview().ifPresent(preview -> steps.add(new Step.PreviewBack(true)));
    steps.add(new Step.RemoveCandidate(true));
    release.stableScaler().ifPresent(scaler -> steps.add(new Step.LowerFloor(true)));
    if (release.routed()) {
      steps.add(new Step.RemoveService(true));
    }
    steps.add(new Step.Free(true));
    return List.copyOf(steps);
  }
}
