package rollout.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import rollout.model.Check;
import rollout.model.ManifestDoc;
import rollout.model.Measure;
import rollout.model.Near;
import rollout.plan.GivenRoute;
import rollout.plan.MetricRules;
import rollout.port.Connect;
import rollout.run.Rollouts.Driving;
import rollout.strategy.Candidate;
import rollout.strategy.Strategy;

/** A release that was asked for, complete and without contradictions. */
record ReleaseRequest(
    Strategy strategy, Driving driving, Connect.Where where, Telling telling, Exporting exporting) {
  /**
   * Reads everything, and throws all problems at once.
   *
   * @throws rollout.model.UserError when something is wrong
   */
  static ReleaseRequest read(
      ReleaseOptions words,
      Optional<CanaryOptions> canary,
      ConnectionOptions connection,
      OutputOptions output,
      Console console,
      FlagReader reader) {
    String namespace = connection.namespace(reader);
    InputFiles files = new InputFiles(console.in(), reader);
    CanaryFlags steps =
        canary.map(one -> CanaryFlags.read(one, files, reader)).orElse(CanaryFlags.NONE);
    ReleaseFlags flags = ReleaseFlags.read(words, steps, console, reader);
    Strategy strategy = flags.over(namespace, InputFiles.prometheusOf(console, reader));
    inspect(strategy, reader);
    if (words.strategy == null || flags.file().isPresent()) {
      complete(strategy, words, reader);
      kind(flags, canary, reader);
    }
    Telling telling =
        output
            .telling(console, reader, strategy.service(), strategy.namespace())
            .also(strategy.subscribers());
    Exporting exporting = words.export.read(console, reader);
    reader.done();
    Optional<String> where = Optional.of(strategy.namespace()).filter(name -> !name.isEmpty());
    return new ReleaseRequest(
        strategy,
        flags.driving(),
        connection.where(where, strategy.prometheus()),
        telling,
        exporting);
  }

  /** A file of the other kind, or no steps at all. */
  private static void kind(ReleaseFlags flags, Optional<CanaryOptions> canary, FlagReader reader) {
    boolean inFile = flags.file().flatMap(Strategy::canary).isPresent();
    if (canary.isEmpty() && inFile) {
      reader.problem("the strategy file is of kind Canary.", "Write: rollout canary -s FILE");
    }
    if (canary.isPresent() && flags.file().isPresent() && !inFile) {
      reader.problem("the strategy file is of kind BlueGreen.", "Write: rollout bluegreen -s FILE");
    }
    if (canary.isPresent() && flags.file().isEmpty() && canary.get().steps == null) {
      reader.problem("which steps?", "Give them, for example: --steps 5@2m,25@5m,gate,50@5m");
    }
  }

  private static void complete(Strategy strategy, ReleaseOptions words, FlagReader reader) {
    if (strategy.service().isEmpty()) {
      reader.problem(
          "which Service?",
          "Write it after the command, or as target.service in the strategy file");
    }
    boolean said = !words.images.isEmpty() || !words.files.isEmpty() || words.to != null;
    if (strategy.candidate().isEmpty() && !said) {
      reader.problem(
          "nothing to release.", "Give one of --image [CONTAINER=]IMAGE, -f FILE, --to DEPLOYMENT");
    }
    for (Check check : strategy.checks()) {
      boolean needsMetrics = !(check.measure() instanceof Measure.PodHealth);
      if (needsMetrics && strategy.prometheus().isEmpty() && words.prometheus == null) {
        reader.problem(
            "check " + check.name(),
            "needs metrics, and no Prometheus is named.",
            "Give --prometheus URL, or set ROLLOUT_PROMETHEUS");
      }
    }
  }

  private static void inspect(Strategy strategy, FlagReader reader) {
    metricNames(strategy, reader);
    GivenRoute.problems(strategy, strategy.namespace())
        .forEach(one -> reader.problem(String.valueOf(one.place()), one.wrong(), one.right()));
    for (String also : strategy.also()) {
      if (strategy.ignored().contains(also) || also.equals(strategy.service())) {
        reader.problem("--also " + also, "this Service has another part already.", "Name it once");
      }
    }
    if (strategy.candidate().orElse(null) instanceof Candidate.Manifests manifests) {
      oneDeployment(manifests, reader);
    }
  }

  private static void metricNames(Strategy strategy, FlagReader reader) {
    String names = strategy.metricNames();
    if (!Strategy.METRIC_NAMES.contains(names)) {
      String all = "Write one of " + String.join(", ", Strategy.METRIC_NAMES);
      reader.problem(
          "--metrics " + names, "no such names.", Near.hint(names, Strategy.METRIC_NAMES, all));
      return;
    }
    MetricRules.against(strategy)
        .ifPresent(one -> reader.problem("--metrics " + names, one.wrong() + ".", one.right()));
  }

  private static void oneDeployment(Candidate.Manifests manifests, FlagReader reader) {
    List<ManifestDoc> found =
        manifests.documents().stream()
            .filter(document -> document.object().textOrEmpty("kind").equals("Deployment"))
            .toList();
    if (found.isEmpty()) {
      reader.problem("the manifests have no Deployment.", "One of them must be the new version");
    } else if (found.size() > 1) {
      String names =
          found.stream()
              .map(one -> one.object().textOrEmpty("metadata", "name"))
              .collect(Collectors.joining(", "));
      reader.problem(
          "the manifests have " + found.size() + " Deployments: " + names + ".",
          "Exactly one may be the new version; release the others apart");
    }
  }
}
