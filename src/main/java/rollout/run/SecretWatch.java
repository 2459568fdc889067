package rollout.run;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.plan.Release;
import rollout.port.Cluster;
import rollout.port.Ports;

/**
 * The Secrets that both versions read, by their metadata alone, where the driver may see them; no
 * Role of ours lets it. Apart from all else that is looked at: whatever becomes of it, nobody waits
 * for it, and what is not known is not told.
 */
final class SecretWatch implements AutoCloseable {
  private final Map<Query, Cluster.Follow> follows = new LinkedHashMap<>();

  /** Each by itself, since a right may be on one of them. */
  SecretWatch(Ports ports, Release release) {
    for (String name : release.configs().secrets()) {
      Query query = Query.named(new Ref(Kind.SECRET, release.namespace(), name));
      follows.put(query, ports.cluster().followIfAllowed(query, ports.time().signal()));
    }
  }

  /** By name: one that is not there is empty, one that nobody knows of is not in it. */
  Map<String, Optional<Doc>> known() {
    Map<String, Optional<Doc>> known = new HashMap<>();
    follows.forEach(
        (query, follow) -> {
          // In this order: what is live has been listed, and an empty list then says something.
          if (follow.live()) {
            known.put(query.name(), follow.list(query).stream().filter(query::matches).findFirst());
          }
        });
    return known;
  }

  @Override
  public void close() {
    follows.values().forEach(Cluster.Follow::close);
  }
}
