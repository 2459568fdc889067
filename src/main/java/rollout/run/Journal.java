package rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.JournalText;
import rollout.core.Observation.Request;
import rollout.core.Pausing;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.document.Recent;
import rollout.model.Hashes;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/** The state and the history of a target, in one ConfigMap, written by compare-and-set. */
final class Journal {
  /** How many revisions the history keeps. */
  static final int KEPT = 20;

  private static final String STATE = "state.json";
  private static final String HISTORY = "history.json";
  private static final String REQUEST = "request.json";
  private static final java.util.regex.Pattern REVISION =
      java.util.regex.Pattern.compile("\"revision\":(\\d{1,9})");
  private static final String DAMAGED = "damaged-";
  private static final int KEPT_DAMAGE = 64 * 1024;
  private static final int NAME_LIMIT = 63;
  private static final java.util.Set<String> GOOD =
      java.util.Set.of("done", "installed", "returned", "found", "repaired");

  /** The answer to a write comes back by the watch. */
  private static final Recent<Doc, Entry> READ = new Recent<>(2, Journal::parsed);

  /** It stays the same through a whole release. */
  private static final Recent<String, List<HistoryEntry>> PAST = new Recent<>(2, Journal::past);

  private final Cluster cluster;
  private final String namespace;
  private final String target;

