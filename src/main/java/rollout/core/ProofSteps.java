package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Collect;
import rollout.core.Decision.Gate;
import rollout.core.Decision.Wait;
import rollout.core.Observation.Request;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Verdict;
import rollout.model.Way;
import rollout.plan.Release.Proof;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy.OnMissing;

/**
 * Row 6: what serves can live, and start, on the new schema. A fresh pod of stable gets ready and
 * stays so, its own test succeeds, and stable in production is as well as before. While the answer
 * is no, traffic never moves to the candidate.
 */
final class ProofSteps {
  private static final String EVIDENCE = "stable-evidence";

  private ProofSteps() {}

  /** The fresh pod and the watch of production, at the same time. */
  static Decision prove(Sight sight) {
    Optional<Decision> settled = answered(sight);
    if (settled.isPresent()) {
      return settled.get();
    }
    Optional<Advance> judged = StableWatch.judgeNewRound(sight);
    if (judged.isPresent()) {
      return judged.get();
    }
    Optional<String> hurt =
        hurtInProduction(sight)
            .or(() -> StableWatch.worse(sight.state()).map(why -> "worse than before, " + why));
    if (hurt.isPresent()) {
      return broken(sight, hurt.get());
    }
    Optional<Decision> fresh =
        sight.release().freshCopy().isPresent() ? fresh(sight) : Optional.empty();
    return fresh.orElseGet(() -> watched(sight));
  }

  /** What a finding before has led to; empty: there was none. */
  static Optional<Decision> answered(Sight sight) {
    if (sight.state().facts().containsKey(StableBroken.FORWARD)) {
      return Optional.of(
          Ends.done(
              sight,
              "on, though stable is hurt: by " + sight.state().facts().get(StableBroken.FORWARD)));
    }
    return Optional.ofNullable(sight.state().facts().get(StableBroken.WHY))
        .map(why -> broken(sight, why));
  }

  /** Stable does not live with the new schema: told once, then as the user wants it. */
  static Decision broken(Sight sight, String why) {
    RolloutState state = sight.state();
    Proof proof = sight.release().database().proof().orElseThrow();
    if (!state.facts().containsKey(StableBroken.WHY)) {
      String says =
          proof.onStableBroken() == OnStableBroken.HOLD ? held(sight, why) : says(sight, why);
      return new Advance(
          state.noting(StableBroken.WHY, why).noting(StableBroken.SINCE, sight.now().toString()),
          says,
          List.of(gate("waiting", says)));
    }
    if (!state.tallies().noted().contains(EVIDENCE)) {
      return new Collect(
          state.counting(state.tallies().noting(EVIDENCE)), "what the fresh pod had to say");
    }
    return switch (proof.onStableBroken()) {
      case UNDO -> Turning.back(sight, Cause.COMPATIBILITY, says(sight, why));
      case FORWARD -> forward(sight, "onStableBroken: forward");
      case HOLD -> hold(sight, why);
    };
  }

  private static Decision hold(Sight sight, String why) {
    Optional<Request> promote = sight.seen().request().filter(one -> one.verb().equals("promote"));
    if (promote.isPresent()) {
      return forward(sight, promote.get().by());
    }
    Instant end =
        Instant.parse(sight.state().facts().get(StableBroken.SINCE))
            .plus(sight.release().terms().limits().gate());
    if (!sight.now().isBefore(end)) {
      return Turning.back(
          sight, Cause.COMPATIBILITY, says(sight, why) + "; nobody went forward in time");
    }
    return new Gate(end, held(sight, why));
  }

  private static String held(Sight sight, String why) {
    String target = sight.release().target().name();
    return says(sight, why)
        + ". Back, and the schema stays: rollout rollback "
        + target
        + ". Forward, on to the candidate: rollout promote "
        + target;
  }

  private static Decision forward(Sight sight, String by) {
    return new Advance(
        sight.state().noting(StableBroken.FORWARD, by),
        "forward, though stable is hurt: by " + by,
        List.of(gate("passed", "forward, though stable is hurt: by " + by)));
  }

  private static String says(Sight sight, String why) {
    return sight.release().stable().name() + " cannot live with the new schema: " + why;
  }

  private static Event gate(String now, String message) {
    return new Event(
        Event.GATE, Phase.MIGRATE, message, Doc.of("name", "compatibility", "state", now));
  }

  // ---- the fresh pod

