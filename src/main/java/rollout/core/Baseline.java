package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import rollout.core.Decision.Advance;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.plan.Step;

/**
 * What was so when the release began, and what has become of it: pods of stable that restarted
 * already, and the ConfigMaps and Secrets that both versions read. Of those a change is told with
 * who made it, and what follows within ten seconds is told as one: pods that start from then on
 * read something else than those that run.
 */
final class Baseline {
  private static final String RESTLESS = "restless";
  private static final String CONFIG = "config/";
  private static final String SECRET = "secret/";
  private static final String TOLD = "told/";

  private Baseline() {}

  /** What is to be remembered or told; empty: nothing is new. */
  static Optional<Decision> changed(Sight sight) {
    if (!sight.state().passed(Step.Claim.class)) {
      return Optional.empty();
    }
    Map<String, String> unknown = new LinkedHashMap<>();
    Map<String, String> facts = sight.state().facts();
    if (sight.release().database().proof().isPresent() && !facts.containsKey(RESTLESS)) {
      unknown.put(RESTLESS, restless(sight));
    }
    for (Shared one : shared(sight)) {
      String before = facts.get(one.fact());
      if (before == null) {
        unknown.put(one.fact(), one.version());
      } else if (!before.equals(one.version()) && isTime(sight, one)) {
        return Optional.of(told(sight, one));
      }
    }
    RolloutState state = sight.state();
    for (Map.Entry<String, String> one : unknown.entrySet()) {
      state = state.noting(one.getKey(), one.getValue());
    }
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(new Advance(state, "remembered as it was"));
  }

  private static String restless(Sight sight) {
    return sight.stablePods().stream()
        .filter(pod -> pod.containers().stream().anyMatch(one -> one.number(0, "restartCount") > 0))
        .map(Pod::name)
        .collect(Collectors.joining(","));
  }

  /** Names of stable's pods that had restarted before the release changed anything. */
  static Set<String> restless(RolloutState state) {
    return Set.of(state.facts().getOrDefault(RESTLESS, "").split(","));
  }

  /**
   * What both versions read, as it is now. A Secret that nobody knows of is none of them: it may
   * well be there.
   */
  private static List<Shared> shared(Sight sight) {
    List<Shared> all = new ArrayList<>();
    for (String name : sight.release().configs().maps()) {
      Doc live = sight.seen().configs().getOrDefault(name, Doc.EMPTY);
      all.add(new Shared(CONFIG + name, "ConfigMap " + name, live));
    }
    for (String name : sight.release().configs().secrets()) {
      Optional.ofNullable(sight.seen().secrets().get(name))
          .map(live -> new Shared(SECRET + name, "Secret " + name, live.orElse(Doc.EMPTY)))
          .ifPresent(all::add);
    }
    return all;
  }

  /**
   * One of them.
   *
   * @param fact under which its version is remembered
   * @param live empty: it is not there
   */
  private record Shared(String fact, String called, Doc live) {
    /** Empty: it is not there, or on its way out. */
    String version() {
      return live.has("metadata", "deletionTimestamp")
          ? ""
          : live.textOrEmpty("metadata", "resourceVersion");
    }

    /** Of a deletion nobody says whose it was. */
    String changedBy() {
      return version().isEmpty()
          ? "somebody deleted "
          : Managers.somebody(live, "data") + " changed ";
    }
  }

  /** Also when the clock has been set back since. */
  private static boolean isTime(Sight sight, Shared one) {
    return Optional.ofNullable(sight.state().facts().get(TOLD + one.fact()))
        .map(told -> Duration.between(Instant.parse(told), sight.now()).abs())
        .map(since -> since.compareTo(Timings.APART) >= 0)
        .orElse(true);
  }

  private static Decision told(Sight sight, Shared one) {
    String message =
        one.changedBy()
            + one.called()
            + ", which both versions read: pods that start from now on are not like those before";
    Phase phase = sight.state().current().map(Step::phase).orElse(Phase.DEPLOY);
    return new Advance(
        sight
            .state()
            .noting(one.fact(), one.version())
            .noting(TOLD + one.fact(), sight.now().toString()),
        message,
        List.of(new Event(Event.NOTE, phase, message, Doc.EMPTY)));
  }
}
