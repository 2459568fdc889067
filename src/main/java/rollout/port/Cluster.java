package rollout.port;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;

/**
 * The API server. Reads may be tried again inside; <b>a write is sent exactly once</b>, and what
 * became of it is said by a return, or by one of the cases of {@link ClusterException}.
 *
 * <p>Every method may throw {@link ClusterException}. Of a Secret every method gives the metadata
 * alone, as {@link rollout.model.SecretMetadata} says, and asks for no more.
 */
public interface Cluster {
  /** Reads one object, fresh from the server. */
  Optional<Doc> get(Ref ref);

  /**
   * Reads all objects that match, fresh, all pages. A kind that the server does not have has no
   * objects.
   */
  List<Doc> list(Query query);

  /**
   * Begins to follow objects; returns once each query has been listed. Raises the signal on each
   * change.
   */
  Follow follow(List<Query> queries, Signal signal);

  /**
   * Begins to follow objects that a run can do without. Returns at once, and throws nothing: while
   * {@link Follow#live} is false, nothing is known, be it that nothing has come yet, that it is not
   * allowed (any more), or that the server does not answer. While it is true, an object that is not
   * listed is not there. What was refused once is not asked for again.
   */
  Follow followIfAllowed(Query query, Signal signal);

  /**
   * Creates an object and returns it as stored. An existing one: {@link
   * ClusterException.AlreadyExists}.
   */
  Doc create(Kind kind, Doc object, Send send);

  /**
   * Asks questions that the server answers and does not store, such as whether something is
   * allowed. Like reads: they may be asked at the same time, and again.
   *
   * @return the answers, in the order of the questions
   */
  default List<Doc> review(Kind kind, List<Doc> questions) {
    return questions.stream().map(question -> create(kind, question, Send.REAL)).toList();
  }

  /** Patches an object and returns it as stored. */
  Doc patch(Ref ref, Patch patch, Send send);

  /**
   * Deletes the object with this uid, in the foreground: it is gone after its dependents are.
   * Returns when the server has accepted. An absent object: {@link ClusterException.NotFound};
   * another uid: {@link ClusterException.Conflict}.
   */
  void delete(Ref ref, String uid);

  /**
   * Follows the log of a container from its start. Lines arrive by and by; each raises the signal.
   */
  Log log(Ref pod, String container, Signal signal);

  /**
   * The last lines of a container's log; of its previous run with {@code previous}. No log: an
   * empty list.
   */
  List<String> logTail(Ref pod, String container, int lines, boolean previous);

  /** The kind with this apiVersion and name, when the server has it. */
  Optional<Kind> kind(String apiVersion, String kind);

  /**
   * One GET through the API server's proxy for Services.
   *
   * @param port name or number; {@code https:} before the Service's name is not supported
   * @param pathAndQuery begins with a slash, already encoded
   */
  ProxyAnswer proxyGet(
      String namespace, String service, String port, String pathAndQuery, Duration timeout);

  /** The server's version, such as {@code 1.35}: major, dot, minor, digits only. */
  String version();

  /** Whether a write is meant, or only its validation by the server. */
  enum Send {
    /** Stored. */
    REAL,
    /** {@code dryRun=All}: validated and answered as if, nothing stored. */
    DRY_RUN
  }

  /** What a proxied GET answered. */
  record ProxyAnswer(int status, String body) {}

  /** Caches of followed objects. */
  interface Follow extends AutoCloseable {
    /** The objects of a followed query as last heard, or none for a query that isn't followed. */
    List<Doc> list(Query query);

    /** Takes in the answer of an own write, unless the cache already has a newer one. */
    void saw(Doc written);

    /** Whether all watches run; while false, the caches may be old and a fresh read is due. */
    boolean live();

    @Override
    void close();
  }

  /** A log that is being followed. */
  interface Log extends AutoCloseable {
    /** The lines that have come since the last call. */
    List<String> take();

    /** Whether no more lines will come. */
    boolean ended();

    @Override
    void close();
  }
}
