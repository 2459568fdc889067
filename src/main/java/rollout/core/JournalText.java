package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricNames;
import rollout.model.Selector;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.Contender;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.strategy.BlueGreen.Limits;
import rollout.strategy.BlueGreen.OnMissing;

/**
 * A state as the journal holds it, and back. Tallies are not in it. No template and no environment
 * value is in a state, so none can get here.
 */
public final class JournalText {
  /** Rises when an older program could not read the text any more. */
  private static final int FORMAT = 1;

  private JournalText() {}

  /** The state as a document. */
  public static Doc write(RolloutState state) {
    Doc doc =
        Doc.of(
            "format", FORMAT,
            "epoch", state.epoch(),
            "by", state.by(),
            "course", state.course().name(),
            "step", state.step(),
            "stepId", state.current().map(step -> step.id()).orElse("end"),
            "stepStarted", state.stepStarted().toString(),
            "started", state.started().toString(),
            "uids", state.uids(),
            "facts", state.facts(),
            "release", release(state.release()));
    return state.going().map(going -> doc.with(going(going), "going")).orElse(doc);
  }

  /**
   * Reads it back.
   *
   * @throws IllegalArgumentException when it is damaged, or of a newer program
   */
  public static RolloutState read(Doc doc) {
    if (doc.number(0, "format") != FORMAT) {
      throw new IllegalArgumentException(
          "journal of format " + doc.number(0, "format") + "; this program reads " + FORMAT);
    }
    try {
      return checked(
          new RolloutState(
              readRelease(doc.doc("release")),
              Course.valueOf(doc.textOrEmpty("course")),
              (int) doc.number(0, "step"),
              Instant.parse(doc.textOrEmpty("stepStarted")),
              Instant.parse(doc.textOrEmpty("started")),
              doc.number(0, "epoch"),
              doc.textOrEmpty("by"),
              doc.texts("uids"),
              doc.texts("facts"),
              doc.has("going") ? Optional.of(readGoing(doc.doc("going"))) : Optional.empty(),
              Tallies.NONE));
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException("damaged journal: " + e.getMessage(), e);
    }
  }

  /** A step that is none would look like the end, and the end like success. */
  private static RolloutState checked(RolloutState state) {
    if (state.step() < 0 || state.step() > state.steps().size()) {
      throw new IllegalArgumentException("damaged journal: there is no step " + state.step());
    }
    if (state.by().isEmpty() || (state.course() != Course.FORWARD && state.going().isEmpty())) {
      throw new IllegalArgumentException("damaged journal: the driver or the reason is missing");
    }
    return state;
  }

  private static Doc going(GoingBack going) {
    Doc doc =
        Doc.of(
            "cause", going.cause().word(),
            "reason", going.reason(),
            "leftAt", going.leftAt(),
            "shifted", going.shifted(),
            "detected", going.detected().toString(),
            "decided", going.decided().toString());
    Doc written = going.written().map(at -> doc.with(at.toString(), "written")).orElse(doc);
    return going.observed().map(at -> written.with(at.toString(), "observed")).orElse(written);
  }

  private static GoingBack readGoing(Doc doc) {
    return new GoingBack(
        Cause.of(doc.textOrEmpty("cause")),
        doc.textOrEmpty("reason"),
        (int) doc.number(0, "leftAt"),
        doc.isTrue("shifted"),
        Instant.parse(doc.textOrEmpty("detected")),
        Instant.parse(doc.textOrEmpty("decided")),
        doc.text("written").map(Instant::parse),
        doc.text("observed").map(Instant::parse));
  }

  private static Doc release(Release release) {
    Doc doc =
        Doc.of(
            "namespace", release.namespace(),
            "revision", release.revision(),
            "form", release.form().name(),
            "returning", release.returning(),
            "stable", stable(release.stable()),
            "candidate", candidate(release.candidate()),
            "services", release.services().stream().map(JournalText::steered).toList(),
            "terms", terms(release.terms()));
    Map<String, Doc> more = new LinkedHashMap<>();
    release.preview().ifPresent(preview -> more.put("preview", preview(preview)));
    release.migration().ifPresent(job -> more.put("migration", job(job)));
    release.smoke().ifPresent(job -> more.put("smoke", job(job)));
    for (Map.Entry<String, Doc> one : more.entrySet()) {
      doc = doc.with(one.getValue(), one.getKey());
    }
    return doc;
  }

