package rollout.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.HeldError;
import rollout.model.Owner;
import rollout.model.Pod;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.model.Service;
import rollout.strategy.Strategy;

/** Which Deployment serves behind a Service, and which of its ReplicaSets. */
final class StableFinder {
  private StableFinder() {}

  /** The Deployment behind the Service. */
  static Deployment find(Strategy strategy, Survey survey, Service service) {
    Set<String> owners = owners(survey, service);
    survey.deployments().stream()
        .filter(one -> owners.contains("Deployment " + one.name()))
        .forEach(StableFinder::free);
    if (owners.size() > 1) {
      throw RefusedError.of(
          "Service "
              + service.name()
              + " selects pods of "
              + owners.size()
              + " workloads: "
              + String.join(", ", owners),
          "A release moves all traffic from one Deployment to another: narrow the selector first.");
    }
    if (strategy.from().isPresent()) {
      return survey
          .deployment(strategy.from().get())
          .filter(from -> owners.isEmpty() || owners.contains("Deployment " + from.name()))
          .orElseThrow(
              () ->
                  RefusedError.of(
                      "Service "
                          + service.name()
                          + " does not send to Deployment "
                          + strategy.from().get(),
                      behind(owners)));
    }
    if (owners.isEmpty()) {
      return byLabels(survey, service);
    }
    String owner = owners.iterator().next();
    return survey.deployments().stream()
        .filter(one -> owner.equals("Deployment " + one.name()))
        .findFirst()
        .orElseThrow(
            () ->
                RefusedError.of(
                    "Service " + service.name() + " sends to " + owner + ", which is no Deployment",
                    "Only Deployments can be released."));
  }

  private static String behind(Set<String> owners) {
    return owners.isEmpty() ? "" : "It sends to " + String.join(", ", owners) + ".";
  }

  private static Deployment byLabels(Survey survey, Service service) {
    List<Deployment> fitting =
        survey.deployments().stream()
            .filter(one -> service.selector().selects(one.podLabels()))
            .toList();
    if (fitting.size() == 1) {
      return fitting.getFirst();
    }
    throw RefusedError.of(
        "no pod is behind Service "
            + service.name()
            + ", and "
            + fitting.size()
            + " Deployments fit its selector "
            + service.selector(),
        "Say which one is stable: --from DEPLOYMENT.");
  }

  private static Set<String> owners(Survey survey, Service service) {
    Set<String> owners = new LinkedHashSet<>();
    for (Pod pod : survey.pods()) {
      if (!pod.terminating() && !pod.ended() && service.selector().selects(pod.labels())) {
        owners.add(ownerOf(survey, pod));
      }
    }
    return owners;
  }

  private static String ownerOf(Survey survey, Pod pod) {
    Doc direct = Owner.reference(pod.doc());
    Optional<ReplicaSet> set =
        survey.replicaSets().stream().filter(one -> one.uid().equals(pod.owner())).findFirst();
    Doc owner =
        set.map(one -> Owner.reference(one.doc())).filter(one -> !one.isEmpty()).orElse(direct);
    return owner.isEmpty()
        ? "Pod " + pod.name()
        : owner.textOrEmpty("kind") + " " + owner.textOrEmpty("name");
  }

  /** Another release holds it: what is strange about it now is that release's doing. */
  private static void free(Deployment live) {
    if (!live.claim().isEmpty()) {
      throw new HeldError(
          "Deployment "
              + live.name()
              + " is held by the release of Service "
              + live.claim().textOrEmpty("target")
              + ", revision "
              + live.claim().number(0, "revision")
              + ".  See: rollout status "
              + live.claim().textOrEmpty("target"));
    }
  }

  /** Whether the Deployment can be released at all, as it stands. */
  static void check(Strategy strategy, Survey survey, Deployment stable, Findings findings) {
    free(stable);
    if (stable.paused()) {
      findings.refuse(
          "Deployment " + stable.name() + " is paused, and not by us",
          "Somebody waits for something: kubectl rollout resume deployment/" + stable.name());
    }
    if (stable.doc().number(10, "spec", "revisionHistoryLimit") == 0) {
      findings.refuse(
          "Deployment "
              + stable.name()
              + " keeps no old ReplicaSet (revisionHistoryLimit: 0), so there is nothing to go back"
              + " to",
          "Set spec.revisionHistoryLimit to 2 or more.");
    }
    if (stable.doc().textOrEmpty("spec", "strategy", "type").equals("Recreate")) {
      findings.warn(
          "Deployment "
              + stable.name()
              + " has strategy Recreate: it keeps its traffic on the candidate until it runs"
              + " again");
    }
    serving(strategy, survey, stable, findings);
  }

  /** The ReplicaSet whose pods serve. */
  static Optional<ReplicaSet> serving(
      Strategy strategy, Survey survey, Deployment stable, Findings findings) {
    List<ReplicaSet> ready = new ArrayList<>();
    for (ReplicaSet set : survey.setsOf(stable)) {
      if (!survey.readyOf(set).isEmpty()) {
        ready.add(set);
      }
    }
    if (ready.size() > 1) {
      findings.refuse(
          "Deployment "
              + stable.name()
              + " is in the middle of a rollout: ready pods of "
              + ready.size()
              + " ReplicaSets serve",
          "Wait for it: kubectl rollout status deployment/" + stable.name());
      return Optional.empty();
    }
    if (ready.isEmpty() && !strategy.permissions().noWayBack()) {
      findings.refuse(
          "no pod of Deployment " + stable.name() + " is ready, so there would be no way back",
          "To release all the same: --no-way-back");
    }
    if (!ready.isEmpty() && !ready.getFirst().templateHash().equals(stable.templateHash())) {
      findings.warn(
          "Deployment "
              + stable.name()
              + " is stuck: what serves is "
              + ready.getFirst().name()
              + ", not its newest template; going back means going back to that");
    }
    return ready.isEmpty() ? current(survey, stable) : Optional.of(ready.getFirst());
  }

  private static Optional<ReplicaSet> current(Survey survey, Deployment stable) {
    return survey.setsOf(stable).stream().filter(set -> set.runs(stable)).findFirst();
  }

  /**
   * The version that serves, as a release remembers it.
   *
   * @param serving the ReplicaSet whose pods serve
   * @param pinned whether the Services must keep to its pods
   */
  static Release.Stable described(
      Survey survey, Deployment stable, Optional<ReplicaSet> serving, boolean pinned) {
    return new Release.Stable(
        stable.name(),
        stable.uid(),
        stable.replicas(),
        serving.map(ReplicaSet::hash).orElse(""),
        serving.map(ReplicaSet::name).orElse(""),
        serving.map(ReplicaSet::uid).orElse(""),
        stable.templateHash(),
        serving.map(set -> !survey.readyOf(set).isEmpty()).orElse(false),
        pinned,
        Templates.images(stable.template()));
  }
}
