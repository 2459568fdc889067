package rollout.plan;

import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.plan.Release.Database;
import rollout.plan.Release.Proof;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Strategy;

/**
 * The database's part of a release, with real names.
 *
 * @param freshCopy of stable, for one pod on the new schema
 */
record Proving(Jobs jobs, Database database, Optional<Doc> freshCopy) {

  /** Nothing is proven where nothing migrates, or where stable is not whole anyway. */
  static Proving of(
      Optional<Migration> migration,
      Hooks hooks,
      Strategy strategy,
      Survey survey,
      Doc candidate,
      Deployment stable,
      Optional<ReplicaSet> serving,
      boolean prepared,
      Findings findings) {
    int revision = survey.nextRevision();
    String target = strategy.service();
    Jobs jobs =
        new Jobs(survey, target, revision)
            .migrating(migration, candidate)
            .helped(hooks)
            .smoking(strategy.smoke());
    Optional<Compatibility> asked = migration.map(Migration::compatibility);
    if (asked.isPresent() && !isWhole(survey, serving)) {
      findings.warn(
          stable.name()
              + " is not whole, so nobody can tell whether it lives with the new schema: no fresh"
              + " pod of it is asked");
      asked = Optional.empty();
    }
    asked
        .map(Compatibility::command)
        .filter(command -> !command.isEmpty())
        .ifPresent(command -> jobs.testing(stable, command));
    Optional<Doc> freshCopy =
        asked
            .filter(Compatibility::freshPod)
            .flatMap(compatibility -> serving)
            .map(set -> Made.freshCopy(stable, set.template(), target, revision, prepared));
    Optional<Proof> proof =
        asked.map(
            compatibility ->
                new Proof(
                    freshCopy.map(copy -> copy.textOrEmpty("metadata", "name")),
                    jobs.name(JobRole.SELF_TEST),
                    compatibility.watchStable(),
                    compatibility.onStableBroken()));
    Database database =
        new Database(
            jobs.name(JobRole.MIGRATE),
            List.copyOf(jobs.helpers().keySet()),
            proof,
            jobs.name(JobRole.UNDO),
            migration.flatMap(Migration::tool).map(Migration.Tool::preset),
            migration.map(one -> one.sharing().in(survey.namespace())).orElse(""),
            Schema.built(candidate),
            survey.schema().after(Schema.built(stable.template()), 0),
            new Schemas(survey, findings)
                .check(
                    candidate,
                    stable.template(),
                    migration.isPresent(),
                    migration.map(Migration::floor).orElse(0L)));
    return new Proving(jobs, database, freshCopy);
  }

  /** A version that does not run well before says nothing about the schema after. */
  private static boolean isWhole(Survey survey, Optional<ReplicaSet> serving) {
    return serving
        .filter(set -> !survey.readyOf(set).isEmpty())
        .filter(
            set ->
                survey.pods().stream()
                    .filter(pod -> pod.owner().equals(set.uid()) && !pod.terminating())
                    .allMatch(Pod::ready))
        .isPresent();
  }
}
