package rollout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.Deployment;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Steered;

/** The three selectors of a Service: as it was, stable only, candidate only. */
final class Selectors {
  /**
   * Labels of a template that are tried in combination; more would only be tried for very odd ones.
   */
  private static final int LABELS_TRIED = 12;

  private Selectors() {}

  /** For a copy: pinned by the hash of what serves, or by the track label where it is prepared. */
  static Steered copy(Service service, String hash, int revision, boolean prepared) {
    Selector original = service.selector();
    if (prepared && original.labels().containsKey(Marks.TRACK)) {
      return new Steered(
          service.name(),
          service.uid(),
          original,
          original,
          original.and(Marks.TRACK, "candidate"));
    }
    return new Steered(
        service.name(),
        service.uid(),
        original,
        hash.isEmpty() ? original : original.and(Selector.TEMPLATE_HASH, hash),
        original.and(Marks.REVISION, String.valueOf(revision)));
  }

  /**
   * For a swap: the fewest labels of the candidate's template that no other workload's pods carry.
   */
  static Optional<Steered> swap(
      Service service, Survey survey, Deployment candidate, String hash, boolean pinned) {
    Selector original = service.selector();
    Selector stable =
        pinned && !hash.isEmpty() ? original.and(Selector.TEMPLATE_HASH, hash) : original;
    return distinct(survey, candidate)
        .map(only -> new Steered(service.name(), service.uid(), original, stable, only));
  }

  private static Optional<Selector> distinct(Survey survey, Deployment candidate) {
    List<Map<String, String>> others = new ArrayList<>();
    survey.deployments().stream()
        .filter(one -> !one.uid().equals(candidate.uid()))
        .forEach(one -> others.add(one.podLabels()));
    List<String> own = survey.podsOf(candidate).stream().map(pod -> pod.uid()).toList();
    survey.pods().stream()
        .filter(pod -> !own.contains(pod.uid()))
        .forEach(pod -> others.add(pod.labels()));
    List<Map.Entry<String, String>> labels =
        candidate.podLabels().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(LABELS_TRIED)
            .toList();
    Selector best = null;
    for (int mask = 1; mask < 1 << labels.size(); mask++) {
      Selector tried = subset(labels, mask);
      boolean fewer = best == null || tried.labels().size() < best.labels().size();
      if (fewer && others.stream().noneMatch(tried::selects)) {
        best = tried;
      }
    }
    return Optional.ofNullable(best);
  }

  private static Selector subset(List<Map.Entry<String, String>> labels, int mask) {
    Selector selector = new Selector(Map.of());
    for (int i = 0; i < labels.size(); i++) {
      if ((mask & (1 << i)) != 0) {
        selector = selector.and(labels.get(i).getKey(), labels.get(i).getValue());
      }
    }
    return selector;
  }
}
