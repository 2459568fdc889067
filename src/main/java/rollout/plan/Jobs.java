package rollout.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Hashes;
import rollout.model.Marks;
import rollout.model.Service;
import rollout.plan.Release.JobName;
import rollout.strategy.BlueGreen;
import rollout.strategy.JobFile;

/** A user's Job manifest made into one of ours: a fixed name, suspended, one try, a deadline. */
final class Jobs {
  /** How long a migration may run that says nothing of it: every wait has an end. */
  static final Duration MIGRATION_DEADLINE = Duration.ofHours(1);

  /** How long a smoke test may run that says nothing of it. */
  static final Duration SMOKE_DEADLINE = Duration.ofMinutes(10);

  private static final String LOG_FALLBACK = "FallbackToLogsOnError";

  private Jobs() {}

  static JobName name(JobFile file, String target, int revision, JobRole role) {
    return new JobName(
        Made.jobName(target, revision, role), Hashes.of(file.manifest().doc("spec")));
  }

  /** The Jobs of a release, suspended. */
  static Map<JobRole, Doc> all(
      Optional<JobFile> migration, BlueGreen strategy, Survey survey, int revision) {
    Map<JobRole, Doc> jobs = new EnumMap<>(JobRole.class);
    String target = strategy.service();
    migration.ifPresent(
        file -> jobs.put(JobRole.MIGRATE, make(file, survey, target, revision, JobRole.MIGRATE)));
    strategy
        .smoke()
        .ifPresent(
            file -> jobs.put(JobRole.SMOKE, make(file, survey, target, revision, JobRole.SMOKE)));
    return jobs;
  }

  private static Doc make(JobFile file, Survey survey, String target, int revision, JobRole role) {
    JobName name = name(file, target, revision, role);
    Duration deadline = role == JobRole.MIGRATE ? MIGRATION_DEADLINE : SMOKE_DEADLINE;
    Doc given = file.manifest().doc("spec");
    Doc spec =
        given
            .with(true, "suspend")
            .with(given.number(0, "backoffLimit"), "backoffLimit")
            .with(
                given.number(deadline.toSeconds(), "activeDeadlineSeconds"),
                "activeDeadlineSeconds")
            .without("ttlSecondsAfterFinished")
            .with(template(given, target), "template");
    if (!given.has("podReplacementPolicy")
        && !given.has("podFailurePolicy")
        && Versions.atLeast(survey.version(), 29)) {
      // Two migrators at once, the old one still ending, would be worse than a late one.
      spec = spec.with("Failed", "podReplacementPolicy");
    }
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of(
            "name", name.name(),
            "namespace", survey.namespace(),
            "labels", Made.marks(target, revision),
            "annotations", Map.of(Marks.SPEC_HASH, name.specHash())),
        "spec",
        spec);
  }

  private static Doc template(Doc given, String target) {
    List<Doc> containers = new ArrayList<>();
    for (Doc container : given.doc("template", "spec").docs("containers")) {
      containers.add(
          container.has("terminationMessagePolicy")
              ? container
              : container.with(LOG_FALLBACK, "terminationMessagePolicy"));
    }
    Doc template =
        given
            .doc("template")
            .with(target, "metadata", "labels", Marks.TARGET)
            .with(containers.stream().map(Doc::members).toList(), "spec", "containers");
    return template.has("spec", "restartPolicy")
        ? template
        : template.with("Never", "spec", "restartPolicy");
  }

  /** A Job's pods must not be taken for the application's. */
  static void check(JobFile file, Survey survey, Findings findings) {
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

  /** Whether the same migration has succeeded in an earlier release: its Job is still there. */
  static boolean hasRun(JobFile file, Survey survey) {
    String hash = Hashes.of(file.manifest().doc("spec"));
    return survey.jobs().stream().anyMatch(job -> job.succeeded() && job.specHash().equals(hash));
  }
}
