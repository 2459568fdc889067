package rollout.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.MetricNames;
import rollout.plan.Release.Terms;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

/** The terms of a release as a document of the journal, and back. */
final class TermsText {
  private TermsText() {}

  static Doc terms(Terms terms) {
    Doc doc =
        Doc.of(
            "hold", terms.hold(),
            "bakeMillis", terms.bake().toMillis(),
            "checks", terms.checks().stream().map(TermsText::check).toList(),
            "limits", limits(terms.limits()),
            "onNoData", terms.onNoData().name(),
            "onUndecided", terms.onUndecided().name(),
            "noWayBack", terms.noWayBack());
    return terms.metricNames().map(names -> doc.with(names(names), "metricNames")).orElse(doc);
  }

  static Terms readTerms(Doc doc) {
    return new Terms(
        doc.isTrue("hold"),
        Duration.ofMillis(doc.number(0, "bakeMillis")),
        new ArrayList<>(doc.docs("checks").stream().map(TermsText::readCheck).toList()),
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
    Doc doc = own(names);
    return names
        .byService()
        .map(
            one ->
                doc.with(one.routers(), "routers")
                    .with(one.candidate(), "candidate")
                    .with(one.stable(), "stable"))
        .orElse(doc);
  }

  private static Doc own(MetricNames names) {
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
        doc.textOrEmpty("source"),
        doc.has("routers")
            ? Optional.of(
                new MetricNames.ByService(
                    doc.textList("routers"),
                    doc.textOrEmpty("candidate"),
                    doc.textOrEmpty("stable")))
            : Optional.empty());
  }
}
