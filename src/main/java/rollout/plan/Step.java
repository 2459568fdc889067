package rollout.plan;

import rollout.model.Phase;

/**
 * What a release consists of, in the order that {@link Steps} gives. A step names a wanted end: it
 * is done when a look shows that end, whoever brought it about, so every step may be begun again.
 */
public sealed interface Step {
  /** The part of the release that it belongs to. */
  Phase phase();

  /** A short name, stable across versions: {@code switch}. */
  String id();

  /** The claim on the stable Deployment. */
  record Claim() implements Step {
    @Override
    public Phase phase() {
      return Phase.PREFLIGHT;
    }

    @Override
    public String id() {
      return "claim";
    }
  }

  /** All that carries a spec is created, inert. */
  record Create() implements Step {
    @Override
    public Phase phase() {
      return Phase.PREFLIGHT;
    }

    @Override
    public String id() {
      return "create";
    }
  }

  /** The route of the user's file is made, and its router takes it. */
  record CreateRoute() implements Step {
    @Override
    public Phase phase() {
      return Phase.PREFLIGHT;
    }

    @Override
    public String id() {
      return "create-route";
    }
  }

  /** A Job is let go and runs to its end. */
  record RunJob(JobRole role) implements Step {
    @Override
    public Phase phase() {
      return switch (role) {
        case MIGRATE, SELF_TEST -> Phase.MIGRATE;
        case SMOKE -> Phase.VERIFY;
        case UNDO -> Phase.ROLLBACK;
      };
    }

    @Override
    public String id() {
      return role.word();
    }
  }

  /** The stable Deployment is paused, so that nobody's apply replaces its pods. */
  record PauseStable() implements Step {
    @Override
    public Phase phase() {
      return Phase.DEPLOY;
    }

    @Override
    public String id() {
      return "pause";
    }
  }

  /**
   * The Services keep to the pods that serve now, or are only stamped where no candidate pod could
   * match.
   */
  record Pin() implements Step {
    @Override
    public Phase phase() {
      return Phase.DEPLOY;
    }

    @Override
    public String id() {
      return "pin";
    }
  }

  /** What sizes stable by load takes no pods from it while its traffic leaves. */
  record RaiseFloor() implements Step {
    @Override
    public Phase phase() {
      return Phase.DEPLOY;
    }

    @Override
    public String id() {
      return "raise-floor";
    }
  }

  /** What serves can live, and start, on the new schema. */
  record Prove() implements Step {
    @Override
    public Phase phase() {
      return Phase.MIGRATE;
    }

    @Override
    public String id() {
      return "prove";
    }
  }

  /** The fresh pod of stable goes. */
  record RemoveFresh(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.MIGRATE;
    }

