package rollout.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.Cluster;
import rollout.port.Signal;

/**
 * A real API server. Its JSON goes straight to {@link Doc}: no class of a model is loaded, and no
 * field is lost.
 */
public final class FabricCluster implements Cluster, AutoCloseable {
  private final Connection connection;

  FabricCluster(Connection connection) {
    this.connection = connection;
  }

  @Override
  public Optional<Doc> get(Ref ref) {
    Call call = Call.get(Paths.object(ref));
    Answer answer = connection.read(call);
    return answer.status() == 404 ? Optional.empty() : Optional.of(good(call, answer));
  }

  @Override
  public List<Doc> list(Query query) {
    return new ObjectLists(connection).list(query).objects();
  }

  @Override
  public Follow follow(List<Query> queries, Signal signal) {
    return WatchedQueries.begin(connection, queries, signal);
  }

  @Override
  public Follow followIfAllowed(Query query, Signal signal) {
    return WatchedQueries.ifAllowed(connection, query, signal);
  }

  @Override
  public Doc create(Kind kind, Doc object, Send send) {
    String namespace = object.textOrEmpty("metadata", "namespace");
    return write(Call.post(Paths.creation(kind, namespace, send), object.json()));
  }

  @Override
  public List<Doc> review(Kind kind, List<Doc> questions) {
    return new Reviews(connection).ask(kind, questions);
  }

  @Override
  public Doc patch(Ref ref, Patch patch, Send send) {
    return write(Call.patch(Paths.patch(ref, send), patch.json()));
  }

  @Override
  public void delete(Ref ref, String uid) {
    Doc options =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "propagationPolicy",
            "Foreground",
            "preconditions",
            Doc.of("uid", uid));
    write(Call.delete(Paths.object(ref), options.json()));
  }

  private Doc write(Call call) {
    return good(call, connection.once(call));
  }

  private static Doc good(Call call, Answer answer) {
    if (answer.isGood()) {
      return answer.object(call);
    }
    throw answer.refusal(call);
  }

  @Override
  public Log log(Ref pod, String container, Signal signal) {
    return new PodLog(connection, Call.get(Paths.log(pod, container, "&follow=true")), signal);
  }

  @Override
  public List<String> logTail(Ref pod, String container, int lines, boolean previous) {
    String rest = "&tailLines=" + lines + (previous ? "&previous=true" : "");
    Call call = Call.get(Paths.log(pod, container, rest));
    Answer answer = connection.read(call);
    if (answer.isGood()) {
      return answer.body().lines().toList();
    }
    // 400: the container has not begun, or has no previous run
    if (answer.status() == 404 || answer.status() == 400) {
      return List.of();
    }
    throw answer.refusal(call);
  }

  @Override
  public Optional<Kind> kind(String apiVersion, String kind) {
    Call call = Call.get(new Kind(apiVersion, kind, "").apiPath());
    Answer answer = connection.read(call);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    return good(call, answer).docs("resources").stream()
        .filter(resource -> resource.textOrEmpty("kind").equals(kind))
        .map(resource -> resource.textOrEmpty("name"))
        .filter(plural -> !plural.contains("/"))
        .findFirst()
        .map(plural -> new Kind(apiVersion, kind, plural));
  }

  @Override
  public ProxyAnswer proxyGet(
      String namespace, String service, String port, String pathAndQuery, Duration timeout) {
    Call call = Call.get(Paths.proxy(namespace, service, port, pathAndQuery));
    Answer answer = connection.once(call, timeout);
    if (answer.failure().isPresent()) {
      throw answer.refusal(call);
    }
    return new ProxyAnswer(answer.status(), answer.body());
  }

  @Override
  public String version() {
    Call call = Call.get("/version");
    Doc version = good(call, connection.read(call));
    return digits(version.textOrEmpty("major")) + "." + digits(version.textOrEmpty("minor"));
  }

  private static String digits(String text) {
    return text.replaceAll("\\D", "");
  }

  /** Ends all that is open. */
  @Override
  public void close() {
    connection.close();
  }
}
