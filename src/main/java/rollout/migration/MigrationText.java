package rollout.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;

/** A database's state for people: the same rows for every tool. */
public final class MigrationText {
  private MigrationText() {}

  /** One line. */
  public static String line(MigrationState state) {
    if (state.unreadable().isPresent()) {
      return "state unknown: " + state.unreadable().get();
    }
    String at = state.current().isEmpty() ? said(state) : "at " + state.current();
    String pending =
        !state.pendingKnown()
            ? ""
            : state.pending().isEmpty()
                ? ", nothing pending"
                : ", pending " + StateReader.some(state.pending());
    return at + pending;
  }

  private static String said(MigrationState state) {
    return state.applied() == 0 ? "nothing applied" : "readable";
  }

  /** The rows of the table, in order. */
  public static Map<String, String> rows(MigrationState state) {
    Map<String, String> rows = new LinkedHashMap<>();
    boolean known = state.unreadable().isEmpty();
    rows.put("applied", known ? applied(state) : "unknown");
    rows.put("pending", known && state.pendingKnown() ? list(state.pending()) : "unknown");
    rows.put("failed", known ? list(state.failed()) : "unknown");
    rows.put(
        "locked", known ? state.lock().map(holder -> "yes: " + holder).orElse("no") : "unknown");
    rows.put("dirty", known ? (state.dirty() ? "yes: " + state.current() : "no") : "unknown");
    rows.put("ahead", known ? state.ahead().map(what -> "yes: " + what).orElse("no") : "unknown");
    return rows;
  }

  private static String applied(MigrationState state) {
    String count = state.applied() < 0 ? "" : String.valueOf(state.applied());
    String newest = state.current().isEmpty() ? "" : "newest " + state.current();
    String both = count.isEmpty() || newest.isEmpty() ? count + newest : count + ", " + newest;
    return both.isEmpty() ? "the tool does not say" : both;
  }

  private static String list(List<String> names) {
    return names.isEmpty() ? "none" : StateReader.some(names);
  }

  /** The state as JSON; what a tool does not say is left out. */
  public static Doc json(MigrationState state) {
    if (state.unreadable().isPresent()) {
      return Doc.of("unknown", state.unreadable().get());
    }
    Doc doc =
        Doc.of(
            "current", state.current(),
            "failed", state.failed(),
            "dirty", state.dirty(),
            "locked", state.lock().isPresent(),
            "ahead", state.ahead().isPresent());
    Doc counted = state.applied() < 0 ? doc : doc.with(state.applied(), "applied");
    return state.pendingKnown() ? counted.with(state.pending(), "pending") : counted;
  }
}