  /** What is to be done or awaited for the fresh pod; empty: it has proven itself. */
  private static Optional<Decision> fresh(Sight sight) {
    Optional<Deployment> found = sight.freshCopy();
    if (found.isEmpty()) {
      return Optional.of(
          Turning.back(
              sight, Cause.DRIFT, ForwardSteps.gone(sight.release().freshCopy().orElseThrow())));
    }
    Deployment live = found.get();
    if (live.replicas() < 1) {
      return Optional.of(
          new Act(Writes.scale(live, 1), "stable must be able to start on the new schema"));
    }
    List<Pod> pods = sight.seen().podsOf(live.uid());
    Optional<String> problem = CandidateHealth.problem(pods);
    if (problem.isPresent()) {
      return Optional.of(broken(sight, "a fresh pod of it: " + problem.get()));
    }
    Duration stays = Timings.FRESH_READY;
    Optional<Instant> proven =
        pods.stream()
            .filter(Pod::ready)
            .flatMap(pod -> pod.readySince().stream())
            .min(Instant::compareTo)
            .map(since -> since.plus(stays));
    if (proven.isPresent()) {
      return sight.now().isBefore(proven.get())
          ? Optional.of(
              new Wait(
                  proven.get(),
                  "a fresh pod of stable is ready; it must stay so for " + secs(stays)))
          : Optional.empty();
    }
    Duration limit = sight.release().terms().limits().ready();
    return Optional.of(
        sight.late(limit)
            ? broken(
                sight,
                "a fresh pod of it is not ready in time: " + CandidateHealth.whyNotReady(pods))
            : new Wait(sight.until(limit), "waiting for a fresh pod of stable on the new schema"));
  }

  private static String secs(Duration duration) {
    return rollout.model.Durations.text(duration);
  }

  /** It goes as soon as it has served its purpose, going back too. */
  static Decision removeFresh(Sight sight) {
    boolean back = sight.state().way() == Way.BACK;
    Optional<Deployment> found = sight.freshCopy();
    if (found.isEmpty()) {
      return Ends.absent(sight, "no fresh pod of stable is left");
    }
    Deployment live = found.get();
    if (live.replicas() > 0) {
      return new Act(
          back ? Writes.scaleBack(live, 0) : Writes.scale(live, 0),
          "the fresh pod has served its purpose");
    }
    return BackSteps.emptied(
        sight,
        live,
        sight.seen().podsOf(live.uid()),
        "the fresh pod has served its purpose",
        back
            ? what -> BackSteps.partly(sight, what)
            : what -> Turning.back(sight, Cause.DEADLINE, what));
  }

  // ---- production

  /** A pod of stable that has ended or restarted since the release began, and never before. */
  private static Optional<String> hurtInProduction(Sight sight) {
    Proof proof = sight.release().database().proof().orElseThrow();
    if (proof.watchStable().isZero()) {
      return Optional.empty();
    }
    Set<String> restless = Baseline.restless(sight.state());
    List<Pod> pods =
        sight.stablePods().stream().filter(pod -> !restless.contains(pod.name())).toList();
    return CandidateHealth.problem(pods, sight.state().started())
        .map(problem -> "in production, " + problem);
  }

  private static Decision watched(Sight sight) {
    Proof proof = sight.release().database().proof().orElseThrow();
    Instant end = sight.until(proof.watchStable());
    if (sight.now().isBefore(end)) {
      return new Wait(end, "watching stable on the new schema");
    }
    Optional<Verdict> unknown = StableWatch.unknown(sight.state());
    if (unknown.isEmpty()) {
      return Ends.done(sight, "stable lives with the new schema");
    }
    String why = "stable on the new schema: " + unknown.get().reason();
    boolean few = unknown.get() instanceof Verdict.Undecided;
    OnMissing policy =
        few ? sight.release().terms().onUndecided() : sight.release().terms().onNoData();
    Duration limit = proof.watchStable().plus(sight.release().terms().limits().noData());
    return switch (policy) {
      case PASS -> Ends.done(sight, why + "; counted as good");
      case ROLLBACK -> Turning.back(sight, Cause.NO_DATA, why);
      case HOLD ->
          sight.late(limit)
              ? Turning.back(sight, Cause.NO_DATA, why + ", for " + secs(limit))
              : new Wait(sight.until(limit), "holding: " + why);
    };
  }

  // ---- undo

  /** Whether the migration is to be taken back: only before the candidate had traffic. */
  static boolean undoes(RolloutState state) {
    boolean wanted =
        state
            .release()
            .database()
            .proof()
            .filter(proof -> proof.onStableBroken() == OnStableBroken.UNDO)
            .isPresent();
    return wanted
        && state
            .going()
            .filter(going -> going.cause() == Cause.COMPATIBILITY && !going.shifted())
            .isPresent();
  }
}
