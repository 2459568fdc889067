package rollout.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.Configs;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Database;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Preset;

/** A release as a document of the journal, and back. */
final class ReleaseText {
  private static final int NEW_VERSION = -1;

  private ReleaseText() {}

  static Doc release(Release release) {
    Doc doc =
        Doc.of(
            "namespace", release.namespace(),
            "revision", release.revision(),
            "form", release.form().name(),
            "returnsTo", release.returnsTo().orElse(NEW_VERSION),
            "stable", stable(release.stable()),
            "candidate", candidate(release.candidate()),
            "services", release.services().stream().map(ReleaseText::steered).toList(),
            "configs", release.configs().maps(),
            "secrets", release.configs().secrets(),
            "tool", release.database().tool().map(Preset::word).orElse(""),
            "helpers", release.database().helpers(),
            "database", release.database().name(),
            "built", release.database().built(),
            "schemaBefore", schema(release.database().before()),
            "schemaAfter", schema(release.database().after()),
            "terms", TermsText.terms(release.terms()));
    Map<String, Doc> more = new LinkedHashMap<>();
    release.preview().ifPresent(preview -> more.put("preview", preview(preview)));
    release.migration().ifPresent(job -> more.put("migration", job(job)));
    release.database().undo().ifPresent(job -> more.put("undo", job(job)));
    release.database().proof().ifPresent(proof -> more.put("proof", proof(proof)));
    release.smoke().ifPresent(job -> more.put("smoke", job(job)));
    release.shifting().ifPresent(one -> more.put("shifting", ShiftingText.shifting(one)));
    release.scaler().ifPresent(one -> more.put("scaler", ShiftingText.scaler(one)));
    for (Map.Entry<String, Doc> one : more.entrySet()) {
      doc = doc.with(one.getValue(), one.getKey());
    }
    return doc;
  }

  static Release readRelease(Doc doc) {
    return new Release(
        doc.textOrEmpty("namespace"),
        (int) doc.number(0, "revision"),
        Form.valueOf(doc.textOrEmpty("form")),
        Optional.of((int) doc.number(NEW_VERSION, "returnsTo")).filter(it -> it != NEW_VERSION),
        readStable(doc.doc("stable")),
        readCandidate(doc.doc("candidate")),
        doc.docs("services").stream().map(ReleaseText::readSteered).toList(),
        doc.has("preview") ? Optional.of(readPreview(doc.doc("preview"))) : Optional.empty(),
        new Database(
            readJob(doc, "migration"),
            doc.textList("helpers"),
            doc.has("proof") ? Optional.of(readProof(doc.doc("proof"))) : Optional.empty(),
            readJob(doc, "undo"),
            Preset.of(doc.textOrEmpty("tool")),
            doc.textOrEmpty("database"),
            doc.number(0, "built"),
            readSchema(doc.doc("schemaBefore")),
            readSchema(doc.doc("schemaAfter"))),
        readJob(doc, "smoke"),
        new Configs(doc.textList("configs"), doc.textList("secrets")),
        part(doc, "shifting").map(ShiftingText::readShifting),
        part(doc, "scaler").map(ShiftingText::readScaler),
        TermsText.readTerms(doc.doc("terms")));
  }

  private static Optional<Doc> part(Doc doc, String name) {
    return doc.has(name) ? Optional.of(doc.doc(name)) : Optional.empty();
  }

  /** How far a database has come, as a document. */
  static Doc schema(Schema schema) {
    return Doc.of("head", schema.head(), "floor", schema.floor());
  }

  static Schema readSchema(Doc doc) {
    return new Schema(doc.number(0, "head"), doc.number(0, "floor"));
  }

  private static Doc proof(Proof proof) {
    Doc doc =
        Doc.of(
            "watchMillis", proof.watchStable().toMillis(),
            "onStableBroken", proof.onStableBroken().name(),
            "freshCopy", proof.freshCopy().orElse(""));
    return proof.selfTest().map(job -> doc.with(job(job), "selfTest")).orElse(doc);
  }

  private static Proof readProof(Doc doc) {
    return new Proof(
        doc.text("freshCopy").filter(name -> !name.isEmpty()),
        readJob(doc, "selfTest"),
        Duration.ofMillis(doc.number(0, "watchMillis")),
        OnStableBroken.valueOf(doc.textOrEmpty("onStableBroken")));
  }

  private static Doc stable(Stable stable) {
    return Doc.of(
        "name", stable.name(),
        "uid", stable.uid(),
        "replicas", stable.replicas(),
        "hash", stable.hash(),
        "replicaSet", stable.replicaSet(),
        "replicaSetUid", stable.replicaSetUid(),
        "templateHash", stable.templateHash(),
        "serving", stable.serving(),
        "pinned", stable.pinned(),
        "images", stable.images());
  }

  private static Stable readStable(Doc doc) {
    return new Stable(
        doc.textOrEmpty("name"),
        doc.textOrEmpty("uid"),
        (int) doc.number(0, "replicas"),
        doc.textOrEmpty("hash"),
        doc.textOrEmpty("replicaSet"),
        doc.textOrEmpty("replicaSetUid"),
        doc.textOrEmpty("templateHash"),
        doc.isTrue("serving"),
        doc.isTrue("pinned"),
        doc.textList("images"));
  }

  private static Doc candidate(Contender candidate) {
    return Doc.of(
        "name", candidate.name(),
        "uid", candidate.uid(),
        "formerReplicas", candidate.formerReplicas(),
        "templateHash", candidate.templateHash(),
        "images", candidate.images());
  }

  private static Contender readCandidate(Doc doc) {
    return new Contender(
        doc.textOrEmpty("name"),
        doc.textOrEmpty("uid"),
        (int) doc.number(0, "formerReplicas"),
        doc.textOrEmpty("templateHash"),
        doc.textList("images"));
  }

  private static Doc steered(Steered steered) {
    return Doc.of(
        "name", steered.name(),
        "uid", steered.uid(),
        "original", steered.original().doc(),
        "stable", steered.stable().doc(),
        "candidate", steered.candidate().doc());
  }

  private static Steered readSteered(Doc doc) {
    return new Steered(
        doc.textOrEmpty("name"),
        doc.textOrEmpty("uid"),
        new Selector(doc.texts("original")),
        new Selector(doc.texts("stable")),
        new Selector(doc.texts("candidate")));
  }

  private static Doc preview(PreviewService preview) {
    return Doc.of(
        "name", preview.name(), "uid", preview.uid(), "original", preview.original().doc());
  }

  private static PreviewService readPreview(Doc doc) {
    return new PreviewService(
        doc.textOrEmpty("name"), doc.textOrEmpty("uid"), new Selector(doc.texts("original")));
  }

  private static Doc job(JobName job) {
    return Doc.of("name", job.name(), "specHash", job.specHash());
  }

  private static Optional<JobName> readJob(Doc release, String role) {
    return release.has(role)
        ? Optional.of(
            new JobName(release.textOrEmpty(role, "name"), release.textOrEmpty(role, "specHash")))
        : Optional.empty();
  }
}
