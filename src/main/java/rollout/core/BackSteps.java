package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Collect;
import rollout.core.Decision.Finish;
import rollout.core.Decision.Wait;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.model.Way;
import rollout.plan.Form;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Steered;

/**
 * The ways back. Traffic first, by one write a Service that waits for nothing; then the rest, in no
 * hurry.
 */
final class BackSteps {
  private static final Set<String> MAY_MATCH_CANDIDATE =
      Set.of("pinned", CanarySteps.BOTH, "switched", "settle", "back");

  private BackSteps() {}

  /**
   * The first move back: every steered Service, then the claim on stable, then what the endpoints
   * show.
   */
  static Decision trafficBack(Sight sight) {
    RolloutState state = sight.state();
    Optional<Decision> write =
        switched(sight)
            ? servicesBack(sight).or(() -> RoutesBack.write(sight))
            : RoutesBack.write(sight).or(() -> servicesBack(sight));
    if (write.isPresent()) {
      return write.get();
    }
    GoingBack going = state.going().orElseThrow();
    if (going.written().isEmpty()) {
      return new Advance(state.going(going.writtenAt(sight.now())), "traffic is written back");
    }
    return claimsBack(sight)
        .or(() -> RoutesBack.observe(sight))
        .orElseGet(() -> observeBack(sight));
  }

  /** Where the Services select the candidate, the routes' weights are not what matters first. */
  private static boolean switched(Sight sight) {
    return sight.release().services().stream()
        .anyMatch(
            one ->
                sight
                    .service(one)
                    .filter(live -> live.selector().equals(one.candidate()))
                    .isPresent());
  }

