package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Marks;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Form;
import rollout.plan.Release.Steered;

/**
 * The steps after the bake: the promotion. The candidate serves until stable has taken over, and
 * nothing hurries.
 */
final class SettleSteps {
  /** The fact that tells the hash of stable's new ReplicaSet. */
  static final String NEW_HASH = "newHash";

  /** The fact that the epoch was raised for the settling. */
  static final String EPOCH_RAISED = "settleEpoch";

  private SettleSteps() {}

  /** Row 12₀: whoever planned to go back on older sight must look again. */
  static Decision begin(Sight sight) {
    RolloutState state = sight.state();
    if (!state.facts().containsKey(EPOCH_RAISED)) {
      RolloutState raised =
          state
              .takenOver(state.epoch() + 1, state.by(), state.stepStarted())
              .noting(EPOCH_RAISED, "yes");
      return new Advance(raised.counting(state.tallies()), "from now on the warm pods may leave");
    }
    String phase = state.release().form() == Form.SWAP ? "settled" : "settle";
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        return unsettled(sight, "Service " + steered.name() + " is gone");
      }
      if (!ForwardSteps.isOurs(live.get().state(), state)
          || !live.get().state().textOrEmpty("phase").equals(phase)) {
        return new Act(
            Writes.steer(live.get(), state, steered, phase, live.get().selector()),
            "the way back is another from here on");
      }
    }
    return Ends.done(sight, "settling");
  }

  /** Row 12a: stable takes the new template over; the candidate serves meanwhile. */
  static Decision settle(Sight sight) {
    Optional<Deployment> stable = sight.stable();
    Optional<Deployment> candidate = sight.candidate();
    if (stable.isEmpty() || candidate.isEmpty()) {
      String name =
          (stable.isEmpty() ? sight.release().stable().name() : sight.release().candidate().name());
      return unsettled(sight, ForwardSteps.gone(name));
    }
    Deployment live = stable.get();
    Doc template = promoted(sight, candidate.get());
    boolean taken = hasTaken(live, template);
    if (!taken && !sight.stableTemplateUnchanged()) {
      return late(sight)
          ? unsettled(
              sight,
              "somebody gave Deployment "
                  + live.name()
                  + " another template, which is not overwritten")
          : new Wait(
              settleEnd(sight),
              "somebody gave " + live.name() + " another template, which is not overwritten");
    }
    if (!taken || live.paused()) {
      Patch more = taken ? Patch.none() : Patch.none().put(template, "spec", "template");
      int size = Math.max(live.replicas(), candidate.get().replicas());
      return new Act(
          Writes.claim(
              live,
              sight.state(),
              more.and(unpaused(live)).put(size, "spec", "replicas"),
              "the previous template, paused",
              "the new template"),
          "stable takes the new version over while the candidate serves");
    }
    if (!live.rolledOut()) {
      return late(sight)
          ? unsettled(
              sight,
              "Deployment "
                  + live.name()
                  + " does not get ready with the new template: "
                  + CandidateHealth.whyNotReady(sight.seen().podsOf(live.uid())))
          : new Wait(
              settleEnd(sight),
              "waiting for "
                  + live.name()
                  + ": "
                  + (live.observed() ? live.doc().number(0, "status", "updatedReplicas") : 0)
                  + " of "
                  + live.replicas()
                  + " pods replaced");
    }
    return Ends.done(sight, live.name() + " runs the new version");
  }

  /** A paused field that was absent before is taken away again, so that nothing of ours remains. */
  static Patch unpaused(Deployment live) {
    return live.doc().has("spec", "paused") ? Patch.none().remove("spec", "paused") : Patch.none();
  }

  /** The candidate's template as stable shall have it: none of our labels. */
  static Doc promoted(Sight sight, Deployment candidate) {
    Doc template = candidate.template().without("metadata", "labels", Marks.REVISION);
    // Prepared mode: the copy's track is its own, and stable's Service goes by stable's.
    String track = sight.release().target().original().labels().get(Marks.TRACK);
    return track == null ? template : template.with(track, "metadata", "labels", Marks.TRACK);
  }

  /** Whether a Deployment has this template already. */
  static boolean hasTaken(Deployment live, Doc template) {
    return live.templateHash()
        .equals(new Deployment(Doc.of("spec", Doc.of("template", template))).templateHash());
  }

  /** Row 12b: stable is raised to what serves, then takes the traffic; observed. */
  static Decision switchToStable(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return unsettled(sight, ForwardSteps.gone(state.release().stable().name()));
    }
    Optional<Decision> replaced = StableReplaced.beforeTheEnd(sight, stable.get());
    if (replaced.isPresent()) {
      return replaced.get();
    }
    Optional<ReplicaSet> set = sight.currentSetOfStable();
    if (set.isEmpty()) {
      String none = "no ReplicaSet of " + stable.get().name() + " has its template";
      return late(sight) ? unsettled(sight, none) : new Wait(settleEnd(sight), none);
    }
    int size = sight.candidate().map(Deployment::replicas).orElse(stable.get().replicas());
    if (stable.get().replicas() < size) {
      return new Act(Writes.scale(stable.get(), size), "stable must bear what the candidate bears");
    }
    List<Pod> pods = sight.seen().podsOwnedBy(set.get().uid()).stream().filter(Pod::ready).toList();
    if (!state.facts().getOrDefault(NEW_HASH, "").equals(set.get().hash())) {
      return new Advance(
          state.noting(NEW_HASH, set.get().hash()),
          "stable's new pods have hash " + set.get().hash());
    }
    if (pods.size() < stable.get().replicas()) {
      return late(sight)
          ? unsettled(sight, CandidateHealth.whyNotReady(sight.seen().podsOwnedBy(set.get().uid())))
          : new Wait(
              settleEnd(sight),
              "waiting for " + pods.size() + " of " + stable.get().replicas() + " pods of stable");
    }
    if (!stable.get().paused()) {
      return new Act(
          Writes.claim(
              stable.get(),
              state,
              Patch.none().put(true, "spec", "paused"),
              "paused: false",
              "paused: true"),
          "nobody's apply may replace its pods while its Services keep to them");
    }
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        return unsettled(sight, "Service " + steered.name() + " is gone");
      }
      Selector wanted = steered.keptTo(set.get().hash());
      if (!live.get().selector().equals(wanted)
          || !live.get().state().textOrEmpty("phase").equals("settled")) {
        return new Act(
            Writes.steer(live.get(), state, steered, "settled", wanted),
            "new connections leave the copy before its pods end");
      }
    }
    boolean only =
        state.release().services().stream().allMatch(one -> sight.sendsOnlyTo(one.name(), pods));
    return Ends.observed(
        sight,
        only,
        Timings.OBSERVE,
        "only new pods of " + stable.get().name() + " are behind the Service",
        () -> Ends.done(sight, "observed: " + sight.traffic(), List.of(traffic(sight))),
        () ->
            unsettled(
                sight, "the switch to " + stable.get().name() + " did not show in the endpoints"));
  }

  private static Event traffic(Sight sight) {
    return new Event(
        Event.TRAFFIC,
        Phase.SETTLE,
        "new connections go to the new pods of " + sight.release().stable().name() + ", observed",
        Doc.of("requested", 100, "effective", 100, "observed", 100));
  }

  /** Row 12b's end: what runs on pods that have lost their traffic gets its time. */
  static Decision drain(Sight sight) {
    return StableReplaced.leavesTheCopyAgain(sight).orElseGet(() -> drained(sight));
  }

  private static Decision drained(Sight sight) {
    Duration wait = drainTime(sight);
    Instant end = sight.until(wait);
    return sight.now().isBefore(end)
        ? new Wait(end, "draining for " + rollout.model.Durations.text(wait))
        : Ends.done(sight, "drained");
  }

  /**
   * The proxies follow, the longest request ends, and a margin. Nobody tells how long a request may
   * last; what the pods are given to end is the application's own word for it.
   */
  static Duration drainTime(Sight sight) {
    Optional<Deployment> leaves =
        sight.release().form() == Form.SWAP ? sight.stable() : sight.candidate().or(sight::stable);
    long grace = leaves.map(Deployment::graceSeconds).orElse(30L);
    return Timings.PROXIES.plusSeconds(grace).plus(Timings.DRAIN_MARGIN);
  }

  /** The end of a swap: the previous version goes to zero, in one write. */
  static Decision retire(Sight sight) {
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return Ends.done(sight, sight.release().stable().name() + " is gone already");
    }
    Deployment live = stable.get();
    if (live.replicas() != 0 || !live.claimText().isEmpty()) {
      return new Act(
          Writes.unclaim(
              live,
              Patch.none().put(0, "spec", "replicas").and(unpaused(live)),
              false,
              "replicas " + live.replicas(),
              "replicas 0"),
          "the previous version is kept, without pods");
    }
    return Ends.done(sight, live.name() + " is kept without pods");
  }

  private static boolean late(Sight sight) {
    return !sight.now().isBefore(settleEnd(sight));
  }

  private static Instant settleEnd(Sight sight) {
    return sight.until(sight.release().terms().limits().settle());
  }

  /** Exit 10: promoted, but not settled; with Services that hold without a driver. */
  static Decision unsettled(Sight sight, String why) {
    return StableReplaced.unpinned(sight, "left unsettled: " + why)
        .orElseGet(() -> exitUnsettled(sight, why));
  }

  private static Decision exitUnsettled(Sight sight, String why) {
    Outcome outcome =
        new Outcome(
            Result.NOT_SETTLED,
            sight.release().revision(),
            sight.traffic(),
            "promoted, but not settled: "
                + why
                + ". Traffic: "
                + sight.traffic()
                + ". To settle: rollout resume "
                + sight.release().target().name());
    return new Finish(outcome, false, why);
  }
}
