package rollout.sim;

import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Writes the events that controllers and the kubelet write. */
final class EventLog {
  private final Store store;
  private final VirtualTime time;
  private int count;

  EventLog(Store store, VirtualTime time) {
    this.store = store;
    this.time = time;
  }

  /** A warning about an object. */
  void warn(Ref about, String uid, String reason, String message) {
    count++;
    Doc involved =
        Doc.of(
            "apiVersion",
            about.kind().apiVersion(),
            "kind",
            about.kind().kind(),
            "namespace",
            about.namespace(),
            "name",
            about.name(),
            "uid",
            uid);
    Doc metadata =
        Doc.of("name", about.name() + ".%016x".formatted(count), "namespace", about.namespace());
    String now = Meta.time(time.now());
    Doc event =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "Event",
            "metadata",
            metadata,
            "involvedObject",
            involved,
            "reason",
            reason,
            "message",
            message,
            "type",
            "Warning",
            "count",
            1,
            "firstTimestamp",
            now,
            "lastTimestamp",
            now);
    store.add(Kind.EVENT, store.born(Kind.EVENT, event));
  }
}