  private static Optional<Decision> servicesBack(Sight sight) {
    for (Steered steered : sight.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty() || isBack(sight, live.get(), steered)) {
        continue;
      }
      Optional<Decision> hold = nothingToGoBackTo(sight, live.get(), steered);
      return Optional.of(hold.orElseGet(() -> writeBack(sight, live.get(), steered)));
    }
    return Optional.empty();
  }

  private static boolean isBack(Sight sight, Service live, Steered steered) {
    return ForwardSteps.isOurs(live.state(), sight.state())
        && live.selector().equals(target(sight, live, steered));
  }

  /** Where a Service sends to on the way back: it is left alone where it was never pinned. */
  private static Selector target(Sight sight, Service live, Steered steered) {
    boolean pinned =
        MAY_MATCH_CANDIDATE.contains(live.state().textOrEmpty("phase")) && touched(live, steered);
    // A Service whose annotations somebody replaced says nothing any more; the journal still does.
    return pinned || sight.state().passed(rollout.plan.Step.Pin.class)
        ? steered.stable()
        : live.selector();
  }

  private static boolean touched(Service live, Steered steered) {
    // "back" is written on a Service that was never pinned, too; then the selector stood as it was
    // given.
    return !live.state().textOrEmpty("phase").equals("back")
        || new Selector(live.state().texts("now")).equals(steered.stable());
  }

  private static Decision writeBack(Sight sight, Service live, Steered steered) {
    Selector to = target(sight, live, steered);
    Tallies tallies = sight.state().tallies();
    boolean rewritten = ForwardSteps.isOurs(live.state(), sight.state());
    if (rewritten && tallies.tried() >= Timings.REWRITES) {
      return partly(sight, "somebody keeps changing the selector of Service " + live.name());
    }
    return new Act(
        Writes.steerBack(live, sight.state(), steered, to),
        live.selector().equals(to)
            ? "nobody may go forward from here any more"
            : "back: " + sight.state().going().map(GoingBack::reason).orElse(""));
  }

  /**
   * The one thing that stops the way back: stable has no ready pod, while the candidate may serve.
   */
  private static Optional<Decision> nothingToGoBackTo(Sight sight, Service live, Steered steered) {
    boolean moves = !live.selector().equals(target(sight, live, steered));
    if (!moves
        || !sight.stableReady().isEmpty()
        || !sight.state().passed(rollout.plan.Step.Pin.class)) {
      return Optional.empty();
    }
    Duration limit = sight.release().terms().limits().ready();
    if (!sight.release().stable().serving() || sight.late(limit)) {
      return Optional.of(
          partly(
              sight,
              "stable has no ready pod to go back to, so traffic stays on "
                  + sight.release().candidate().name()));
    }
    Optional<Deployment> stable = sight.stable();
    int size = Math.max(1, sight.release().stable().replicas());
    if (stable.isPresent() && stable.get().replicas() < size) {
      return Optional.of(
          new Act(
              Writes.scaleBack(stable.get(), size),
              "stable must have pods before traffic can go back to it"));
    }
    return Optional.of(
        new Wait(
            sight.until(limit),
            "holding: stable has no ready pod; traffic goes back to it the moment one is ready"));
  }

  /** The claims say the way too: a frozen driver must not pause or promote any more. */
  private static Optional<Decision> claimsBack(Sight sight) {
    for (Deployment live : ForwardSteps.claimable(sight)) {
      if (!ForwardSteps.isOurs(live.claim(), sight.state())) {
        boolean pause =
            live.uid().equals(sight.release().stable().uid())
                && sight.state().passed(rollout.plan.Step.PauseStable.class);
        Patch more = pause ? Patch.none().put(true, "spec", "paused") : Patch.none();
        return Optional.of(
            new Act(
                Writes.claimBack(live, sight.state(), more, "way: forward", "way: back"),
                "nobody may go forward from here any more"));
      }
    }
    return Optional.empty();
  }

  private static Decision observeBack(Sight sight) {
    RolloutState state = sight.state();
    boolean nobodyServes = sight.stableReady().isEmpty();
    boolean unpinned = !state.passed(rollout.plan.Step.Pin.class);
    boolean only =
        state.release().services().stream()
            .filter(one -> sight.service(one).isPresent())
            .allMatch(one -> sight.sendsOnlyTo(one.name(), ForwardSteps.stableBehind(sight, one)));
    return Ends.observed(
        sight,
        only || nobodyServes,
        Timings.OBSERVE,
        "only pods of " + state.release().stable().name() + " are behind the Service",
        () -> isBackNow(sight),
        // What was never touched is as others have made it.
        () -> unpinned ? isBackNow(sight) : unseen(sight));
  }

  private static Decision unseen(Sight sight) {
    return partly(
        sight, "traffic was written back, but the endpoints do not show it: " + sight.traffic());
  }

  private static Decision isBackNow(Sight sight) {
    RolloutState state = sight.state();
    GoingBack going = state.going().orElseThrow().observedAt(sight.now());
    return new Advance(
        state.going(going).next(sight.now()),
        "traffic is back, observed: " + sight.traffic(),
        List.of(event(going), traffic(sight)));
  }

  private static Event traffic(Sight sight) {
    return new Event(
        Event.TRAFFIC,
        Phase.ROLLBACK,
        "new connections go to " + sight.release().stable().name() + ", observed",
        Doc.of("requested", 0, "effective", 0, "observed", Math.max(0, sight.observedPercent())));
  }

  /** The four times of a rollback. */
  static Event event(GoingBack going) {
    Instant written = going.written().orElse(going.decided());
    Instant observed = going.observed().orElse(written);
    return new Event(
        Event.ROLLBACK,
        Phase.ROLLBACK,
        going.reason()
            + "; detected, then decided after "
            + millis(going.detected(), going.decided())
            + ", written after "
            + millis(going.decided(), written)
            + ", observed after "
            + millis(written, observed),
        Doc.of(
            "reason", going.reason(),
            "cause", going.cause().word(),
            "detectedAt", going.detected().toString(),
            "decidedAt", going.decided().toString(),
            "writtenAt", written.toString(),
            "observedAt", observed.toString()));
  }

  private static String millis(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() + " ms";
  }

  /** Logs and events of the candidate, two seconds after traffic has left it. */
  static Decision saveEvidence(Sight sight) {
    Instant proxies = sight.state().stepStarted().plus(Timings.PROXIES);
    boolean shifted = sight.state().going().map(GoingBack::shifted).orElse(false);
    if (shifted && sight.now().isBefore(proxies)) {
      return new Wait(proxies, "the proxies follow the endpoints");
    }
    return new Collect(sight.state().next(sight.now()), "what the candidate had to say");
  }

  /** The preview Service as it was. */
  static Decision previewBack(Sight sight) {
    PreviewService preview = sight.release().preview().orElseThrow();
    Service live = sight.seen().services().get(preview.name());
    boolean made =
        live != null
            && preview.made()
            && Managers.madeBy(live.doc(), sight.release().target().name());
    if (live == null || (live.stateText().isEmpty() && !made)) {
      return Ends.absent(sight, "the preview is as it was");
    }
    if (made && live.doc().has("metadata", "deletionTimestamp")) {
      return new Wait(sight.until(Timings.GONE), live.name() + " is being deleted");
    }
    if (made) {
      return new Act(new Action.Remove(live.ref(), live.uid()), "made for this release only");
    }
    return new Act(
        Writes.free(live, preview.original(), sight.state().way() == Way.BACK),
        "the preview as it was before");
  }

  /** The copy goes: no pods, then nothing. A candidate that the user made gets its former size. */
  static Decision removeCandidate(Sight sight) {
    boolean back = sight.state().way() == Way.BACK;
    Optional<Deployment> candidate = sight.candidate();
    boolean given = !sight.release().candidate().uid().isEmpty();
    if (candidate.isEmpty()) {
      return Ends.absent(sight, "no candidate is left");
    }
    Optional<Decision> leaves = back ? Optional.empty() : StableReplaced.leavesTheCopyAgain(sight);
    if (leaves.isPresent()) {
      return leaves.get();
    }
    Deployment live = candidate.get();
    int size = given ? sight.release().candidate().formerReplicas() : 0;
    if (size > 0 && sight.release().candidateSizesItself()) {
      return Ends.done(sight, live.name() + " is sized by its own load");
    }
    Optional<Instant> keep = keptUntil(sight, back && !given && !live.claimText().equals("gone"));
    if (live.replicas() > size && keep.filter(sight.now()::isBefore).isPresent()) {
      return new Wait(keep.get(), "the failed candidate is kept for a look: " + live.name());
    }
    if (live.replicas() > size) {
      return new Act(
          back ? Writes.scaleBack(live, size) : Writes.scale(live, size),
          "its pods have lost their traffic");
    }
    return given
        ? shrunk(sight, live, size)
        : emptied(
            sight,
            live,
            sight.candidatePods(),
            back ? "the candidate is not wanted" : "stable runs the same template",
            what -> late(sight, what));
  }

  private static Optional<Instant> keptUntil(Sight sight, boolean keeps) {
    Duration keep = sight.release().terms().limits().keepFailed();
    boolean asked =
        sight.seen().interrupt().isPresent()
            || sight.seen().request().filter(one -> one.verb().equals("rollback")).isPresent();
    return keeps && !keep.isZero() && !asked ? Optional.of(sight.until(keep)) : Optional.empty();
  }

  private static Decision shrunk(Sight sight, Deployment live, int size) {
    long there = sight.candidatePods().size();
    return there <= size
        ? Ends.done(sight, live.name() + " has its former size")
        : waitGone(sight, live, stillThere(there, live), what -> late(sight, what));
  }

  private static String stillThere(long pods, Deployment live) {
    return (pods == 1 ? "1 pod of %s is" : pods + " pods of %s are").formatted(live.name())
        + " still there";
  }

  /**
   * A Deployment of ours without pods goes, when a fresh list shows none.
   *
   * @param late what follows when they do not go
   */
  static Decision emptied(
      Sight sight, Deployment live, List<Pod> left, String why, Function<String, Decision> late) {
    if (!left.isEmpty()) {
      return waitGone(sight, live, stillThere(left.size(), live), late);
    }
    if (!sight.seen().fresh()) {
      return new Wait(sight.now(), true, "a fresh list must show no pod of " + live.name());
    }
    if (live.doc().has("metadata", "deletionTimestamp")) {
      return waitGone(sight, live, live.name() + " is being deleted", late);
    }
    return new Act(new Action.Remove(live.ref(), live.uid()), why);
  }

  private static Decision late(Sight sight, String what) {
    return sight.state().way() == Way.BACK
        ? partly(sight, what)
        : SettleSteps.unsettled(sight, what);
  }

  private static Decision waitGone(
      Sight sight, Deployment live, String what, Function<String, Decision> late) {
    Duration keep =
        sight.state().way() == Way.BACK
            ? sight.release().terms().limits().keepFailed()
            : Duration.ZERO;
    Duration limit = Duration.ofSeconds(live.graceSeconds()).plus(Timings.GONE).plus(keep);
    return sight.late(limit)
        ? late.apply(what + ", long after their grace period")
        : new Wait(sight.until(limit), what);
  }

  /**
   * Selectors as given; stable free, unless somebody gave it another template meanwhile; no mark of
   * ours left. Going back, stable is paused until its Services have their selectors again, so their
   * state goes last.
   */
  static Decision free(Sight sight) {
    if (sight.state().way() == Way.FORWARD) {
      return freeServices(sight, false)
          .or(() -> freeDeployments(sight, false))
          .orElseGet(() -> clean(sight));
    }
    for (Steered steered : sight.release().services()) {
      Optional<Service> live = sight.service(steered);
      boolean stays =
          live.isEmpty()
              || !isOurs(sight, live.get(), steered)
              || live.get().selector().equals(steered.original());
      if (!stays) {
        return new Act(
            Writes.steerBack(live.get(), sight.state(), steered, steered.original()),
            "the selector as it was before");
      }
    }
    return freeDeployments(sight, true)
        .or(() -> freeServices(sight, true))
        .orElseGet(() -> clean(sight));
  }

  /** Whether a Service says so, or has a selector that only a release writes. */
  private static boolean isOurs(Sight sight, Service live, Steered steered) {
    String settled = sight.state().facts().getOrDefault(SettleSteps.NEW_HASH, "");
    return !live.stateText().isEmpty()
        || live.selector().equals(steered.stable())
        || live.selector().equals(steered.candidate())
        || live.selector().equals(steered.keptTo(settled));
  }

  private static Decision clean(Sight sight) {
    return Ends.done(sight, "nothing of the release remains");
  }

  private static Optional<Decision> freeDeployments(Sight sight, boolean back) {
    for (Deployment live : ForwardSteps.claimable(sight)) {
      if (live.claimText().isEmpty()) {
        continue;
      }
      boolean stable = live.uid().equals(sight.release().stable().uid());
      if (back && stable && live.paused() && !sight.stableTemplateUnchanged()) {
        return Optional.of(foreignTemplate(sight, live));
      }
      Patch more = stable ? SettleSteps.unpaused(live) : Patch.none();
      return Optional.of(
          new Act(
              Writes.unclaim(
                  live, more, back, live.paused() ? "paused, claimed" : "claimed", "free"),
              live.name() + " is free again"));
    }
    return Optional.empty();
  }

  static Decision foreignTemplate(Sight sight, Deployment live) {
    return partly(
        sight,
        Managers.somebody(live.doc(), "spec")
            + " gave Deployment "
            + live.name()
            + " another template meanwhile, perhaps the bad version; it stays paused. Look at it,"
            + " then: kubectl rollout undo or resume deployment/"
            + live.name());
  }

  private static Optional<Decision> freeServices(Sight sight, boolean back) {
    boolean swapped = sight.release().form() == Form.SWAP && !back;
    for (Steered steered : sight.release().services()) {
      Optional<Service> live = sight.service(steered);
      Selector wanted = swapped ? steered.candidate() : steered.original();
      boolean clean =
          live.isEmpty()
              || (live.get().stateText().isEmpty()
                  && (live.get().selector().equals(wanted) || !isOurs(sight, live.get(), steered)));
      if (!clean) {
        return Optional.of(
            new Act(
                Writes.free(live.get(), wanted, back),
                "as it was before; nothing of the release remains on it"));
      }
    }
    return Optional.empty();
  }

  /** A first release that failed: what it made goes, Jobs excepted. */
  static Decision uninstall(Sight sight) {
    Steered target = sight.release().target();
    Service service = sight.seen().services().get(target.name());
    if (service != null
        && target.uid().isEmpty()
        && Managers.madeBy(service.doc(), target.name())) {
      return new Act(
          new Action.Remove(service.ref(), service.uid()), "it was made by this release");
    }
    Optional<Deployment> live = sight.candidate();
    if (live.isPresent() && !live.get().doc().has("metadata", "deletionTimestamp")) {
      return new Act(
          new Action.Remove(
              new Ref(Kind.DEPLOYMENT, sight.release().namespace(), live.get().name()),
              live.get().uid()),
          "it was made by this release");
    }
    return live.isPresent()
        ? waitGone(
            sight, live.get(), live.get().name() + " is being deleted", what -> late(sight, what))
        : Ends.absent(sight, "nothing of the release remains");
  }

  /** Exit 5: traffic is back, the rest is not. */
  static Decision partly(Sight sight, String why) {
    String reason = sight.state().going().map(GoingBack::reason).orElse("");
    Outcome outcome =
        new Outcome(
            Result.ROLLED_BACK_PARTLY,
            sight.release().revision(),
            sight.traffic(),
            "rolled back, but not completely: "
                + why
                + ". Went back because "
                + reason
                + ". Traffic: "
                + sight.traffic()
                + ". To finish: rollout rollback "
                + sight.release().target().name());
    return new Finish(outcome, false, why);
  }
}
