package rollout.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;

/** Whether a second version fits beside the first, and what goes by label and would count both. */
final class CapacityRules {
  private CapacityRules() {}

  private static String name(Doc object) {
    return object.textOrEmpty("metadata", "name");
  }

  /**
   * Two budgets over one pod make its eviction an error; an absolute one is satisfied by the idle
   * version.
   */
  static void budgets(Survey survey, Deployment stable, Findings findings) {
    PodLabels pods = new PodLabels(stable.podLabels());
    List<Doc> over =
        survey.budgets().stream()
            .filter(budget -> pods.selectedBy(budget.doc("spec"), "selector"))
            .toList();
    if (over.size() > 1) {
      findings.refuse(
          over.size()
              + " PodDisruptionBudgets cover the pods of "
              + stable.name()
              + ": "
              + String.join(", ", over.stream().map(CapacityRules::name).toList())
              + ". Their eviction fails, so no node could be drained",
          "Keep one.");
    }
    over.stream()
        .filter(budget -> budget.value("spec", "minAvailable") instanceof Number)
        .forEach(
            budget ->
                findings.warn(
                    "PodDisruptionBudget "
                        + name(budget)
                        + " has an absolute minAvailable: while two versions run, the idle one"
                        + " satisfies it, and a drain could take every pod that serves. Prefer"
                        + " maxUnavailable."));
  }

  /** Required anti-affinity needs twice the nodes while two versions run. */
  static void affinity(Deployment stable, Findings findings) {
    boolean apart =
        stable
            .template()
            .docs(
                "spec",
                "affinity",
                "podAntiAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution")
            .stream()
            .anyMatch(term -> new PodLabels(stable.podLabels()).selectedBy(term, "labelSelector"));
    if (apart) {
      findings.warn(
          "the pods of "
              + stable.name()
              + " must not share a node (required anti-affinity): the candidate needs as many nodes"
              + " again");
    }
  }

  /** The candidate's pods against the namespace's quotas. */
  static void quotas(Survey survey, Doc template, int pods, Findings findings) {
    for (Doc quota : survey.quotas()) {
      for (Map.Entry<String, String> hard : quota.texts("status", "hard").entrySet()) {
        Optional<BigDecimal> one = needed(template, hard.getKey());
        Optional<BigDecimal> limit = Quantity.parse(hard.getValue());
        Optional<BigDecimal> used =
            Quantity.parse(quota.texts("status", "used").getOrDefault(hard.getKey(), "0"));
        if (one.isEmpty() || limit.isEmpty() || used.isEmpty()) {
          continue;
        }
        BigDecimal all = one.get().multiply(BigDecimal.valueOf(pods)).add(used.get());
        if (all.compareTo(limit.get()) > 0) {
          findings.refuse(
              "ResourceQuota "
                  + name(quota)
                  + " leaves no room for "
                  + pods
                  + " more pods: "
                  + hard.getKey()
                  + " would be "
                  + all.stripTrailingZeros().toPlainString()
                  + " of "
                  + hard.getValue(),
              "Raise the quota, or make room.");
        }
      }
    }
  }

  private static Optional<BigDecimal> needed(Doc template, String resource) {
    return switch (resource) {
      case "pods", "count/pods" -> Optional.of(BigDecimal.ONE);
      case "cpu", "requests.cpu" -> sum(template, "requests", "cpu");
      case "memory", "requests.memory" -> sum(template, "requests", "memory");
      case "limits.cpu" -> sum(template, "limits", "cpu");
      case "limits.memory" -> sum(template, "limits", "memory");
      default -> Optional.empty();
    };
  }

  /** A request that is not said is as high as the limit. */
  private static String amount(Doc container, String side, String resource) {
    String limit = container.texts("resources", "limits").getOrDefault(resource, "0");
    return container.texts("resources", side).getOrDefault(resource, limit);
  }

  private static Optional<BigDecimal> sum(Doc template, String side, String resource) {
    return template.docs("spec", "containers").stream()
        .map(container -> amount(container, side, resource))
        .map(Quantity::parse)
        .flatMap(Optional::stream)
        .reduce(BigDecimal::add);
  }
}