  private static Release readRelease(Doc doc) {
    return new Release(
        doc.textOrEmpty("namespace"),
        (int) doc.number(0, "revision"),
        Form.valueOf(doc.textOrEmpty("form")),
        doc.isTrue("returning"),
        readStable(doc.doc("stable")),
        readCandidate(doc.doc("candidate")),
        doc.docs("services").stream().map(JournalText::readSteered).toList(),
        doc.has("preview") ? Optional.of(readPreview(doc.doc("preview"))) : Optional.empty(),
        readJob(doc, "migration"),
        readJob(doc, "smoke"),
        readTerms(doc.doc("terms")));
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
        "pinned", stable.pinned());
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
        doc.isTrue("pinned"));
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

  private static Doc terms(Terms terms) {
    Doc doc =
        Doc.of(
            "hold", terms.hold(),
            "bakeMillis", terms.bake().toMillis(),
            "checks", terms.checks().stream().map(JournalText::check).toList(),
            "limits", limits(terms.limits()),
            "onNoData", terms.onNoData().name(),
            "onUndecided", terms.onUndecided().name(),
            "noWayBack", terms.noWayBack());
    return terms.metricNames().map(names -> doc.with(names(names), "metricNames")).orElse(doc);
  }

  private static Terms readTerms(Doc doc) {
    return new Terms(
        doc.isTrue("hold"),
        Duration.ofMillis(doc.number(0, "bakeMillis")),
        new ArrayList<>(doc.docs("checks").stream().map(JournalText::readCheck).toList()),
        doc.has("metricNames") ? Optional.of(readNames(doc.doc("metricNames"))) : Optional.empty(),
        readLimits(doc.doc("limits")),
        OnMissing.valueOf(doc.textOrEmpty("onNoData")),
        OnMissing.valueOf(doc.textOrEmpty("onUndecided")),
        doc.isTrue("noWayBack"));
  }

  private static Doc limits(Limits limits) {
    Doc doc =
        Doc.of(
            "readyMillis", limits.ready().toMillis(),
            "gateMillis", limits.gate().toMillis(),
            "settleMillis", limits.settle().toMillis(),
            "noDataMillis", limits.noData().toMillis(),
            "keepFailedMillis", limits.keepFailed().toMillis());
    return limits.overall().map(all -> doc.with(all.toMillis(), "overallMillis")).orElse(doc);
  }

  private static Limits readLimits(Doc doc) {
    return new Limits(
        Duration.ofMillis(doc.number(0, "readyMillis")),
        Duration.ofMillis(doc.number(0, "gateMillis")),
        Duration.ofMillis(doc.number(0, "settleMillis")),
        Duration.ofMillis(doc.number(0, "noDataMillis")),
        doc.has("overallMillis")
            ? Optional.of(Duration.ofMillis(doc.number(0, "overallMillis")))
            : Optional.empty(),
        Duration.ofMillis(doc.number(0, "keepFailedMillis")));
  }

  private static Doc check(Check check) {
    Doc measure =
        switch (check.measure()) {
          case Measure.ErrorRate() -> Doc.of("kind", "error-rate");
          case Measure.Latency(double share) -> Doc.of("kind", "latency", "share", share);
          case Measure.PodHealth() -> Doc.of("kind", "pod-health");
          case Measure.Expression(String promql) -> Doc.of("kind", "expression", "promql", promql);
        };
    return Doc.of(
        "name", check.name(),
        "measure", measure,
        "max", check.max(),
        "minRequests", check.minRequests(),
        "everyMillis", check.every().toMillis(),
        "consecutive", check.consecutive(),
        "onFail", check.onFail().name());
  }

  private static Check readCheck(Doc doc) {
    Doc measure = doc.doc("measure");
    Measure what =
        switch (measure.textOrEmpty("kind")) {
          case "error-rate" -> new Measure.ErrorRate();
          case "latency" -> new Measure.Latency(decimal(measure, "share"));
          case "pod-health" -> new Measure.PodHealth();
          default -> new Measure.Expression(measure.textOrEmpty("promql"));
        };
    return new Check(
        doc.textOrEmpty("name"),
        what,
        decimal(doc, "max"),
        doc.number(0, "minRequests"),
        Duration.ofMillis(doc.number(0, "everyMillis")),
        (int) doc.number(1, "consecutive"),
        Check.OnFail.valueOf(doc.textOrEmpty("onFail")));
  }

  private static double decimal(Doc doc, String name) {
    return doc.value(name) instanceof Number number ? number.doubleValue() : 0;
  }

  private static Doc names(MetricNames names) {
    return Doc.of(
        "name", names.name(),
        "meaning", names.meaning(),
        "total", names.total(),
        "bad", names.bad(),
        "buckets", names.buckets(),
        "secondsPerUnit", names.secondsPerUnit(),
        "source", names.source());
  }

  private static MetricNames readNames(Doc doc) {
    return new MetricNames(
        doc.textOrEmpty("name"),
        doc.textOrEmpty("meaning"),
        doc.textOrEmpty("total"),
        doc.textOrEmpty("bad"),
        doc.textOrEmpty("buckets"),
        decimal(doc, "secondsPerUnit"),
        doc.textOrEmpty("source"));
  }

  /** One entry of the history as a document. */
  public static Doc history(HistoryEntry entry) {
    Doc doc =
        Doc.of(
            "revision", entry.revision(),
            "kind", entry.kind(),
            "outcome", entry.outcome(),
            "started", entry.started().toString(),
            "images", entry.images(),
            "replicaSet", entry.replicaSet(),
            "templateHash", entry.templateHash(),
            "reason", entry.reason(),
            "healthVerdict", entry.healthVerdict(),
            "times", entry.times().stream().map(Instant::toString).toList());
    return entry.ended().map(at -> doc.with(at.toString(), "ended")).orElse(doc);
  }

  /** Reads an entry of the history. */
  public static HistoryEntry readHistory(Doc doc) {
    List<Instant> times = doc.textList("times").stream().map(Instant::parse).toList();
    return new HistoryEntry(
        (int) doc.number(0, "revision"),
        doc.textOrEmpty("kind"),
        doc.textOrEmpty("outcome"),
        Instant.parse(doc.textOrEmpty("started")),
        doc.text("ended").map(Instant::parse),
        doc.textList("images"),
        doc.textOrEmpty("replicaSet"),
        doc.textOrEmpty("templateHash"),
        doc.textOrEmpty("reason"),
        doc.isTrue("healthVerdict"),
        times);
  }
}