    @Override
    public String id() {
      return "remove-fresh";
    }
  }

  /** The candidate gets as many pods as stable, all ready, none restarted. */
  record StartCandidate() implements Step {
    @Override
    public Phase phase() {
      return Phase.DEPLOY;
    }

    @Override
    public String id() {
      return "start";
    }
  }

  /** The preview Service points at the candidate. */
  record Preview() implements Step {
    @Override
    public Phase phase() {
      return Phase.VERIFY;
    }

    @Override
    public String id() {
      return "preview";
    }
  }

  /** The checks that need no production traffic. */
  record Verify() implements Step {
    @Override
    public Phase phase() {
      return Phase.VERIFY;
    }

    @Override
    public String id() {
      return "verify";
    }
  }

  /** A person says go. */
  record Hold() implements Step {
    @Override
    public Phase phase() {
      return Phase.VERIFY;
    }

    @Override
    public String id() {
      return "hold";
    }
  }

  /** The candidate's own Service stands beside stable's in the routes, at weight 0. */
  record Attach() implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "attach";
    }
  }

  /** The requests of chosen users go to the candidate. */
  record MatchUsers() implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "match";
    }
  }

  /**
   * The candidate gets this share of the requests, and it shows.
   *
   * @param stage its place among the stages; behind the last: all
   */
  record Shift(int stage, int percent) implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "shift-" + percent;
    }
  }

  /** The checks of a share, for its time. */
  record Watch(int stage, int percent) implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "watch-" + percent;
    }
  }

  /** A person says that the next share may come; the checks go on. */
  record Approve(int stage) implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "gate";
    }
  }

  /**
   * The routes name the target alone again for all requests: both Services have the candidate's
   * pods now.
   */
  record Unweigh() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "unweigh";
    }
  }

  /** The candidate's own Service and all that is ours out of the routes. */
  record Detach(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "detach";
    }
  }

  /** The candidate's own Service goes. */
  record RemoveService(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "remove-service";
    }
  }

  /** All traffic to the candidate, observed. */
  record Switch() implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "switch";
    }
  }

  /** What sized stable by load sizes the candidate, which serves. */
  record Retarget() implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "retarget";
    }
  }

  /** The checks go on while the previous version stays warm. */
  record Bake() implements Step {
    @Override
    public Phase phase() {
      return Phase.BAKE;
    }

    @Override
    public String id() {
      return "bake";
    }
  }

  /**
   * The point after which the warm pods leave: everybody who planned to go back must look again.
   */
  record BeginSettle() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "begin-settle";
    }
  }

  /** The stable Deployment takes the new template over. */
  record SettleStable() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "settle";
    }
  }

  /** All traffic to the stable Deployment's new pods, observed. */
  record SwitchToStable() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "switch-to-stable";
    }
  }

  /** What sizes by load sizes stable again. */
  record RetargetBack(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "retarget-back";
    }
  }

  /** Time for what still runs on pods that have lost their traffic. */
  record Drain() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "drain";
    }
  }

  /** The copy goes: scaled to nothing, all pods gone, deleted. */
  record RemoveCandidate(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "remove-candidate";
    }
  }

  /** What sizes by load is as it was before, and no mark of ours is left on it. */
  record LowerFloor(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "lower-floor";
    }
  }

  /** The end of a swap: the previous Deployment goes to zero pods. */
  record Retire() implements Step {
    @Override
    public Phase phase() {
      return Phase.SETTLE;
    }

    @Override
    public String id() {
      return "retire";
    }
  }

  /** The preview Service is as it was before. */
  record PreviewBack(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "preview-back";
    }
  }

  /** The Services have their selectors again, and no mark of ours is left on anything. */
  record Free(boolean back) implements Step {
    @Override
    public Phase phase() {
      return back ? Phase.ROLLBACK : Phase.SETTLE;
    }

    @Override
    public String id() {
      return "free";
    }
  }

  /** A first release: the Deployment gets its pods, all ready. */
  record StartInstalled() implements Step {
    @Override
    public Phase phase() {
      return Phase.DEPLOY;
    }

    @Override
    public String id() {
      return "start";
    }
  }

  /** A first release: the Service, last of all, observed. */
  record Expose() implements Step {
    @Override
    public Phase phase() {
      return Phase.SHIFT;
    }

    @Override
    public String id() {
      return "expose";
    }
  }

  /** A first release that failed: what was made is deleted, Jobs excepted. */
  record Uninstall() implements Step {
    @Override
    public Phase phase() {
      return Phase.ROLLBACK;
    }

    @Override
    public String id() {
      return "uninstall";
    }
  }

  /**
   * Traffic to the pods that served before, in one write a Service that waits for nothing;
   * observed.
   */
  record TrafficBack() implements Step {
    @Override
    public Phase phase() {
      return Phase.ROLLBACK;
    }

    @Override
    public String id() {
      return "traffic-back";
    }
  }

  /** A migration that runs is never killed: its end is awaited. */
  record AwaitMigration() implements Step {
    @Override
    public Phase phase() {
      return Phase.ROLLBACK;
    }

    @Override
    public String id() {
      return "await-migration";
    }
  }

  /** Logs and events of the candidate are told before its pods go. */
  record SaveEvidence() implements Step {
    @Override
    public Phase phase() {
      return Phase.ROLLBACK;
    }

    @Override
    public String id() {
      return "save-evidence";
    }
  }

  /**
   * Going back while settling: the stable Deployment has its old template again, rolled out;
   * traffic follows.
   */
  record RestoreStable() implements Step {
    @Override
    public Phase phase() {
      return Phase.ROLLBACK;
    }

    @Override
    public String id() {
      return "restore";
    }
  }
}
