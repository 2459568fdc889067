package rollout.notify;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import rollout.model.Event;
import rollout.model.Problem;
import rollout.model.Told;
import rollout.model.UserError;
import rollout.port.Progress;
import rollout.strategy.News;
import rollout.strategy.Subscriber;

/** Tells subscribers what they want to hear of a release. May be told from several threads. */
public final class Notifications implements Progress, AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Set<String> GOOD = Set.of("done", "installed");
  private static final String ROLLED_BACK = "rolled-back";
  private static final int WAITS_FOR_A_PERSON = 8;

  private final About about;
  private final InstantSource clock;
  private final Post post;
  private final Duration atEnd;
  private final List<Outbox> outboxes;
  private long seq;
  private long revision;
  private boolean begun;

  /**
   * What is told of.
   *
   * @param nonce a random word, new in each process
   */
  public record About(String service, String namespace, String nonce) {}

  /**
   * Begins to listen.
   *
   * @param warn is told once for each subscriber, in one sentence, when it could not be told
   * @throws UserError when a file that a subscriber needs cannot be used
   */
  public Notifications(
      List<Subscriber> subscribers, About about, InstantSource clock, Consumer<String> warn) {
    this(subscribers, about, clock, warn, new Post(ANSWER, clock), Pace.real());
  }

  Notifications(
      List<Subscriber> subscribers,
      About about,
      InstantSource clock,
      Consumer<String> warn,
      Post post,
      Pace pace) {
    check(subscribers);
    this.about = about;
    this.clock = clock;
    this.post = post;
    this.atEnd = pace.atEnd();
    this.outboxes = subscribers.stream().map(one -> new Outbox(one, post, pace, warn)).toList();
  }

  /**
   * Reads the files that the subscribers need.
   *
   * @throws UserError with all that cannot be used
   */
  public static void check(List<Subscriber> subscribers) {
    List<Problem> problems = new ArrayList<>();
    for (Subscriber subscriber : subscribers) {
      try {
        Recipient unused = Recipient.read(subscriber);
      } catch (UserError e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
  }

  @Override
  public synchronized void tell(Event event) {
    seq++;
    revision = event.fields().number(revision, "revision");
    Optional<News> news = news(event);
    if (news.isPresent()) {
      Told told =
          new Told(clock.instant(), about.service(), about.namespace(), revision, seq, event);
      Notice notice = new Notice(news.get(), told, about.nonce() + "-" + seq);
      outboxes.forEach(outbox -> outbox.put(notice));
    }
  }

  private Optional<News> news(Event event) {
    return switch (event.type()) {
      case Event.STEP_STARTED -> first();
      case Event.GATE -> gate(event.fields().textOrEmpty("state"));
      case Event.TRAFFIC -> Optional.of(News.SHIFTED);
      case Event.STEP_FAILED -> Optional.of(News.GOING_BACK);
      case Event.RESULT ->
          result(event.fields().number(1, "exitCode"), event.fields().textOrEmpty("outcome"));
      default -> Optional.empty();
    };
  }

  private Optional<News> first() {
    boolean again = begun;
    begun = true;
    return again ? Optional.empty() : Optional.of(News.STARTED);
  }

  private static Optional<News> gate(String state) {
    return switch (state) {
      case "waiting" -> Optional.of(News.WAITING);
      case "passed" -> Optional.of(News.PASSED);
      default -> Optional.empty();
    };
  }

  /** Nothing to do is no news, and what waits for a person has been told at its gate. */
  private static Optional<News> result(long exitCode, String outcome) {
    if (outcome.equals(ROLLED_BACK)) {
      return Optional.of(News.ROLLED_BACK);
    }
    if (exitCode == 0) {
      return Optional.of(News.DONE).filter(done -> GOOD.contains(outcome));
    }
    return Optional.of(News.FAILED).filter(failed -> exitCode != WAITS_FOR_A_PERSON);
  }

  /** Waits until all has been sent, five seconds at most. */
  @Override
  public void close() {
    outboxes.forEach(Outbox::seal);
    long end = System.nanoTime() + atEnd.toNanos();
    try {
      for (Outbox outbox : outboxes) {
        outbox.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    post.close();
  }
}
