package rollout.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.core.HistoryEntry;
import rollout.core.JournalText;
import rollout.core.Observation.Request;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Hashes;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Ref;
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
  private static final int NAME_LIMIT = 63;
  private static final java.util.Set<String> GOOD =
      java.util.Set.of("done", "installed", "returned", "found");

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
    Map<String, String> data = configMap.texts("data");
    Optional<RolloutState> state = Optional.empty();
    String damage = "";
    if (data.containsKey(STATE)) {
      try {
        state = Optional.of(JournalText.read(Doc.parse(data.getOrDefault(STATE, ""))));
      } catch (IllegalArgumentException e) {
        damage = String.valueOf(e.getMessage());
      }
    }
    return new Entry(
        configMap.textOrEmpty("metadata", "resourceVersion"),
        state,
        damage,
        history(data.getOrDefault(HISTORY, "")),
        request(data.getOrDefault(REQUEST, "")));
  }

  private static List<HistoryEntry> history(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    try {
      return Doc.parse(text).docs("revisions").stream().map(JournalText::readHistory).toList();
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return List.of();
    }
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
    data.put(HISTORY, text(history));
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
    for (Map.Entry<String, String> one : data.entrySet()) {
      patch = patch.put(one.getValue(), "data", one.getKey());
    }
    if (clearRequest && from.request().isPresent()) {
      patch = patch.remove("data", REQUEST);
    }
    if (clearState && (from.state().isPresent() || !from.damage().isEmpty())) {
      patch = patch.remove("data", STATE);
    }
    return entry(cluster.patch(ref(), patch, Send.REAL));
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
   * @param damage why the state could not be read; empty: it could, or there is none
   * @param history oldest first
   */
  record Entry(
      String version,
      Optional<RolloutState> state,
      String damage,
      List<HistoryEntry> history,
      Optional<Request> request) {
    static final Entry NONE = new Entry("", Optional.empty(), "", List.of(), Optional.empty());

    Entry {
      history = List.copyOf(history);
    }

    int lastRevision() {
      int past = history.isEmpty() ? 0 : history.getLast().revision();
      return Math.max(past, state.map(one -> one.release().revision()).orElse(0));
    }
  }
}
