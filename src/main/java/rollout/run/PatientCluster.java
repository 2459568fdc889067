package rollout.run;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Signal;
import rollout.port.Time;

/**
 * A cluster for the preflight: what stores nothing is asked again when no answer comes or the
 * server is busy, so that one slow answer ends no pipeline. Not for a release under way, whose
 * runner looks anew anyway, and must learn at once that it does not see.
 */
final class PatientCluster implements Cluster {
  private static final int TRIES = 3;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final Time time;

  PatientCluster(Cluster cluster, Time time) {
    this.cluster = cluster;
    this.time = time;
  }

  private <T> T patiently(Supplier<T> question) {
    for (int attempt = 1; attempt < TRIES; attempt++) {
      try {
        return question.get();
      } catch (ClusterException.Unknown e) {
        pause(PAUSE, e);
      } catch (ClusterException.Busy e) {
        Duration asked = e.retryAfter();
        Duration wanted = asked.compareTo(PAUSE) > 0 ? asked : PAUSE;
        pause(wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted, e);
      }
    }
    return question.get();
  }

  /** An interrupt ends the patience. */
  private void pause(Duration pause, ClusterException error) {
    try {
      time.await(time.now().plus(pause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw error;
    }
  }

  @Override
  public Optional<Doc> get(Ref ref) {
    return patiently(() -> cluster.get(ref));
  }

  @Override
  public List<Doc> list(Query query) {
    return patiently(() -> cluster.list(query));
  }

  @Override
  public List<Doc> review(Kind kind, List<Doc> questions) {
    return patiently(() -> cluster.review(kind, questions));
  }

  @Override
  public Optional<Kind> kind(String apiVersion, String kind) {
    return patiently(() -> cluster.kind(apiVersion, kind));
  }

  @Override
  public String version() {
    return patiently(cluster::version);
  }

  @Override
  public Doc create(Kind kind, Doc object, Send send) {
    return send == Send.DRY_RUN
        ? patiently(() -> cluster.create(kind, object, send))
        : cluster.create(kind, object, send);
  }

  @Override
  public Doc patch(Ref ref, Patch patch, Send send) {
    return send == Send.DRY_RUN
        ? patiently(() -> cluster.patch(ref, patch, send))
        : cluster.patch(ref, patch, send);
  }

  @Override
  public void delete(Ref ref, String uid) {
    cluster.delete(ref, uid);
  }

  @Override
  public Follow follow(List<Query> queries, Signal signal) {
    return cluster.follow(queries, signal);
  }

  @Override
  public Follow followIfAllowed(Query query, Signal signal) {
    return cluster.followIfAllowed(query, signal);
  }

  @Override
  public Log log(Ref pod, String container, Signal signal) {
    return cluster.log(pod, container, signal);
  }

  @Override
  public List<String> logTail(Ref pod, String container, int lines, boolean previous) {
    return patiently(() -> cluster.logTail(pod, container, lines, previous));
  }

  @Override
  public ProxyAnswer proxyGet(
      String namespace, String service, String port, String pathAndQuery, Duration timeout) {
    return patiently(() -> cluster.proxyGet(namespace, service, port, pathAndQuery, timeout));
  }
}