  Journal(Cluster cluster, String namespace, String target) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.target = target;
  }

  Ref ref() {
    return new Ref(Kind.CONFIG_MAP, namespace, Hashes.name("rollout-" + target, NAME_LIMIT));
  }

  /** What stands in it now; an entry without version when there is none. */
  Entry read() {
    return cluster.get(ref()).map(Journal::entry).orElse(Entry.NONE);
  }

  static Entry entry(Doc configMap) {
    return READ.of(configMap);
  }

  private static Entry parsed(Doc configMap) {
    Map<String, String> data = configMap.texts("data");
    Optional<RolloutState> state = Optional.empty();
    Map<String, String> damaged = new LinkedHashMap<>();
    String damage = "";
    long format = 0;
    if (data.containsKey(STATE)) {
      try {
        Doc text = Doc.parse(data.getOrDefault(STATE, ""));
        format = text.number(0, "format");
        state = Optional.of(JournalText.read(text));
      } catch (IllegalArgumentException e) {
        damage = String.valueOf(e.getMessage());
        damaged.put(STATE, data.getOrDefault(STATE, ""));
      }
    }
    List<HistoryEntry> history = List.of();
    try {
      history = PAST.of(data.getOrDefault(HISTORY, ""));
    } catch (IllegalArgumentException e) {
      damage = damage.isEmpty() ? "its history: " + e.getMessage() : damage;
      damaged.put(HISTORY, data.getOrDefault(HISTORY, ""));
    }
    return new Entry(
        configMap.textOrEmpty("metadata", "resourceVersion"),
        state,
        damage,
        damaged,
        notOurs(configMap, data, format),
        history,
        request(data.getOrDefault(REQUEST, "")));
  }

  /** Why nothing may be written here, whatever is asked: not damage, but somebody else's. */
  private static String notOurs(Doc configMap, Map<String, String> data, long format) {
    Map<String, String> labels = configMap.texts("metadata", "labels");
    boolean known = data.containsKey(STATE) || data.containsKey(HISTORY);
    if (!known && !labels.getOrDefault(Marks.MANAGED_BY, "").equals(Marks.MANAGER)) {
      return "is not a journal of this program: it has no label "
          + Marks.MANAGED_BY
          + ": "
          + Marks.MANAGER;
    }
    return format > JournalText.FORMAT
        ? "was written by a newer version of the program (journal format "
            + format
            + "; this one reads "
            + JournalText.FORMAT
            + ")"
        : "";
  }

  private static List<HistoryEntry> past(String text) {
    try {
      return text.isEmpty()
          ? List.of()
          : Doc.parse(text).docs("revisions").stream().map(JournalText::readHistory).toList();
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Reads it for a verb that is going to write.
   *
   * @throws RefusedError when what stands there is not this program's to change
   */
  Entry readToWrite() {
    Entry entry = read();
    if (!entry.notOurs().isEmpty()) {
      throw RefusedError.of(
          "ConfigMap " + ref().name() + " " + entry.notOurs(),
          "Nothing was changed. Use that version, or move the ConfigMap out of the way.");
    }
    return entry;
  }

  private static Optional<Request> request(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Doc doc = rollout.model.Annotations.read(text);
    return Optional.of(
        new Request(doc.textOrEmpty("verb"), doc.isTrue("full"), doc.textOrEmpty("by")));
  }

  /** Saves a state; a request that has been answered is taken away with it. */
  Entry save(Entry from, RolloutState state, List<HistoryEntry> history, boolean clearRequest) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(STATE, JournalText.write(state).json());
    if (!history.equals(from.history()) || from.damaged().containsKey(HISTORY)) {
      data.put(HISTORY, text(history));
    }
    return write(from, data, clearRequest, false);
  }

  /**
   * Saves the first state of a driver. When nobody knows whether that was done, reading back tells:
   * a driver that is gone without knowing would leave a release behind that it never began.
   */
  Entry begin(Entry from, RolloutState state, List<HistoryEntry> history, boolean clearRequest) {
    try {
      return save(from, state, history, clearRequest);
    } catch (ClusterException.Unknown e) {
      Entry found = read();
      if (found.state().filter(there -> there.stamp().equals(state.stamp())).isEmpty()) {
        throw e;
      }
      return found;
    }
  }

  /** Closes the release: its state goes, its revision stays in the history. */
  Entry close(Entry from, List<HistoryEntry> history) {
    return write(from, Map.of(HISTORY, text(history)), true, true);
  }

  /** Leaves a request for the driver, if the journal is as it was read. */
  Entry ask(Entry from, Request request) {
    Doc doc = Doc.of("verb", request.verb(), "full", request.full(), "by", request.by());
    return write(from, Map.of(REQUEST, doc.json()), false, false);
  }

  private Entry write(
      Entry from, Map<String, String> data, boolean clearRequest, boolean clearState) {
    if (from.version().isEmpty()) {
      return entry(cluster.create(Kind.CONFIG_MAP, fresh(data), Send.REAL));
    }
    Patch patch = Patch.at(from.version());
    for (Map.Entry<String, String> one : from.damaged().entrySet()) {
      // What nobody could read may still tell a person something.
      patch = patch.put(cut(one.getValue()), "data", DAMAGED + one.getKey());
    }
    for (Map.Entry<String, String> one : data.entrySet()) {
      patch = patch.put(one.getValue(), "data", one.getKey());
    }
    if (clearRequest && from.request().isPresent()) {
      patch = patch.remove("data", REQUEST);
    }
    if (clearState && (from.state().isPresent() || from.damaged().containsKey(STATE))) {
      patch = patch.remove("data", STATE);
    }
    return entry(cluster.patch(ref(), patch, Send.REAL));
  }

  private static String cut(String text) {
    return text.length() <= KEPT_DAMAGE ? text : text.substring(0, KEPT_DAMAGE);
  }

  private Doc fresh(Map<String, String> data) {
    return Doc.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Doc.of(
            "name", ref().name(),
            "namespace", namespace,
            "labels", Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, target)),
        "data",
        data);
  }

  private static String text(List<HistoryEntry> history) {
    return Doc.of("revisions", history.stream().map(JournalText::history).toList()).json();
  }

  /** The history with one revision more, or changed; the oldest beyond the limit go. */
  static List<HistoryEntry> with(List<HistoryEntry> history, HistoryEntry entry) {
    List<HistoryEntry> more = new ArrayList<>(history);
    more.removeIf(one -> one.revision() == entry.revision());
    more.add(entry);
    more.sort(java.util.Comparator.comparingInt(HistoryEntry::revision));
    return List.copyOf(more.subList(Math.max(0, more.size() - KEPT), more.size()));
  }

  /** Whether a revision served in the end. */
  static boolean good(HistoryEntry entry) {
    return GOOD.contains(entry.outcome()) && !entry.replicaSet().isEmpty();
  }

  /** Whether a failed write of the journal may be tried on what stands there now. */
  static boolean stale(ClusterException e) {
    return e instanceof ClusterException.Conflict || e instanceof ClusterException.AlreadyExists;
  }

  /**
   * What stands in the journal.
   *
   * @param version resourceVersion; empty: there is no journal
   * @param state of the release that is not over
   * @param damage why something could not be read; empty: all could
   * @param damaged the texts that could not be read, by key
   * @param notOurs why nothing may be written here; empty: it may
   * @param history oldest first
   */
  record Entry(
      String version,
      Optional<RolloutState> state,
      String damage,
      Map<String, String> damaged,
      String notOurs,
      List<HistoryEntry> history,
      Optional<Request> request) {
    static final Entry NONE =
        new Entry("", Optional.empty(), "", Map.of(), "", List.of(), Optional.empty());

    Entry {
      damaged = Map.copyOf(damaged);
      history = List.copyOf(history);
    }

    /** Whether the release holds until a person says go: paused, or with something to put right. */
    boolean holds() {
      return request.filter(Request::pauses).isPresent() || state.filter(Pausing::held).isPresent();
    }

    /** The number of the release whose state cannot be read, where that much can be told. */
    Optional<Integer> revisionOfDamage() {
      java.util.regex.Matcher found = REVISION.matcher(damaged.getOrDefault(STATE, ""));
      return found.find() ? Optional.of(Integer.parseInt(found.group(1))) : Optional.empty();
    }

    int lastRevision() {
      int past = history.isEmpty() ? 0 : history.getLast().revision();
      int seen = Math.max(past, revisionOfDamage().orElse(0));
      return Math.max(seen, state.map(one -> one.release().revision()).orElse(0));
    }
  }
}
