package rollout.run;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.migration.PresetJob;
import rollout.migration.Standing;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.plan.Materials.Question;
import rollout.plan.Preflight;
import rollout.plan.Survey;
import rollout.plan.Templates;
import rollout.port.Ports;
import rollout.strategy.Candidate;
import rollout.strategy.Migration;
import rollout.strategy.Preset;
import rollout.strategy.Strategy;

/**
 * {@code rollout migration status}: the state of a target's database, by the candidate's image or
 * stable's; without a strategy that names a tool, by the Job of the last release that had one.
 */
final class MigrationStatus {
  private final Ports ports;
  private final Strategy strategy;
  private final String namespace;

  MigrationStatus(Ports ports, Strategy strategy) {
    this.ports = ports;
    this.strategy = strategy;
    this.namespace = ports.namespace(strategy.namespace());
  }

  Standing read() throws InterruptedException {
    Journal.Entry entry = new Journal(ports.cluster(), namespace, strategy.service()).read();
    Optional<Migration.Tool> named = strategy.migration().flatMap(Migration::tool);
    Strategy asked =
        strategy.candidate().orElse(null) instanceof Candidate.Image ? strategy : plain();
    Doc version = version(new Surveyor(ports.cluster(), namespace).survey(asked, entry));
    Migration.Tool tool = named.or(this::ofTheLastRelease).orElseThrow(this::unknown);
    return new Standing(
        tool.preset(),
        new MigrationQuestion(ports, namespace, strategy.service())
            .ask(new Question(tool, version), () -> false));
  }

  private RefusedError unknown() {
    return RefusedError.of(
        strategy.migration().isPresent()
            ? "the strategy names no migration tool that could be asked"
            : "no release of "
                + strategy.service()
                + " that is in the history migrated by a tool that the program knows",
        "Write 'migration: {preset: flyway, image: candidate}' into a strategy file and give it"
            + " with -s.");
  }

  private Optional<Migration.Tool> ofTheLastRelease() {
    if (strategy.migration().isPresent()) {
      return Optional.empty();
    }
    return ports
        .cluster()
        .list(Query.labelled(Kind.JOB, namespace, Map.of(Marks.TARGET, strategy.service())))
        .stream()
        .filter(job -> tool(job).isPresent())
        .max(Comparator.comparingLong(MigrationStatus::revision))
        .map(job -> PresetJob.again(tool(job).orElseThrow(), job));
  }

  private static Optional<Preset> tool(Doc job) {
    return Preset.of(job.textOrEmpty("metadata", "annotations", Marks.TOOL));
  }

  private static long revision(Doc job) {
    String revision = job.textOrEmpty("metadata", "labels", Marks.REVISION);
    return revision.matches("\\d{1,9}") ? Long.parseLong(revision) : 0;
  }

  private Strategy plain() {
    return Strategy.of(strategy.service(), namespace);
  }

  private Doc version(Survey survey) {
    Optional<Deployment> stable = Preflight.stable(plain(), survey);
    Deployment live = stable.orElseThrow();
    return strategy.candidate().orElse(null) instanceof Candidate.Image image
        ? Templates.withImages(live, image)
        : live.template();
  }
}
