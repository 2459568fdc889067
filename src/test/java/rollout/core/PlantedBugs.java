package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Service;
import rollout.plan.JobRole;
import rollout.plan.Release.Steered;
import rollout.plan.Step;
import rollout.strategy.Strategy.OnMissing;

/** The engine with one mistake each, as somebody could make it: what the simulation must find. */
public enum PlantedBugs {
  /** Traffic goes to the candidate before its pods are ready. */
  I1_SWITCHES_BEFORE_READY {
    @Override
    Decision wrong(Sight sight, Decision right) {
      if (in(sight, Step.StartCandidate.class) && right instanceof Wait) {
        return new Advance(sight.state().at(indexOf(sight, Step.Switch.class)), "ready enough");
      }
      if (in(sight, Step.Switch.class) && !(right instanceof Act)) {
        return moved(sight, "switched").orElse(right);
      }
      return right;
    }
  },
  /** Exit 0 because the write was answered; nobody looked at the endpoints, nor at the rest. */
  I2_DONE_UNOBSERVED {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return in(sight, Step.Bake.class) ? finished(Result.DONE, "the Service says so") : right;
    }
  },
  /** What the slices show once is believed, though they may come from an old cache. */
  I2_BELIEVES_ONE_LOOK {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return right instanceof Advance advance
              && advance.next().tallies().looks() > sight.state().tallies().looks()
          ? Decider.decide(
              advance
                  .next()
                  .counting(sight.state().tallies().seen(sight.now().minus(Duration.ofMinutes(1)))),
              asIfRead(sight.seen()))
          : right;
    }

    private Observation asIfRead(Observation seen) {
      return new Observation(
          seen.now(),
          true,
          seen.services(),
          seen.stable(),
          seen.candidate(),
          seen.freshCopy(),
          seen.replicaSets(),
          seen.pods(),
          seen.endpoints(),
          seen.jobs(),
          seen.jobEvents(),
          seen.configs(),
          seen.secrets(),
          seen.routes(),
          seen.scaler(),
          seen.round(),
          seen.request(),
          seen.interrupt(),
          seen.materials());
    }
  },
  /** The candidate starts while the migration runs. */
  I3_CANDIDATE_BEFORE_MIGRATION {
    @Override
    Decision wrong(Sight sight, Decision right) {
      boolean migrates =
          sight.state().current().filter(new Step.RunJob(JobRole.MIGRATE)::equals).isPresent();
      return migrates && right instanceof Wait
          ? new Advance(sight.state().next(sight.now()), "it will be done in time")
          : right;
    }
  },
  /** Stable is scaled down as soon as it has lost its traffic. */
  I4_STABLE_LEAVES_EARLY {
    @Override
    Decision wrong(Sight sight, Decision right) {
      Optional<Deployment> stable = sight.stable();
      return in(sight, Step.Bake.class) && stable.isPresent() && stable.get().replicas() > 1
          ? new Act(Writes.scale(stable.get(), 1), "saves money")
          : right;
    }
  },
  /** What sizes stable may take its pods while it is idle. */
  I4_LETS_STABLE_BE_SHRUNK {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return in(sight, Step.RaiseFloor.class)
          ? new Advance(sight.state().next(sight.now()), "it will not shrink")
          : right;
    }
  },
  /** Whoever has lost the target takes it again. */
  I5_FIGHTS_FOR_THE_TARGET {
    @Override
    Decision wrong(Sight sight, Decision right) {
      boolean lost =
          right instanceof Finish(Outcome outcome, boolean ends, String why)
              && outcome.result() == Result.LOST;
      return lost ? moved(sight, "switched").orElse(right) : right;
    }
  },
  /** Who resumes believes that the step in progress is done. */
  I6_RESUMES_ONE_STEP_TOO_FAR {
    @Override
    Decision wrong(Sight sight, Decision right) {
      RolloutState state = sight.state();
      boolean resumed =
          state.epoch() == 2
              && state.course() == Course.FORWARD
              && !state.reached(Step.BeginSettle.class)
              && !state.facts().containsKey("skipped");
      return resumed
          ? new Advance(state.next(sight.now()).noting("skipped", "yes"), "it was nearly done")
          : right;
    }
  },
  /** No numbers are good numbers. */
  I7_NO_DATA_PASSES {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return Decider.decide(Optimist.of(sight.state()), sight.seen());
    }
  },
  /** The way back waits until all of the candidate's pods are well. */
  I8_WAITS_FOR_THE_CANDIDATE {
    @Override
    Decision wrong(Sight sight, Decision right) {
      boolean whole = sight.candidateReady().size() >= sight.release().stable().replicas();
      return in(sight, Step.TrafficBack.class) && right instanceof Act && !whole
          ? new Wait(sight.now().plusSeconds(5), "waiting for the candidate")
          : right;
    }
  },
  /** A migration that has ended is made again, to be sure. */
  I9_MIGRATES_TWICE {
    @Override
    Decision wrong(Sight sight, Decision right) {
      String again = "again";
      return in(sight, Step.PauseStable.class) && !sight.state().facts().containsKey(again)
          ? sight.seen().jobs().values().stream()
              .findFirst()
              .<Decision>map(
                  job ->
                      sight.state().tallies().tried() == 0
                          ? new Act(
                              new Action.Make(Kind.JOB, once(job.doc()), "again"), "to be sure")
                          : new Advance(sight.state().noting(again, "yes"), "made again"))
              .orElse(right)
          : right;
    }

    private Doc once(Doc job) {
      return Doc.of(
          "apiVersion",
          "batch/v1",
          "kind",
          "Job",
          "metadata",
          Doc.of(
              "name",
              job.textOrEmpty("metadata", "name") + "-again",
              "namespace",
              job.textOrEmpty("metadata", "namespace"),
              "labels",
              job.texts("metadata", "labels")),
          "spec",
          Doc.of(
              "backoffLimit",
              0,
              "template",
              job.doc("spec", "template")
                  .without("metadata", "labels", "controller-uid")
                  .without("metadata", "labels", "batch.kubernetes.io/controller-uid")));
    }
  },
  /** What the user made is tidied away. */
  I10_DELETES_WHAT_IT_DID_NOT_MAKE {
    @Override
    Decision wrong(Sight sight, Decision right) {
      Optional<Deployment> stable = sight.stable();
      return in(sight, Step.Retire.class) && stable.isPresent()
          ? new Act(new Action.Remove(stable.get().ref(), stable.get().uid()), "not needed")
          : right;
    }
  },
  /** Somebody's selector is written over. */
  I12_DRIFT_IS_OVERWRITTEN {
    @Override
    Decision wrong(Sight sight, Decision right) {
      boolean drift =
          right instanceof Advance advance
              && advance.next().going().filter(going -> going.cause() == Cause.DRIFT).isPresent();
      return drift && in(sight, Step.Bake.class) ? moved(sight, "switched").orElse(right) : right;
    }
  },
  /** Readiness is waited for without an end. */
  I13_WAITS_FOR_EVER {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return in(sight, Step.StartCandidate.class)
              && right instanceof Advance advance
              && advance.next().course() != Course.FORWARD
          ? new Wait(sight.now().plus(Duration.ofMinutes(1)), "it may still come")
          : right;
    }
  },
  /** The claim and the pause stay. */
  I15_LEAVES_ITS_MARKS {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return in(sight, Step.Free.class)
              && right instanceof Act(Action action, String why)
              && action.object().kind().equals(Kind.DEPLOYMENT)
          ? finished(Result.DONE, "all is well")
          : right;
    }
  },
  /** What sizes the shop keeps the floor of the release. */
  I15_LEAVES_THE_FLOOR {
    @Override
    Decision wrong(Sight sight, Decision right) {
      return in(sight, Step.LowerFloor.class)
          ? new Advance(sight.state().next(sight.now()), "more pods do no harm")
          : right;
    }
  };

  /** The engine as it is, but for this. */
  public BiFunction<RolloutState, Observation, Decision> mind() {
    return (state, seen) -> wrong(new Sight(state, seen), Decider.decide(state, seen));
  }

  abstract Decision wrong(Sight sight, Decision right);

  private static boolean in(Sight sight, Class<? extends Step> kind) {
    return sight.state().current().filter(kind::isInstance).isPresent();
  }

  private static int indexOf(Sight sight, Class<? extends Step> kind) {
    List<Step> steps = sight.state().steps();
    for (int i = 0; i < steps.size(); i++) {
      if (kind.isInstance(steps.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no step " + kind);
  }

  /** The Service's selector as after the switch, unless it is that already. */
  private static Optional<Decision> moved(Sight sight, String phase) {
    Steered target = sight.release().target();
    Optional<Service> live = sight.service(target);
    return live.filter(one -> !one.selector().equals(target.candidate()))
        .map(
            one ->
                new Act(
                    Writes.steer(one, sight.state(), target, phase, target.candidate()),
                    "all traffic"));
  }

  private static Decision finished(Result result, String says) {
    return new Finish(new Outcome(result, 1, "all on shop", says), true, says);
  }

  /** A state whose release takes no numbers for good ones. */
  private static final class Optimist {
    static RolloutState of(RolloutState state) {
      rollout.plan.Release release = state.release();
      rollout.plan.Release.Terms terms = release.terms();
      rollout.plan.Release other =
          Seen.with(
              release,
              new rollout.plan.Release.Terms(
                  terms.hold(),
                  terms.bake(),
                  terms.checks(),
                  terms.metricNames(),
                  terms.limits(),
                  OnMissing.PASS,
                  OnMissing.PASS,
                  terms.noWayBack()));
      return new RolloutState(
          other,
          state.course(),
          state.step(),
          state.stepStarted(),
          state.started(),
          state.epoch(),
          state.by(),
          state.uids(),
          state.facts(),
          state.going(),
          state.tallies());
    }
  }
}
