package rollout.core;

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
 * already, and the ConfigMaps that both versions read. Of those every change is told, with who made
 * it: pods that start from then on read something else than those that run.
 */
final class Baseline {
  private static final String RESTLESS = "restless";
  private static final String CONFIG = "config/";

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
    for (String config : sight.release().configs()) {
      String before = facts.get(CONFIG + config);
      String now = version(sight, config);
      if (before == null) {
        unknown.put(CONFIG + config, now);
      } else if (!before.equals(now)) {
        return Optional.of(told(sight, config, now));
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

  private static String version(Sight sight, String config) {
    return Optional.ofNullable(sight.seen().configs().get(config))
        .map(doc -> doc.textOrEmpty("metadata", "resourceVersion"))
        .orElse("");
  }

  private static Decision told(Sight sight, String config, String now) {
    Doc live = sight.seen().configs().getOrDefault(config, Doc.EMPTY);
    String message =
        Managers.somebody(live, "data")
            + (now.isEmpty() ? " deleted" : " changed")
            + " ConfigMap "
            + config
            + ", which both versions read: pods that start from now on are not like those before";
    Phase phase = sight.state().current().map(Step::phase).orElse(Phase.DEPLOY);
    return new Advance(
        sight.state().noting(CONFIG + config, now),
        message,
        List.of(new Event(Event.NOTE, phase, message, Doc.EMPTY)));
  }
}
