package rollout.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.model.Secrets;
import rollout.port.Cluster;
import rollout.port.Progress;

/**
 * What happened, as Kubernetes Events on the Service, for {@code kubectl describe}. Best effort: a
 * thread of its own writes them; an Event that can't be written, or comes while too many wait, is
 * dropped.
 */
public final class EventProgress implements Progress, AutoCloseable {
  private static final Map<String, String> REASONS =
      Map.of(
          Event.STEP_DONE, "RolloutStep",
          Event.STEP_FAILED, "RolloutStepFailed",
          Event.TRAFFIC, "RolloutTraffic",
          Event.ROLLBACK, "RolloutRollback",
          Event.RESULT, "RolloutResult");
  private static final Set<String> WARNINGS = Set.of(Event.STEP_FAILED, Event.ROLLBACK);
  private static final int MOST_WAITING = 64;
  // The API server refuses longer ones.
  private static final int MOST_LETTERS = 1024;
  private static final Duration MOST_TIME_AT_END = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Target target;
  private final InstantSource clock;
  private final BlockingQueue<Optional<Doc>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread writer;

  /** Starts the writing thread; it ends with {@link #close()}, and never holds up the process. */
  public EventProgress(Cluster cluster, Target target, InstantSource clock) {
    this.cluster = cluster;
    this.target = target;
    this.clock = clock;
    this.writer = Thread.ofPlatform().daemon().name("events").unstarted(this::write);
    writer.start();
  }

  @Override
  public void tell(Event event) {
    String reason = REASONS.get(event.type());
    if (reason != null) {
      // Full: whoever tells must not wait for us, so this one is lost.
      boolean unused = waiting.offer(Optional.of(object(event, reason)));
    }
  }

  private Doc object(Event event, String reason) {
    Instant now = clock.instant();
    String name = target.service() + "." + Long.toHexString(nanos(now)) + suffix();
    String second = now.truncatedTo(ChronoUnit.SECONDS).toString();
    String message = Secrets.withoutLogins(event.message());
    return Doc.of(
        "metadata",
        Doc.of("name", name, "namespace", target.namespace()),
        "type",
        isWarning(event) ? "Warning" : "Normal",
        "reason",
        reason,
        "message",
        message.substring(0, Math.min(MOST_LETTERS, message.length())),
        "count",
        1,
        "firstTimestamp",
        second,
        "lastTimestamp",
        second,
        "source",
        Doc.of("component", "rollout"),
        "reportingComponent",
        "rollout",
        "reportingInstance",
        "");
  }

  private static boolean isWarning(Event event) {
    return WARNINGS.contains(event.type())
        || (event.type().equals(Event.RESULT) && event.fields().number(0, "exitCode") != 0);
  }

  private static long nanos(Instant now) {
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private int sent;

  private synchronized String suffix() {
    return Integer.toHexString(++sent);
  }

  private void write() {
    try {
      @Nullable String uid = null;
      for (Optional<Doc> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        uid = uid == null ? uidOfService() : uid;
        create(next.get(), uid);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void create(Doc event, @Nullable String uid) {
    Doc service =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "namespace",
            target.namespace(),
            "name",
            target.service());
    Doc about = uid == null ? service : service.with(uid, "uid");
    try {
      Doc unused =
          cluster.create(Kind.EVENT, event.with(about, "involvedObject"), Cluster.Send.REAL);
    } catch (RuntimeException e) {
      // Events are an extra: no permission or no answer must not touch the release.
    }
  }

  // Without the uid the Event is stored, but kubectl describe would not show it.
  private @Nullable String uidOfService() {
    try {
      Ref service = new Ref(Kind.SERVICE, target.namespace(), target.service());
      return cluster.get(service).flatMap(found -> found.text("metadata", "uid")).orElse(null);
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** Waits until the Events that wait have been written, two seconds at most. */
  @Override
  public void close() {
    try {
      if (!waiting.offer(
          Optional.empty(),
          MOST_TIME_AT_END.toMillis(),
          java.util.concurrent.TimeUnit.MILLISECONDS)) {
        writer.interrupt();
      }
      boolean unused = writer.join(MOST_TIME_AT_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
