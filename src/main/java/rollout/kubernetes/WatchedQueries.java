package rollout.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Signal;

/** A watch for each query. */
final class WatchedQueries implements Cluster.Follow {
  private final Map<Query, QueryWatch> watches = new LinkedHashMap<>();

  private WatchedQueries() {}

  /** Returns when all lists are there; the lists are read at once. */
  static WatchedQueries begin(Connection connection, List<Query> queries, Signal signal) {
    WatchedQueries all = new WatchedQueries();
    queries.forEach(
        query ->
            all.watches.computeIfAbsent(query, key -> new QueryWatch(connection, key, signal)));
    try {
      all.watches.values().forEach(watch -> watch.firstList().join());
      return all;
    } catch (CompletionException e) {
      all.close();
      if (e.getCause() instanceof ClusterException said) {
        throw said;
      }
      throw new ClusterException.Unknown("a list could not be read", e.getCause());
    }
  }

  /** Returns at once, whatever becomes of it. */
  static WatchedQueries ifAllowed(Connection connection, Query query, Signal signal) {
    WatchedQueries one = new WatchedQueries();
    one.watches.put(query, QueryWatch.ifAllowed(connection, query, signal));
    return one;
  }

  @Override
  public List<Doc> list(Query query) {
    QueryWatch watch = watches.get(query);
    return watch == null ? List.of() : watch.cache().list();
  }

  @Override
  public void saw(Doc written) {
    watches.values().forEach(watch -> watch.cache().saw(written));
  }

  @Override
  public boolean live() {
    return watches.values().stream().allMatch(QueryWatch::isLive);
  }

  @Override
  public void close() {
    watches.values().forEach(QueryWatch::close);
  }
}
