package rollout.run;

import java.util.Optional;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.model.Deployment;
import rollout.model.RefusedError;
import rollout.plan.Materials.Question;
import rollout.plan.Preflight;
import rollout.plan.Survey;
import rollout.plan.Templates;
import rollout.port.Ports;
import rollout.strategy.BlueGreen;
import rollout.strategy.Candidate;
import rollout.strategy.Migration;

/**
 * {@code rollout migration status}: the state of a target's database, by the candidate's image or
 * stable's.
 */
final class MigrationStatus {
  private final Ports ports;
  private final BlueGreen strategy;

  MigrationStatus(Ports ports, BlueGreen strategy) {
    this.ports = ports;
    this.strategy = strategy;
  }

  MigrationState read() throws InterruptedException {
    Migration.Tool tool =
        strategy
            .migration()
            .flatMap(Migration::tool)
            .orElseThrow(
                () ->
                    RefusedError.of(
                        "the strategy names no migration tool that could be asked",
                        "Write 'migration: {preset: flyway, image: candidate}' into it."));
    String namespace = strategy.namespace().isEmpty() ? ports.namespace() : strategy.namespace();
    Journal.Entry entry = new Journal(ports.cluster(), namespace, strategy.service()).read();
    BlueGreen asked =
        strategy.candidate().orElse(null) instanceof Candidate.Image ? strategy : plain(namespace);
    return new MigrationQuestion(ports, namespace, strategy.service())
        .ask(
            new Question(
                tool, version(new Surveyor(ports.cluster(), namespace).survey(asked, entry))));
  }

  private BlueGreen plain(String namespace) {
    return BlueGreen.of(strategy.service(), namespace);
  }

  private Doc version(Survey survey) {
    Optional<Deployment> stable = Preflight.stable(plain(survey.namespace()), survey);
    Deployment live = stable.orElseThrow();
    return strategy.candidate().orElse(null) instanceof Candidate.Image image
        ? Templates.withImages(live, image)
        : live.template();
  }
}
