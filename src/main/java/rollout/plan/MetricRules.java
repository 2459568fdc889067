package rollout.plan;

import java.util.List;
import java.util.Optional;
import rollout.model.MetricNames;
import rollout.model.Near;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.model.Service;
import rollout.router.Choice;
import rollout.router.Routers;
import rollout.strategy.Canary;
import rollout.strategy.Strategy;

/**
 * Whose numbers can tell the versions of a release apart. Those of the pods always can; a router
 * counts for each Service, so its own can only while it is the one that divides the requests.
 */
public final class MetricRules {
  private final Strategy strategy;
  private final Survey survey;

  private MetricRules(Strategy strategy, Survey survey) {
    this.strategy = strategy;
    this.survey = survey;
  }

  /** What the strategy alone says against a router's metrics. */
  public static Optional<Problem> against(Strategy strategy) {
    String word = strategy.metricNames();
    if (!Strategy.ROUTER_METRIC_NAMES.contains(word)) {
      return Optional.empty();
    }
    if (strategy.canary().isEmpty()) {
      return Optional.of(
          problem(
              word,
              "blue/green moves the requests of one Service from one version to the other",
              "rollout canary, by a route"));
    }
    return strategy.canary().get().router().equals(Canary.REPLICAS)
        ? Optional.of(problem(word, "by replicas both versions are behind one", "a router"))
        : Optional.empty();
  }

  /**
   * The names that could be meant, in the order in which to try them.
   *
   * @throws RefusedError when none of them could tell the versions apart
   */
  public static List<MetricNames> usable(
      Strategy strategy, Survey survey, List<MetricNames> known) {
    return new MetricRules(strategy, survey).usable(known);
  }

  private List<MetricNames> usable(List<MetricNames> known) {
    String word = strategy.metricNames();
    boolean any = word.equals(Strategy.AUTO);
    List<MetricNames> asked =
        known.stream().filter(names -> any || names.word().equals(word)).toList();
    if (asked.isEmpty()) {
      throw unknown(known);
    }
    Optional<String> router =
        asked.stream().anyMatch(names -> names.byService().isPresent())
            ? router(!any)
            : Optional.empty();
    List<String> ports = survey.service(strategy.service()).map(Service::ports).orElse(List.of());
    List<MetricNames> usable =
        asked.stream()
            .filter(
                names -> names.byService().isEmpty() || router.filter(names::counts).isPresent())
            .map(names -> names.at(ports))
            .toList();
    if (usable.isEmpty()) {
      throw new RefusedError(List.of(notCounted(router)));
    }
    return usable;
  }

  /**
   * The router that divides the requests; empty: none does.
   *
   * @param needed whether a reason against every router is one against the release's metrics
   */
  private Optional<String> router(boolean needed) {
    Optional<Canary> canary = strategy.canary();
    boolean byReplicas = canary.filter(one -> one.router().equals(Canary.REPLICAS)).isPresent();
    if (canary.isEmpty() || byReplicas || survey.landscape().isEmpty()) {
      return Optional.empty();
    }
    List<String> names = GivenRoute.names(canary.get(), survey.namespace());
    Choice choice = Routers.choose(canary.get().router(), names, survey.landscape().get());
    return switch (choice) {
      case Choice.Steered steered -> Optional.of(steered.router().word());
      case Choice.None none -> Optional.empty();
      case Choice.Refused(List<Problem> problems) -> {
        if (needed) {
          throw new RefusedError(problems);
        }
        yield Optional.empty();
      }
    };
  }

  private Problem notCounted(Optional<String> router) {
    String word = strategy.metricNames();
    return against(strategy)
        .orElseGet(
            () ->
                problem(
                    word,
                    router
                        .map(one -> "the requests of this release are divided by " + one)
                        .orElse(
                            "no route sends to "
                                + strategy.service()
                                + ", so both versions are behind it"),
                    router.isPresent() ? "a route of " + word : "a router"));
  }

  private static Problem problem(String word, String why, String otherwise) {
    return new Problem(
        "--metrics " + word,
        word + " counts the requests to each Service, and " + why,
        "Use names that count by pod (--metrics "
            + String.join(", ", Strategy.POD_METRIC_NAMES)
            + "), or "
            + otherwise);
  }

  private RefusedError unknown(List<MetricNames> known) {
    List<String> all = known.stream().map(MetricNames::word).distinct().toList();
    return RefusedError.of(
        "--metrics "
            + strategy.metricNames()
            + ": no such metrics; known are auto, "
            + String.join(", ", all),
        Near.hint(strategy.metricNames(), all, ""));
  }
}
