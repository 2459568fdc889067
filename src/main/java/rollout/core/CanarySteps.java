package rollout.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.core.Decision.Act;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Steered;
import rollout.plan.Shares;

/**
 * The shares of a canary. Without routes the share of the pods is that of the requests: the
 * Services select both versions, stable keeps its size, and the candidate grows.
 */
final class CanarySteps {
  /** The phase of a Service that selects both versions. */
  static final String BOTH = "both";

  private CanarySteps() {}

  /** One share: pods enough first, then the requests, observed. */
  static Decision shift(Sight sight, int percent) {
    RolloutState state = sight.state();
    Shifting shifting = state.release().shifting().orElseThrow();
    Optional<Deployment> candidate = sight.candidate();
    if (candidate.isEmpty()) {
      return Turning.back(
          sight, Cause.DRIFT, ForwardSteps.gone(state.release().candidate().name()));
    }
    Deployment live = candidate.get();
    int size = shifting.pods(ForwardSteps.size(sight), percent);
    if (live.replicas() < size) {
      return new Act(Writes.scale(live, size), "pods for " + percent + " % before the requests");
    }
    Optional<String> missing = ForwardSteps.ready(sight, live);
    if (missing.isPresent()) {
      return ForwardSteps.notReady(sight, missing.get());
    }
    return shifting.byReplicas() ? both(sight, percent) : RouteSteps.weigh(sight, percent);
  }

  private static Decision both(Sight sight, int percent) {
    RolloutState state = sight.state();
    for (Steered steered : state.release().services()) {
      Optional<Service> live = sight.service(steered);
      if (live.isEmpty()) {
        return Turning.back(sight, Cause.DRIFT, "Service " + steered.name() + " is gone");
      }
      Selector wanted = steered.both();
      boolean there =
          live.get().selector().equals(wanted)
              && live.get().state().textOrEmpty("phase").equals(BOTH);
      if (!there) {
        return new Act(
            Writes.steer(live.get(), state, steered, BOTH, wanted),
            "both versions serve " + steered.name() + " from here on");
      }
    }
    boolean all =
        state.release().services().stream()
            .allMatch(one -> sight.sendsOnlyTo(one.name(), servingBoth(sight, one)));
    Duration limit = state.release().terms().limits().ready().plus(Timings.OBSERVE);
    return Ends.observed(
        sight,
        all,
        limit,
        "the pods of both versions are behind the Service",
        () -> shifted(sight, percent),
        () ->
            Turning.back(
                sight,
                Cause.DEADLINE,
                "the share did not show in the endpoints: " + sight.traffic()));
  }

  private static List<Pod> servingBoth(Sight sight, Steered steered) {
    return java.util.stream.Stream.concat(
            sight.stableReady().stream(), sight.candidateReady().stream())
        .filter(pod -> steered.both().selects(pod.labels()))
        .toList();
  }

  private static Decision shifted(Sight sight, int percent) {
    int effective = Shares.percent(sight.stableReady().size(), sight.candidateReady().size());
    int observed = sight.observedPercent();
    return Ends.done(
        sight,
        "observed: " + sight.traffic(),
        List.of(
            new Event(
                Event.TRAFFIC,
                Phase.SHIFT,
                percent
                    + " % asked for, "
                    + effective
                    + " % of new connections go to "
                    + sight.release().candidate().name()
                    + ", by its share of the pods",
                Doc.of("requested", percent, "effective", effective, "observed", observed))));
  }
}
