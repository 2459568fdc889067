package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.model.Stamp;
import rollout.plan.Release;
import rollout.plan.Release.Steered;

/** The steps until the switch: claim, pause, pin, start, preview, hold. */
final class ForwardSteps {
  private ForwardSteps() {}

  /** Row 1: the claim, an annotation only. */
  static Decision claim(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return Turning.back(sight, Cause.DRIFT, gone(state.release().stable().name()));
    }
    Optional<Deployment> unclaimed =
        claimable(sight).stream().filter(live -> !isOurs(live.claim(), state)).findFirst();
    if (unclaimed.isPresent()) {
      Deployment live = unclaimed.get();
      return new Act(
          Writes.claim(
              live, state, Patch.none(), "", "claimed for revision " + state.release().revision()),
          "one release at a time works on Deployment " + live.name());
    }
    return Ends.done(sight, "claimed " + stable.get().name());
  }

  /** Stable, and a candidate that the user made. */
  static List<Deployment> claimable(Sight sight) {
    boolean given = !sight.state().release().candidate().uid().isEmpty();
    return java.util.stream.Stream.of(
            sight.stable(), given ? sight.candidate() : Optional.<Deployment>empty())
        .flatMap(Optional::stream)
        .toList();
  }

  static boolean isOurs(Doc stateOrClaim, RolloutState state) {
    return !stateOrClaim.isEmpty() && Stamp.in(stateOrClaim).equals(state.stamp());
  }

  static String gone(String deployment) {
    return "Deployment " + deployment + " was deleted or made anew by somebody else";
  }

  /** Row 3: nobody's apply replaces the pods under us. */
  static Decision pause(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> stable = sight.stable();
    if (stable.isEmpty()) {
      return Turning.back(sight, Cause.DRIFT, gone(state.release().stable().name()));
    }
    Deployment live = stable.get();
    if (!live.paused()) {
      return new Act(
          Writes.claim(
              live,
              state,
              Patch.none().put(true, "spec", "paused"),
              "paused: false",
              "paused: true"),
          "an apply by somebody else must not replace the pods that serve");
    }
    if (!live.observed()) {
      return sight.late(Timings.OBSERVE)
          ? Turning.back(sight, Cause.DEADLINE, "the Deployment controller does not answer")
          : new Wait(sight.until(Timings.OBSERVE), "waiting until the pause is observed");
    }
    if (!sight.stableTemplateUnchanged()) {
      return Turning.back(
          sight,
          Cause.DRIFT,
          "stable changed: somebody gave Deployment " + live.name() + " another template");
    }
    boolean serves = !state.release().stable().serving() || !sight.stableReady().isEmpty();
    return serves
        ? Ends.done(sight, "paused " + live.name())
        : Turning.back(
            sight,
            Cause.DRIFT,
            "stable changed: ReplicaSet "
                + state.release().stable().replicaSet()
                + " has no ready pod left");
  }

  /** Row 4: from here the way back can be computed from the Service alone. */
  static Decision pin(Sight sight) {
    RolloutState state = sight.state();
    boolean pinned = state.release().stable().pinned();
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        return Turning.back(sight, Cause.DRIFT, "Service " + steered.name() + " is gone");
      }
      Selector wanted = pinned ? steered.stable() : steered.original();
      if (!isOurs(live.get().state(), state) || !live.get().selector().equals(wanted)) {
        return new Act(
            Writes.steer(live.get(), state, steered, "pinned", wanted),
            pinned
                ? "the candidate's pods must not match until they are proven"
                : "claimed; the selector is already the stable one's own");
      }
    }
    boolean nobodyServes = !state.release().stable().serving();
    boolean only =
        state.release().services().stream()
            .allMatch(one -> sight.sendsOnlyTo(one.name(), stableBehind(sight, one)));
    return Ends.observed(
        sight,
        nobodyServes || only,
        Timings.OBSERVE,
        "only pods of " + state.release().stable().name() + " are behind the Service",
        () -> Ends.done(sight, pinned ? "pinned" : "stamped"),
        () ->
            Turning.back(
                sight,
                Cause.DEADLINE,
                "the pinned Services are not as they must be: " + sight.traffic()));
  }

  /**
   * Ready pods of stable that a Service can select at all: an extra Service may take only a part of
   * them.
   */
  static List<Pod> stableBehind(Sight sight, Steered steered) {
    return sight.stableReady().stream()
        .filter(pod -> steered.stable().selects(pod.labels()) || !sight.release().stable().pinned())
        .toList();
  }

  /** Row 7: as many pods as stable has now, all ready, none restarted. */
  static Decision start(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> candidate = sight.candidate();
    if (candidate.isEmpty()) {
      return Turning.back(sight, Cause.DRIFT, gone(state.release().candidate().name()));
    }
    Deployment live = candidate.get();
    Optional<Release.Shifting> shifting = state.release().shifting();
    int size = shifting.map(one -> one.firstPods(size(sight))).orElseGet(() -> size(sight));
    if (live.replicas() < size) {
      return new Act(
          Writes.scale(live, size),
          shifting.isPresent()
              ? "the candidate gets the pods of its first share"
              : "the candidate gets as many pods as stable has");
    }
    return ready(sight, live)
        .<Decision>map(why -> notReady(sight, why))
        .orElseGet(
            () ->
                Ends.done(
                    sight,
                    live.replicas()
                        + " of "
                        + live.replicas()
                        + " pods of "
                        + live.name()
                        + " ready"));
  }

  /** Waits for the candidate's pods, and goes back when they take too long. */
  static Decision notReady(Sight sight, String why) {
    Duration limit = sight.release().terms().limits().ready();
    return sight.late(limit)
        ? Turning.back(
            sight,
            CandidateHealth.cause(sight.candidatePods()),
            "not ready in time: " + CandidateHealth.whyNotReady(sight.candidatePods()))
        : new Wait(sight.until(limit), why);
  }

  /** How many pods the candidate must have: as many as stable has now, and one at least. */
  static int size(Sight sight) {
    return Math.max(
        1, sight.stable().map(Deployment::replicas).orElse(sight.release().stable().replicas()));
  }

  /** What is missing until the candidate could take all traffic; empty: nothing. */
  static Optional<String> ready(Sight sight, Deployment live) {
    long ready = sight.candidateReady().size();
    long available = live.doc().number(0, "status", "availableReplicas");
    boolean all = live.rolledOut() && ready >= live.replicas();
    return all
        ? Optional.empty()
        : Optional.of(
            "waiting for the candidate: "
                + Math.min(ready, available)
                + " of "
                + live.replicas()
                + " pods ready");
  }

  /** Row 8: the preview Service points at the candidate, and only at it. */
  static Decision preview(Sight sight) {
    RolloutState state = sight.state();
    Release.PreviewService preview = state.release().preview().orElseThrow();
    Service live = sight.seen().services().get(preview.name());
    if (live == null) {
      return sight
          .seen()
          .materials()
          .preview()
          .<Decision>map(
              body ->
                  new Act(
                      new Action.Make(Kind.SERVICE, body, "preview of the candidate"),
                      "made for a look at the candidate"))
          .orElseGet(
              () ->
                  Turning.back(
                      sight, Cause.DRIFT, "preview Service " + preview.name() + " is gone"));
    }
    if (preview.made() && !Managers.madeBy(live.doc(), state.release().target().name())) {
      return Turning.back(
          sight, Cause.DRIFT, "somebody made a Service " + preview.name() + " meanwhile");
    }
    Selector wanted = previewSelector(state.release());
    if (!live.selector().equals(wanted) || !isOurs(live.state(), state)) {
      return new Act(
          Writes.steer(live, state, asSteered(preview, wanted), "preview", wanted),
          "the candidate can be looked at before any user meets it");
    }
    return Ends.observed(
        sight,
        sight.sendsOnlyTo(preview.name(), sight.candidateReady()),
        Timings.OBSERVE,
        "the preview shows the candidate",
        () -> Ends.done(sight, "preview Service " + preview.name() + " shows the candidate"),
        () ->
            Turning.back(
                sight, Cause.DEADLINE, "the preview Service does not reach the candidate"));
  }

  static Selector previewSelector(Release release) {
    return release.target().candidate();
  }

  static Steered asSteered(Release.PreviewService preview, Selector wanted) {
    return new Steered(
        preview.name(), preview.uid(), preview.original(), preview.original(), wanted);
  }

  /** A person says go. */
  static Decision hold(Sight sight) {
    return sight
        .seen()
        .request()
        .filter(one -> one.verb().equals("promote"))
        .map(one -> "promoted by " + one.by())
        .map(by -> Ends.done(sight, by, List.of(Gates.event(sight, "hold", "passed", by))))
        .orElseGet(() -> Gates.awaitPromotion(sight, "hold", "gate"));
  }

  /** A first release: pods, all ready. */
  static Decision startInstalled(Sight sight) {
    RolloutState state = sight.state();
    Optional<Deployment> candidate = sight.candidate();
    if (candidate.isEmpty()) {
      return Turning.back(sight, Cause.DRIFT, gone(state.release().candidate().name()));
    }
    Deployment live = candidate.get();
    int size = Math.max(1, state.release().stable().replicas());
    if (live.replicas() < size) {
      return new Act(Writes.scale(live, size), "the first version gets its pods");
    }
    return ready(sight, live)
        .<Decision>map(why -> notReady(sight, why))
        .orElseGet(
            () -> Ends.done(sight, size + " of " + size + " pods of " + live.name() + " ready"));
  }

  /** A first release: the Service, last of all. */
  static Decision expose(Sight sight) {
    Steered target = sight.release().target();
    Service live = sight.seen().services().get(target.name());
    if (live == null) {
      return sight
          .seen()
          .materials()
          .service()
          .<Decision>map(
              body ->
                  new Act(
                      new Action.Make(Kind.SERVICE, body, "selector " + target.original()),
                      "the version is ready: the Service comes last"))
          .orElseGet(
              () ->
                  Turning.back(
                      sight,
                      Cause.REFUSED,
                      "Service "
                          + target.name()
                          + " is not there, and its manifest is gone with the process that had"
                          + " it"));
    }
    return Ends.observed(
        sight,
        sight.sendsOnlyTo(target.name(), sight.candidateReady()),
        Timings.OBSERVE,
        "the Service sends to the new version",
        () -> Ends.done(sight, "observed: " + sight.traffic()),
        () -> Turning.back(sight, Cause.DEADLINE, "the Service does not reach the new version"));
  }
}
