package rollout.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Service;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.strategy.Migration;
import rollout.strategy.Migration.Contract;
import rollout.strategy.Strategy;

/**
 * The preflight of {@code rollout migration contract}: nothing that the new floor shuts out has a
 * pod, or could make one.
 */
public final class Contracts {
  private final Strategy strategy;
  private final Survey survey;
  private final Contract contract;
  private final Migration migration;
  private final Findings findings = new Findings();

  private Contracts(Strategy strategy, Survey survey, Migration migration, Contract contract) {
    this.strategy = strategy;
    this.survey = survey;
    this.migration = migration;
    this.contract = contract;
  }

  /**
   * What the contract of a strategy is.
   *
   * @throws RefusedError when it has none
   */
  public static Contract of(Strategy strategy) {
    return strategy
        .migration()
        .filter(migration -> !migration.isOfHooks())
        .flatMap(Migration::contract)
        .orElseThrow(
            () ->
                RefusedError.of(
                    "the strategy has no contract, or no Job to run it in",
                    "Write 'contract: {command: [\"migrate\"], floor: 42}' under migration, beside"
                        + " a job or a preset."));
  }

  /**
   * Judges what is there.
   *
   * @param others workloads of {@code sharedBy}, whole, by how the strategy names them
   * @throws RefusedError when something below the floor could still run
   */
  public static Prepared prepare(Strategy strategy, Survey survey, Map<String, Doc> others) {
    Contract contract = of(strategy);
    return new Contracts(strategy, survey, strategy.migration().orElseThrow(), contract)
        .prepare(others);
  }

  private Prepared prepare(Map<String, Doc> others) {
    Service service = ServiceRules.target(strategy, survey);
    Deployment stable = StableFinder.find(strategy, survey, service);
    deployments(service, stable);
    others.forEach(this::other);
    long built = Schema.built(stable.template());
    Schema before = survey.schema().after(built, 0);
    if (contract.floor() > before.head()) {
      findings.refuse(
          "the floor " + contract.floor() + " is above the newest migration, " + before.head(),
          "A floor is the oldest migration that a version must have been built with.");
    }
    findings.check();
    int revision = survey.nextRevision();
    Jobs jobs =
        new Jobs(survey, service.name(), revision)
            .contracting(migration, contract, stable.template());
    jobs.check(findings);
    findings.check();
    walls(before);
    Release release =
        new Release(
            survey.namespace(),
            revision,
            Form.CONTRACT,
            Optional.empty(),
            stable(stable),
            new Contender(
                stable.name(),
                stable.uid(),
                0,
                stable.templateHash(),
                Templates.images(stable.template())),
            List.of(
                new Steered(
                    service.name(),
                    service.uid(),
                    service.selector(),
                    service.selector(),
                    service.selector())),
            Optional.empty(),
            new Release.Database(
                jobs.name(JobRole.MIGRATE),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                migration.tool().map(Migration.Tool::preset),
                migration.sharing().in(survey.namespace()),
                built,
                before,
                before.after(0, contract.floor())),
            Optional.empty(),
            Release.Configs.NONE,
            Optional.empty(),
            Optional.empty(),
            terms());
    Materials materials =
        new Materials(
            Optional.empty(),
            Optional.empty(),
            jobs.made(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            List.of(),
            Optional.empty(),
            Materials.Question.of(strategy, stable.template()));
    return new Prepared(release, materials, findings.warnings(), false);
  }

  private Stable stable(Deployment stable) {
    Optional<ReplicaSet> current =
        survey.replicaSets().stream()
            .filter(one -> one.ownedBy(stable.uid()) && one.runs(stable))
            .findFirst();
    return StableFinder.described(survey, stable, current, false);
  }

  private Terms terms() {
    return new Terms(
        false,
        Duration.ZERO,
        List.of(),
        Optional.empty(),
        strategy.limits(),
        strategy.onNoData(),
        strategy.onUndecided(),
        false);
  }

  /** The target's Deployments, what is left of their former versions, and pods that still end. */
  private void deployments(Service service, Deployment stable) {
    for (Deployment one : survey.deployments()) {
      boolean ofTarget =
          one.uid().equals(stable.uid())
              || one.doc()
                  .texts("metadata", "labels")
                  .getOrDefault(Marks.TARGET, "")
                  .equals(service.name())
              || service.selector().selects(one.podLabels());
      if (!ofTarget) {
        continue;
      }
      if (one.replicas() > 0) {
        below("Deployment " + one.name(), one.template(), "has " + one.replicas() + " replicas");
      }
      for (ReplicaSet set : survey.replicaSets()) {
        if (set.ownedBy(one.uid()) && set.wanted() > 0) {
          below("ReplicaSet " + set.name(), set.template(), "has " + set.wanted() + " replicas");
        }
      }
    }
    for (Pod pod : survey.pods()) {
      if (service.selector().selects(pod.labels()) && !pod.ended()) {
        below("Pod " + pod.name(), pod.doc(), "runs");
      }
    }
  }

  /** Somebody else on the same database. */
  private void other(String name, Doc workload) {
    String kind = workload.textOrEmpty("kind");
    String what = kind + " " + name;
    Doc spec = workload.doc("spec");
    switch (kind) {
      case "CronJob" -> {
        if (!spec.isTrue("suspend")) {
          below(what, spec.doc("jobTemplate", "spec", "template"), "is not suspended");
        }
      }
      case "Job" -> {
        Job job = new Job(workload);
        if (!job.succeeded() && !job.failed() && !job.suspended()) {
          below(what, spec.doc("template"), "has not ended");
        }
      }
      case "DaemonSet" -> below(what, spec.doc("template"), "runs on every node");
      default -> {
        long replicas = spec.number(1, "replicas");
        if (replicas > 0) {
          below(what, spec.doc("template"), "has " + replicas + " replicas");
        }
      }
    }
  }

  private void below(String what, Doc template, String could) {
    long built = Schema.built(template);
    if (built < contract.floor()) {
      findings.refuse(
          what
              + " "
              + could
              + (built == 0
                  ? " and does not say with which migration it was built"
                  : " and was built with migration " + built)
              + "; after the contract only versions built with "
              + contract.floor()
              + " or newer can run",
          "Release a newer version of it first, or scale it to 0.");
    }
  }

  /** The revisions that nobody can return to any more. */
  private void walls(Schema before) {
    Schema after = before.after(0, contract.floor());
    List<String> shut = new ArrayList<>();
    survey.revisions().entrySet().stream()
        .filter(one -> !after.bears(one.getValue().built()))
        .map(Map.Entry::getKey)
        .sorted()
        .forEach(number -> shut.add(String.valueOf(number)));
    if (!shut.isEmpty()) {
      findings.warn("after it nobody can return to revision " + String.join(", ", shut));
    }
  }

  /** Where a workload of {@code sharedBy} may be found, in this order. */
  public static List<Kind> kinds() {
    return List.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.CRON_JOB, Kind.DAEMON_SET, Kind.JOB);
  }
}
