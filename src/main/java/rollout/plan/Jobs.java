package rollout.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import rollout.document.Doc;
import rollout.migration.PresetJob;
import rollout.model.Deployment;
import rollout.model.Hashes;
import rollout.model.Marks;
import rollout.model.Service;
import rollout.plan.Release.JobName;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Preset;

/**
 * The Jobs of a release, by role, as they were given; and made into ours: a fixed name, suspended,
 * one try, a deadline.
 */
final class Jobs {
  /** How long a migration may run that says nothing of it: every wait has an end. */
  static final Duration MIGRATION_DEADLINE = Duration.ofHours(1);

  /** How long any other Job may run that says nothing of it. */
  static final Duration TEST_DEADLINE = Duration.ofMinutes(10);

  private static final List<String> CONTAINERS = List.of("initContainers", "containers");

  private static final String LOG_FALLBACK = "FallbackToLogsOnError";

  /** What a pod template says about serving requests, and means nothing in a Job. */
  private static final List<String> SERVING =
      List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "args");

  private final Survey survey;
  private final String target;
  private final int revision;
  private final Map<JobRole, JobFile> given = new EnumMap<>(JobRole.class);
  private Optional<Preset> tool = Optional.empty();
  private HookConfigs configs;

  Jobs(Survey survey, String target, int revision) {
    this.survey = survey;
    this.target = target;
    this.revision = revision;
    this.configs = new HookConfigs(List.of(), target, revision);
  }

  /**
   * With the migration, and the Job that takes it back.
   *
   * @param candidate pod template of the version whose image a Job may name without saying which
   */
  Jobs migrating(Optional<Migration> migration, Doc candidate) {
    migration.ifPresent(
        one -> {
          tool = one.tool().map(Migration.Tool::preset);
          JobFile job = withImage(one.job(), candidate);
          given.put(JobRole.MIGRATE, job);
          if (!one.undo().isEmpty()) {
            given.put(JobRole.UNDO, saying(job, one.undo()));
          }
        });
    return this;
  }

  /**
   * The same Job with the image of a version's first container where it says {@value
   * PresetJob#CANDIDATE}; it then runs with that container's rights and pull secrets, too.
   */
  static JobFile withImage(JobFile file, Doc version) {
    Doc pod = file.manifest().doc("spec", "template", "spec");
    if (containers(pod).noneMatch(Jobs::asksForImage)) {
      return file;
    }
    Doc app = version.doc("spec").docs("containers").stream().findFirst().orElse(Doc.EMPTY);
    Doc filled =
        eachContainer(
            pod,
            one ->
                asksForImage(one)
                    ? taking(one.with(app.textOrEmpty("image"), "image"), app, "securityContext")
                    : one);
    Doc rights = taking(filled, version.doc("spec"), "securityContext");
    Doc pulling = taking(rights, version.doc("spec"), "imagePullSecrets");
    return new JobFile(file.place(), file.manifest().with(pulling, "spec", "template", "spec"));
  }

  private static boolean asksForImage(Doc container) {
    return container.textOrEmpty("image").equals(PresetJob.CANDIDATE);
  }

  private static Stream<Doc> containers(Doc pod) {
    return CONTAINERS.stream().flatMap(member -> pod.docs(member).stream());
  }

  /** A pod's spec with each of its containers made into another, those that come first too. */
  private static Doc eachContainer(Doc pod, UnaryOperator<Doc> change) {
    Doc changed = pod;
    for (String member : CONTAINERS) {
      if (pod.has(member)) {
        changed = changed.with(pod.docs(member).stream().map(change).toList(), member);
      }
    }
    return changed;
  }

  private static Doc taking(Doc into, Doc from, String member) {
    return from.has(member) ? into.with(from.value(member), member) : into;
  }

  /** With the ConfigMaps that exist for the migration. */
  Jobs helped(Hooks hooks) {
    configs = new HookConfigs(hooks.configs(), target, revision);
    return this;
  }

  /** Those ConfigMaps, by name. */
  Map<String, Doc> helpers() {
    return configs.made(survey.namespace());
  }

  /** With the contract as the migration: the same Job with another command. */
  Jobs contracting(Migration migration, Migration.Contract contract, Doc serving) {
    tool = migration.tool().map(Migration.Tool::preset);
    given.put(JobRole.MIGRATE, saying(withImage(migration.job(), serving), contract.command()));
    return this;
  }

  /** With stable's own test on the new schema. */
  Jobs testing(Deployment stable, List<String> command) {
    given.put(JobRole.SELF_TEST, new JobFile("migration.compatibility", selfTest(stable, command)));
    return this;
  }

  /** With the test of the candidate. */
  Jobs smoking(Optional<JobFile> smoke) {
    smoke.ifPresent(file -> given.put(JobRole.SMOKE, file));
    return this;
  }

  /** The name of a Job and the hash that tells it; empty: there is none of this role. */
  Optional<JobName> name(JobRole role) {
    return Optional.ofNullable(given.get(role))
        .map(
            file ->
                new JobName(
                    Made.jobName(target, revision, role), Hashes.of(file.manifest().doc("spec"))));
  }

  /** All of them, suspended. */
  Map<JobRole, Doc> made() {
    Map<JobRole, Doc> jobs = new EnumMap<>(JobRole.class);
    given.forEach((role, file) -> jobs.put(role, make(role, file)));
    return jobs;
  }

  /** The same Job with another command in its first container. */
  private static JobFile saying(JobFile file, List<String> command) {
    List<Doc> containers =
        new ArrayList<>(file.manifest().docs("spec", "template", "spec", "containers"));
    containers.set(0, containers.getFirst().without("args").with(command, "command"));
    return new JobFile(
        file.place(), file.manifest().with(containers, "spec", "template", "spec", "containers"));
  }

  /**
   * Stable's first container with its environment and volumes: what it proves is what it would find
   * if it started now. Init containers may migrate, so they are left out.
   */
  private static Doc selfTest(Deployment stable, List<String> command) {
    Doc pod = stable.template().doc("spec").without("initContainers");
    Doc container = pod.docs("containers").getFirst();
    for (String serving : SERVING) {
      container = container.without(serving);
    }
    Doc spec =
        pod.with(List.of(container.with(command, "command")), "containers")
            .with("Never", "restartPolicy");
    return Doc.of("spec", Doc.of("template", Doc.of("spec", spec)));
  }

  private Doc make(JobRole role, JobFile file) {
    JobName name = name(role).orElseThrow();
    boolean migrates = role == JobRole.MIGRATE || role == JobRole.UNDO;
    Duration deadline = migrates ? MIGRATION_DEADLINE : TEST_DEADLINE;
    Doc wanted = configs.named(file.manifest().doc("spec"));
    Doc spec =
        wanted
            .with(true, "suspend")
            .with(wanted.number(0, "backoffLimit"), "backoffLimit")
            .with(
                wanted.number(deadline.toSeconds(), "activeDeadlineSeconds"),
                "activeDeadlineSeconds")
            .without("ttlSecondsAfterFinished")
            .with(template(wanted, target, name.name()), "template");
    if (!wanted.has("podReplacementPolicy")
        && !wanted.has("podFailurePolicy")
        && Versions.atLeast(survey.version(), 29)) {
      // Two migrators at once, the old one still ending, would be worse than a late one.
      spec = spec.with("Failed", "podReplacementPolicy");
    }
    Doc annotations = Doc.of(Marks.SPEC_HASH, name.specHash());
    boolean told = role == JobRole.MIGRATE && tool.isPresent();
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of(
            "name",
            name.name(),
            "namespace",
            survey.namespace(),
            "labels",
            Made.marks(target, revision),
            "annotations",
            told ? annotations.with(tool.get().word(), Marks.TOOL) : annotations),
        "spec",
        spec);
  }

  /** A container that asks for the Job's name has it: in front, so that others may refer to it. */
  private static Doc knowing(Doc container, String name) {
    List<Doc> variables = new ArrayList<>(container.docs("env"));
    boolean asks =
        variables.stream()
            .anyMatch(one -> one.textOrEmpty("value").contains(PresetJob.NAME_VARIABLE));
    if (!asks) {
      return container;
    }
    variables.addFirst(Doc.of("name", PresetJob.NAME_VARIABLE, "value", name));
    return container.with(variables, "env");
  }

  /** A Job's spec, with its name where a container asks for it. */
  static Doc named(Doc spec, String name) {
    Doc pod = spec.doc("template", "spec");
    return spec.with(eachContainer(pod, one -> knowing(one, name)), "template", "spec");
  }

  private static Doc template(Doc wanted, String target, String name) {
    List<Doc> containers =
        named(wanted, name).doc("template", "spec").docs("containers").stream()
            .map(
                one ->
                    one.has("terminationMessagePolicy")
                        ? one
                        : one.with(LOG_FALLBACK, "terminationMessagePolicy"))
            .toList();
    Doc template =
        undisturbed(wanted.doc("template"))
            .with(target, "metadata", "labels", Marks.TARGET)
            .with(containers.stream().map(Doc::members).toList(), "spec", "containers");
    return template.has("spec", "restartPolicy")
        ? template
        : template.with("Never", "spec", "restartPolicy");
  }

  /** With one try, an autoscaler that moves the pod would fail the release. */
  private static Doc undisturbed(Doc template) {
    Doc quiet = template;
    Map<String, String> said = template.texts("metadata", "annotations");
    for (Map.Entry<String, String> one : PresetJob.UNDISTURBED.entrySet()) {
      quiet =
          said.containsKey(one.getKey())
              ? quiet
              : quiet.with(one.getValue(), "metadata", "annotations", one.getKey());
    }
    return quiet;
  }

  /** A Job's pods must not be taken for the application's. */
  void check(Findings findings) {
    for (JobFile file : given.values()) {
      String namespace = file.manifest().textOrEmpty("metadata", "namespace");
      if (!namespace.isEmpty() && !namespace.equals(survey.namespace())) {
        findings.refuse(
            file.place()
                + ": the Job is for namespace "
                + namespace
                + ", but the release is in "
                + survey.namespace(),
            "Leave metadata.namespace out.");
      }
      for (Service service : survey.services()) {
        if (service
            .selector()
            .selects(file.manifest().texts("spec", "template", "metadata", "labels"))) {
          findings.refuse(
              file.place()
                  + ": the Job's pods carry the labels that Service "
                  + service.name()
                  + " selects, so they would get traffic",
              "Give the Job's pod template other labels.");
        }
      }
    }
  }

  /** Whether the same migration has succeeded in an earlier release: its Job is still there. */
  boolean hasMigrated() {
    String hash = name(JobRole.MIGRATE).map(JobName::specHash).orElse("");
    return survey.jobs().stream().anyMatch(job -> job.succeeded() && job.specHash().equals(hash));
  }

  /** Whether there is a migration. */
  boolean migrates() {
    return given.containsKey(JobRole.MIGRATE);
  }

  /** A Job that is of no revision: known by its target alone. */
  static Doc ours(String namespace, String name, String target, Doc spec) {
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of(
            "name", name,
            "namespace", namespace,
            "labels", Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, target)),
        "spec",
        spec);
  }
}
