package rollout.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import rollout.core.HistoryEntry;
import rollout.document.Doc;
import rollout.model.Durations;
import rollout.plan.Form;

/** Revisions for people, and as JSON. */
record HistoryText(String service, List<HistoryEntry> entries) {
  private static final int WIDEST = 100;
  private static final List<String> TIMES = List.of("detected", "decided", "written", "observed");

  void print(PrintWriter out) {
    Table table = new Table(List.of("REVISION", "OUTCOME", "STARTED", "TOOK", "IMAGES", "REASON"));
    for (HistoryEntry entry : entries) {
      table.row(
          List.of(
              Integer.toString(entry.revision()),
              entry.outcome(),
              seconds(entry.started()),
              took(entry),
              String.join(" ", entry.images()),
              shortened(reason(entry))));
    }
    table.print(out);
  }

  /** A contract brings no version: what it has done is its reason. */
  private static String reason(HistoryEntry entry) {
    String contract =
        entry.kind().equals(Form.CONTRACT.word())
            ? "contract: only versions built with migration "
                + entry.schema().floor()
                + " or newer can run"
            : "";
    String between = contract.isEmpty() || entry.reason().isEmpty() ? "" : "; ";
    return contract + between + entry.reason();
  }

  private static String shortened(String reason) {
    return reason.length() > WIDEST ? reason.substring(0, WIDEST) + "…" : reason;
  }

  void printOne(HistoryEntry entry, PrintWriter out) {
    out.println(service + " revision " + entry.revision() + ": " + entry.outcome());
    line("promotion", entry.kind(), out);
    line("started", seconds(entry.started()), out);
    line("ended", entry.ended().map(HistoryText::seconds).orElse(""), out);
    line("took", took(entry), out);
    line("images", String.join(" ", entry.images()), out);
    line("reason", reason(entry), out);
    wayBack(entry, out);
    line("template in", entry.replicaSet(), out);
    if (!entry.replicaSet().isEmpty()) {
      String again = "rollout rollback " + service + " --to-revision " + entry.revision();
      line("return to it", again, out);
    }
    if (entry.healthVerdict()) {
      line("once more", "only with --force: its own health or numbers said no", out);
    }
  }

  /** The first time in full, the others as what it took from there. */
  private static void wayBack(HistoryEntry entry, PrintWriter out) {
    for (int i = 0; i < Math.min(TIMES.size(), entry.times().size()); i++) {
      Instant first = entry.times().getFirst();
      long after = Duration.between(first, entry.times().get(i)).toMillis();
      line(TIMES.get(i), i == 0 ? first.toString() : "after " + after + " ms", out);
    }
  }

  private static void line(String name, String text, PrintWriter out) {
    if (!text.isEmpty()) {
      out.println("  " + name + " ".repeat(14 - name.length()) + text);
    }
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String took(HistoryEntry entry) {
    return entry
        .ended()
        .map(end -> Duration.between(entry.started(), end).truncatedTo(ChronoUnit.SECONDS))
        .map(Durations::text)
        .orElse("");
  }

  /** One object a revision. */
  List<String> json() {
    return entries.stream().map(this::json).toList();
  }

  private String json(HistoryEntry entry) {
    return Doc.of(
            "type", "revision",
            "target", service,
            "revision", entry.revision(),
            "kind", entry.kind(),
            "outcome", entry.outcome(),
            "started", entry.started().toString(),
            "ended", entry.ended().map(Instant::toString).orElse(""),
            "images", entry.images(),
            "replicaSet", entry.replicaSet(),
            "reason", entry.reason(),
            "healthVerdict", entry.healthVerdict(),
            "times", entry.times().stream().map(Instant::toString).toList())
        .json();
  }
}
