package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rollout.core.Probe;
import rollout.core.Questions;
import rollout.core.Subject;
import rollout.model.Check;
import rollout.model.Deployment;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.model.MetricRound;
import rollout.model.Pod;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.plan.MetricRules;
import rollout.plan.Survey;
import rollout.port.Ports;
import rollout.strategy.Strategy;

/**
 * Asks the metrics backend about the version that serves, before anything is written: a check must
 * be able to answer.
 */
final class MetricsCheck {
  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Ports ports;
  private final Strategy strategy;

  MetricsCheck(Ports ports, Strategy strategy) {
    this.ports = ports;
    this.strategy = strategy;
  }

  /**
   * The names that the target's requests are counted under; empty when no check needs any.
   *
   * @throws RefusedError when the backend does not answer, refuses a query, or counts nothing of
   *     the target
   */
  Optional<MetricNames> names(Survey survey, Optional<Deployment> stable) {
    List<Check> checks = strategy.checks();
    if (!Probe.needed(checks)) {
      return Optional.empty();
    }
    Instant now = ports.time().now();
    Subject subject = subject(survey, stable, now);
    List<MetricNames> known = MetricRules.usable(strategy, survey, ports.metricNames());
    refusals(checks, known, subject, now);
    if (!Probe.needsNames(checks)) {
      return Optional.empty();
    }
    if (subject.stablePods().isEmpty()) {
      return Optional.of(known.getFirst());
    }
    MetricRound round = patiently(Questions.probes(checks, known, subject), now);
    return Optional.of(
        Questions.detected(checks, known, round).stream()
            .findFirst()
            .orElseThrow(() -> nothingCounted(known, subject)));
  }

  private void refusals(List<Check> checks, List<MetricNames> known, Subject subject, Instant now) {
    List<MetricQuery> queries = Questions.of(checks, known.getFirst(), subject);
    List<Problem> problems = Probe.problems(queries, patiently(queries, now), "Prometheus");
    if (!problems.isEmpty()) {
      throw new RefusedError(problems);
    }
  }

  /** Asks again where no answer came: a backend that is away for a moment ends no pipeline. */
  private MetricRound patiently(List<MetricQuery> queries, Instant now) {
    MetricRound round = ports.metrics().read(queries, now);
    try {
      for (int attempt = 1; attempt < TRIES && Probe.unanswered(queries, round); attempt++) {
        ports.time().await(ports.time().now().plus(PAUSE));
        round = ports.metrics().read(queries, now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return round;
  }

  private Subject subject(Survey survey, Optional<Deployment> stable, Instant now) {
    String name = stable.map(Deployment::name).orElse("");
    List<String> pods =
        stable
            .map(live -> survey.podsOf(live).stream().filter(Pod::ready).map(Pod::name).toList())
            .orElse(List.of());
    String service = strategy.service();
    return new Subject(survey.namespace(), name, name, pods, pods, service, service, now);
  }

  private RefusedError nothingCounted(List<MetricNames> known, Subject subject) {
    String tried = String.join(", ", known.stream().map(MetricNames::name).toList());
    boolean routers = known.stream().allMatch(names -> names.byService().isPresent());
    return RefusedError.of(
        "Prometheus has no series of "
            + (routers
                ? "requests to Service " + strategy.service()
                : "the pods of " + subject.stable())
            + " under the names tried ("
            + tried
            + "): 0 series match",
        routers
            ? "Check that it scrapes "
                + known.getFirst().word()
                + ", which counts a Service from its first request on, or name other metrics:"
                + " --metrics."
            : "Check that it scrapes them with a label 'pod' that holds the pod's name, or name the"
                + " metrics: --metrics.");
  }
}
