package rollout.yaml;

import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.document.Doc;
import rollout.model.UserError;
import rollout.strategy.JobFile;

/** Reads the manifest of a Job that a release runs: the migration, the smoke test. */
public final class JobManifest {
  private static final SourceText.Limit LIMIT =
      new SourceText.Limit(1, 20_000, "A Job is a page of text; is it the right file?");

  private final Findings findings;
  private final Manifests.Manifest manifest;

  private JobManifest(Findings findings, Manifests.Manifest manifest) {
    this.findings = findings;
    this.manifest = manifest;
  }

  /**
   * Reads a file with exactly one Job.
   *
   * @throws UserError with everything that is wrong, each with its place
   */
  public static JobFile read(Path file) {
    SourceText source = SourceText.read(file, LIMIT);
    List<Manifests.Manifest> all = Manifests.trees(source);
    if (all.size() != 1) {
      throw UserError.of(
          all.isEmpty() ? source.name() : source.place(all.get(1).node()),
          all.isEmpty() ? "is empty." : "a second manifest, where one Job is expected.",
          "Give a file with one Job in it.");
    }
    Findings findings = new Findings(source);
    JobManifest job = new JobManifest(findings, all.getFirst());
    if (job.isJob()) {
      job.checkName();
      job.checkPods();
      job.checkOnce();
    }
    findings.orThrow();
    return new JobFile(source.line(all.getFirst().node()), all.getFirst().object());
  }

  private boolean isJob() {
    Doc object = manifest.object();
    boolean job =
        object.textOrEmpty("kind").equals("Job")
            && object.textOrEmpty("apiVersion").equals("batch/v1");
    if (!job) {
      String kind = object.textOrEmpty("kind");
      Node at = at(kind.equals("Job") || kind.isEmpty() ? "apiVersion" : "kind");
      String seen = (object.textOrEmpty("apiVersion") + " " + kind).strip();
      findings.add(
          at,
          "a Job is expected, but this is " + (seen.isEmpty() ? "none" : Seen.cut(seen)) + ".",
          "Write 'apiVersion: batch/v1' and 'kind: Job'.");
    }
    return job;
  }

  private void checkName() {
    Doc object = manifest.object();
    if (object.has("metadata", "generateName")) {
      findings.add(
          at("metadata", "generateName"),
          "a Job with generateName would be another one at each attempt and could run twice.",
          "Write 'name: migrate'; the release gives the Job a name of its own.");
    } else if (object.textOrEmpty("metadata", "name").isBlank()) {
      findings.add(at("metadata", "name"), "a Job without metadata.name.", "Give it a name.");
    }
  }

  private void checkPods() {
    Doc pod = manifest.object().doc("spec", "template", "spec");
    if (pod.docs("containers").isEmpty()) {
      findings.add(
          at("spec", "template", "spec", "containers"),
          "a Job without containers in spec.template.spec.",
          "Add 'containers: [{name: migrate, image: …}]'.");
    }
    String policy = pod.textOrEmpty("restartPolicy");
    if (!policy.equals("Never") && !policy.equals("OnFailure")) {
      findings.add(
          at("spec", "template", "spec", "restartPolicy"),
          pod.has("restartPolicy")
              ? "restartPolicy '" + Seen.cut(policy) + "' does not suit a Job, which must end."
              : "a Job without restartPolicy: the default, Always, does not suit a Job.",
          "Write 'restartPolicy: Never'.");
    }
  }

  /** It runs once, in one pod that Kubernetes tells by itself. */
  private void checkOnce() {
    Doc spec = manifest.object().doc("spec");
    for (String count : List.of("parallelism", "completions")) {
      if (spec.number(1, count) != 1) {
        findings.add(
            at("spec", count),
            count + ": " + spec.number(1, count) + " would run it several times at once.",
            "Leave it out: one pod, once.");
      }
    }
    for (String selecting : List.of("selector", "manualSelector")) {
      if (spec.has(selecting)) {
        findings.add(
            at("spec", selecting),
            "a Job with " + selecting + " may take the pods of another one.",
            "Leave it out: Kubernetes tells a Job's pods by itself.");
      }
    }
  }

  private Node at(String... path) {
    return Manifests.child(manifest.node(), path);
  }
}
