package rollout.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import rollout.document.Doc;
import rollout.model.Query;
import rollout.port.ClusterException;
import rollout.port.Signal;

/** Keeps one cache up to date: lists once, then hears every change, until it is closed. */
final class QueryWatch implements AutoCloseable {
  /** The server says something about once a minute, if only how far it is. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(90);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Connection connection;
  private final Query query;
  private final Signal signal;
  private final Duration silence;

  /** Whether a refusal is its end, rather than something that will pass. */
  private final boolean ifAllowed;

  private final ObjectCache cache;
  private final CompletableFuture<ObjectCache> firstList = new CompletableFuture<>();
  private final Thread thread;

  /** Whether the cache holds a list from whose end the next watch may go on; of the thread only. */
  private boolean listed;

  private volatile boolean live;
  private volatile boolean closed;

  QueryWatch(Connection connection, Query query, Signal signal) {
    this(connection, query, signal, LONGEST_SILENCE);
  }

  QueryWatch(Connection connection, Query query, Signal signal, Duration silence) {
    this(connection, query, signal, silence, false);
  }

  private QueryWatch(
      Connection connection, Query query, Signal signal, Duration silence, boolean ifAllowed) {
    this.connection = connection;
    this.query = query;
    this.signal = signal;
    this.silence = silence;
    this.ifAllowed = ifAllowed;
    this.cache = new ObjectCache(query);
    this.thread = Thread.ofVirtual().name("watch-" + query.kind().plural()).start(this::run);
  }

  /** One that a run can do without: what is refused is not asked for again, and is not live. */
  static QueryWatch ifAllowed(Connection connection, Query query, Signal signal) {
    return new QueryWatch(connection, query, signal, LONGEST_SILENCE, true);
  }

  /** Done once the first list is there, or failed with what the server said. */
  CompletableFuture<ObjectCache> firstList() {
    return firstList;
  }

  ObjectCache cache() {
    return cache;
  }

  boolean isLive() {
    return live && !closed;
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!closed) {
        Heard heard = listAndHear();
        if (heard == Heard.NO_SUCH_KIND) {
          return;
        }
        if (heard != Heard.SOMETHING) {
          isLive(false);
        }
        if (heard == Heard.REFUSED) {
          return;
        }
        pause = heard == Heard.SOMETHING ? FIRST_PAUSE : longer(pause);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private Heard listAndHear() throws InterruptedException {
    try {
      listed = listed || list();
      return listed ? hear() : Heard.NO_SUCH_KIND;
    } catch (ClusterException.Unknown | ClusterException.Busy e) {
      firstList.completeExceptionally(e);
    } catch (ClusterException e) {
      listed = false;
      firstList.completeExceptionally(e);
      return ifAllowed ? Heard.REFUSED : Heard.NOTHING;
    } catch (IOException | IllegalArgumentException e) {
      // half an event: hear on from the last whole one
    }
    return Heard.NOTHING;
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  /** Lists anew. A kind that the server doesn't have stays empty: there is nothing to watch. */
  private boolean list() {
    ObjectLists.Listed listed = new ObjectLists(connection).list(query);
    boolean isKnown = !listed.resourceVersion().isEmpty();
    if (!isKnown && ifAllowed) {
      throw new ClusterException.NotFound("there is no kind " + query.kind());
    }
    cache.listed(listed.objects(), listed.resourceVersion());
    if (!isKnown) {
      isLive(true);
    }
    if (!firstList.complete(cache)) {
      signal.raise();
    }
    return isKnown;
  }

  /** Hears until the server ends it or falls silent. */
  private Heard hear() throws InterruptedException, IOException {
    Call call = Call.get(Paths.watch(query, cache.position()));
    Heard heard = Heard.NOTHING;
    try (LineStream lines = connection.open(call)) {
      if (lines.status() == 410) {
        return lost();
      }
      if (lines.status() != 200) {
        throw lines.answer().refusal(call);
      }
      isLive(true);
      for (Optional<String> line = lines.next(silence);
          line.isPresent();
          line = lines.next(silence)) {
        Doc event = call.read(line.get());
        if (event.textOrEmpty("type").equals("ERROR")) {
          return lost();
        }
        take(event);
        heard = Heard.SOMETHING;
      }
    }
    return heard;
  }

  /** The server no longer knows where this watch stood. */
  private Heard lost() {
    listed = false;
    return Heard.NOTHING;
  }

  private void take(Doc event) {
    String type = event.textOrEmpty("type");
    cache.told(type, event.doc("object"));
    if (!type.equals("BOOKMARK")) {
      signal.raise();
    }
  }

  private void isLive(boolean now) {
    if (live != now) {
      live = now;
      signal.raise();
    }
  }

  @Override
  public void close() {
    closed = true;
    live = false;
    firstList.cancel(false);
    thread.interrupt();
  }

  private enum Heard {
    SOMETHING,
    NOTHING,
    NO_SUCH_KIND,
    REFUSED
  }
}
