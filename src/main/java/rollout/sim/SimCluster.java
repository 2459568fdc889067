package rollout.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.SecretMetadata;
import rollout.port.Cluster;
import rollout.port.Signal;

/** The cluster port of one program. */
final class SimCluster implements Cluster {
  private final Program program;
  private final Parts parts;

  SimCluster(Program program, Parts parts) {
    this.program = program;
    this.parts = parts;
  }

  @Override
  public Optional<Doc> get(Ref ref) {
    return program.call(
        "get",
        ref.toString(),
        false,
        () -> {
          parts.api().checkAllowed("get", ref.kind().plural(), ref.namespace());
          return Optional.ofNullable(parts.store().get(ref))
              .map(object -> SecretMetadata.kept(ref.kind(), object));
        });
  }

  @Override
  public List<Doc> list(Query query) {
    return program.call(
        "list",
        query.kind().plural(),
        false,
        () -> {
          parts.api().checkAllowed("list", query.kind().plural(), query.namespace());
          return parts.store().list(query).stream()
              .map(object -> SecretMetadata.kept(query.kind(), object))
              .toList();
        });
  }

  @Override
  public Follow follow(List<Query> queries, Signal signal) {
    return program.call(
        "follow",
        queries.size() + " queries",
        false,
        () -> {
          for (Query query : queries) {
            parts.api().checkAllowed("watch", query.kind().plural(), query.namespace());
          }
          SimFollow follow =
              new SimFollow(parts.store(), parts.time(), parts.watches(), queries, signal);
          program.atEnd(follow::close);
          return follow;
        });
  }

  /** No call of the program's, which does not wait for it. */
  @Override
  public Follow followIfAllowed(Query query, Signal signal) {
    SimFollow follow =
        SimFollow.ifAllowed(
            parts.store(),
            parts.time(),
            parts.watches(),
            query,
            signal,
            () ->
                parts.api().kind(query.kind().apiVersion(), query.kind().kind()).isPresent()
                    && parts.api().allows("list", query.kind().plural(), query.namespace())
                    && parts.api().allows("watch", query.kind().plural(), query.namespace()));
    program.atEnd(follow::close);
    return follow;
  }

  @Override
  public Doc create(Kind kind, Doc object, Send send) {
    return program.call(
        "create",
        kind.kind() + " " + Meta.name(object),
        send == Send.REAL && !kind.equals(Kind.ACCESS_REVIEW),
        () -> {
          parts.api().checkAllowed("create", kind.plural(), Meta.namespace(object));
          return SecretMetadata.kept(kind, parts.api().create(kind, object, send));
        });
  }

  @Override
  public Doc patch(Ref ref, Patch patch, Send send) {
    return program.call(
        "patch",
        ref.toString(),
        send == Send.REAL,
        () -> {
          parts.api().checkAllowed("patch", ref.kind().plural(), ref.namespace());
          return SecretMetadata.kept(ref.kind(), parts.api().patch(ref, patch, send));
        });
  }

  @Override
  public void delete(Ref ref, String uid) {
    program.call(
        "delete",
        ref.toString(),
        true,
        () -> {
          parts.api().checkAllowed("delete", ref.kind().plural(), ref.namespace());
          parts.api().delete(ref, uid);
          return true;
        });
  }

  @Override
  public Log log(Ref pod, String container, Signal signal) {
    return program.call(
        "log",
        pod.toString(),
        false,
        () -> {
          parts.api().checkAllowed("get", "pods/log", pod.namespace());
          @Nullable PodRun run = parts.kubelet().pod(pod);
          if (run != null) {
            parts.logs().follow(run.uid, signal);
          }
          return new SimLog(run == null ? null : run.container(container));
        });
  }

  @Override
  public List<String> logTail(Ref pod, String container, int lines, boolean previous) {
    return program.call(
        "logTail",
        pod.toString(),
        false,
        () -> {
          parts.api().checkAllowed("get", "pods/log", pod.namespace());
          @Nullable PodRun run = parts.kubelet().pod(pod);
          @Nullable ContainerRun there = run == null ? null : run.container(container);
          if (there == null) {
            return List.of();
          }
          List<String> all = previous ? there.previousLog : there.log;
          return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
        });
  }

  @Override
  public Optional<Kind> kind(String apiVersion, String kind) {
    return program.call(
        "kind", apiVersion + " " + kind, false, () -> parts.api().kind(apiVersion, kind));
  }

  @Override
  public ProxyAnswer proxyGet(
      String namespace, String service, String port, String pathAndQuery, Duration timeout) {
    return program.call(
        "proxyGet",
        "Service " + service,
        false,
        () -> parts.proxied().get(namespace, service, port, pathAndQuery));
  }

  @Override
  public String version() {
    return program.call("version", "", false, parts.proxied()::version);
  }
}
