package rollout.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Deployment;
import rollout.model.HeldError;
import rollout.model.Marks;
import rollout.plan.Release.Scaler;
import rollout.strategy.Strategy;

/** What sizes the two versions by load, and whether a release can steer it. */
final class ScalerRules {
  private static final Set<String> OF_PODS = Set.of("Resource", "ContainerResource", "Pods");
  private static final Set<String> TRIGGERS_OF_PODS = Set.of("cpu", "memory");

  private ScalerRules() {}

  /**
   * The one that the release has to do with.
   *
   * @param given the candidate, where the user made it
   */
  static Optional<Scaler> of(
      Strategy strategy,
      Survey survey,
      Deployment stable,
      Optional<Deployment> given,
      Findings findings) {
    survey.scalers().stream()
        .filter(one -> one.scales(stable.name()) || holds(one, stable.name()))
        .forEach(ScalerRules::free);
    Optional<Autoscaler> own = given.flatMap(live -> only(survey, live.name(), findings));
    own.ifPresent(one -> keepsEnough(one, given.orElseThrow(), stable, findings));
    Optional<Autoscaler> found = only(survey, stable.name(), findings);
    if (found.isEmpty()) {
      return own.map(one -> described(one, Scaler.Sizes.CANDIDATE));
    }
    Autoscaler live = found.get();
    if (own.isEmpty()) {
      gitOps(strategy, live, findings);
    }
    keda(live, own.isPresent(), stable, findings);
    return Optional.of(described(live, own.isEmpty() ? Scaler.Sizes.SERVING : Scaler.Sizes.STABLE));
  }

  private static Scaler described(Autoscaler live, Scaler.Sizes sizes) {
    return new Scaler(live.kind(), live.name(), live.uid(), live.floor(), sizes);
  }

  private static Optional<Autoscaler> only(Survey survey, String deployment, Findings findings) {
    List<Autoscaler> all =
        survey.scalers().stream()
            .filter(one -> one.scales(deployment) && !one.ownedByKeda())
            .toList();
    if (all.size() > 1) {
      findings.refuse(
          "Deployment "
              + deployment
              + " is scaled by "
              + all.size()
              + " at once: "
              + String.join(", ", all.stream().map(ScalerRules::name).toList()),
          "Kubernetes lets both stop. Keep one.");
    }
    return all.stream().findFirst();
  }

  private static String name(Autoscaler live) {
    return live.kind() + " " + live.name();
  }

  /** It may still point at a candidate that is gone. */
  private static boolean holds(Autoscaler live, String deployment) {
    return live.state().textOrEmpty("stable").equals(deployment)
        || live.state().textOrEmpty("candidate").equals(deployment);
  }

  /** One in the hands of a release that nobody remembers. */
  private static void free(Autoscaler live) {
    if (!live.stateText().isEmpty()) {
      throw new HeldError(
          name(live)
              + " carries "
              + Marks.STATE
              + " of a release (Service "
              + live.state().textOrEmpty("target")
              + ", revision "
              + live.state().number(0, "revision")
              + ") that did not put it back.  To put it back: rollout repair "
              + live.state().textOrEmpty("target"));
    }
  }

  /** It goes by the load of the pods that it points at, so it must point at those that serve. */
  private static void gitOps(Strategy strategy, Autoscaler live, Findings findings) {
    if (strategy.permissions().gitopsSuspended() || !goesByPods(live)) {
      return;
    }
    live.doc().docs("metadata", "managedFields").stream()
        .filter(entry -> entry.textOrEmpty("operation").equals("Apply"))
        .filter(entry -> entry.has("fieldsV1", "f:spec"))
        .map(entry -> entry.textOrEmpty("manager"))
        .filter(manager -> !manager.equals(Marks.MANAGER) && !manager.startsWith("kubectl"))
        .findFirst()
        .ifPresent(manager -> findings.refuse(applied(live, manager), SUSPEND));
  }

  private static String applied(Autoscaler live, String manager) {
    return name(live)
        + " is owned by the server-side apply of "
        + manager
        + ", which would point it back at the version without traffic in the middle of the release,"
        + " and it goes by the load of its pods";
  }

  private static final String SUSPEND = "Suspend it for the release and say --gitops-suspended.";

  private static boolean goesByPods(Autoscaler live) {
    if (live.keda()) {
      return live.doc().docs("spec", "triggers").stream()
          .anyMatch(one -> TRIGGERS_OF_PODS.contains(one.textOrEmpty("type")));
    }
    // Without any metric it goes by 80 % of the CPU.
    List<Doc> metrics = live.doc().docs("spec", "metrics");
    return metrics.isEmpty()
        || metrics.stream().anyMatch(one -> OF_PODS.contains(one.textOrEmpty("type")));
  }

  /** A candidate that is idle until the switch loses pods to its own scaler before. */
  private static void keepsEnough(
      Autoscaler own, Deployment candidate, Deployment stable, Findings findings) {
    if (own.least() < stable.replicas()) {
      findings.refuse(
          name(own)
              + " sizes "
              + candidate.name()
              + " by its own load, at least "
              + own.least()
              + " pods: while it has no traffic it would not keep the "
              + stable.replicas()
              + " that "
              + stable.name()
              + " has",
          "Set its "
              + (own.keda() ? "minReplicaCount" : "minReplicas")
              + " to "
              + stable.replicas()
              + " for the time of the release.");
    }
  }

  private static void keda(Autoscaler live, boolean stays, Deployment stable, Findings findings) {
    if (!live.keda()) {
      return;
    }
    findings.warn(
        name(live)
            + " is kept from shrinking "
            + stable.name()
            + " by "
            + Autoscaler.PAUSED_SCALE_IN
            + ", which KEDA knows from 2.18 on");
    if (stays && live.least() > 0) {
      findings.warn(
          name(live)
              + " has minReplicaCount "
              + live.least()
              + ": "
              + stable.name()
              + " does not stay without pods when the release is over");
    }
  }
}
