package rollout.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import rollout.model.UserError;
import rollout.strategy.Subscriber;

/**
 * What one subscriber has yet to be told, in order. A thread of its own sends it, so that one who
 * hangs holds up neither the release nor the others.
 */
final class Outbox {
  private static final int MOST_WAITING = 64;
  private final Subscriber subscriber;
  private final String server;
  private final Post post;
  private final Pace pace;
  private final Consumer<String> warn;
  private final BlockingQueue<Optional<Notice>> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final Thread sender;

  /**
   * Starts the sending thread, which never holds up the process.
   *
   * @param warn is told once, in one sentence, when something could not be delivered
   * @throws UserError when a file of the subscriber cannot be used
   */
  Outbox(Subscriber subscriber, Post post, Pace pace, Consumer<String> warn) {
    this.subscriber = subscriber;
    this.server = Recipient.read(subscriber).server();
    this.post = post;
    this.pace = pace;
    this.warn = warn;
    this.sender = Thread.ofPlatform().daemon().name("notify").unstarted(this::run);
    sender.start();
  }

  /** Leaves it to be sent, if this subscriber wants such news. Returns at once. */
  void put(Notice notice) {
    if (!subscriber.on().contains(notice.news())) {
      return;
    }
    if (open.incrementAndGet() > MOST_WAITING) {
      open.decrementAndGet();
      warn("too many are waiting");
      return;
    }
    waiting.add(Optional.of(notice));
  }

  private void run() {
    try {
      for (Optional<Notice> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        deliver(next.get()).ifPresent(this::warn);
        open.decrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tries until it is taken. Returns why it was not. */
  private Optional<String> deliver(Notice notice) throws InterruptedException {
    Duration spent = Duration.ZERO;
    for (int tries = 1; ; tries++) {
      long began = System.nanoTime();
      Answer answer = once(notice);
      spent = spent.plusNanos(System.nanoTime() - began);
      switch (answer) {
        case Answer.Taken() -> {
          return Optional.empty();
        }
        case Answer.Refused(String why) -> {
          return Optional.of(why);
        }
        case Answer.Away(String why, Duration retryAfter) -> {
          Duration wait = Pace.wait(tries, retryAfter);
          spent = spent.plus(wait);
          if (spent.compareTo(Pace.MOST_TIME) > 0) {
            return Optional.of(why + ", tried " + tries + (tries == 1 ? " time" : " times"));
          }
          pace.pause().of(wait);
        }
      }
    }
  }

  private Answer once(Notice notice) throws InterruptedException {
    try {
      return post.send(Recipient.read(subscriber), subscriber.form(), notice);
    } catch (UserError e) {
      return new Answer.Refused(String.valueOf(e.getMessage()));
    }
  }

  private void warn(String why) {
    if (warned.compareAndSet(false, true)) {
      warn.accept("A notification to " + server + " was not delivered: " + why + ".");
    }
  }

  /** Nothing more comes. */
  void seal() {
    waiting.add(Optional.empty());
  }

  /** Waits until all has been sent, or gives the rest up. */
  void close(Duration most) throws InterruptedException {
    if (!sender.join(most)) {
      sender.interrupt();
      warn("no time was left for " + open.get() + " of them at the end");
    }
  }
}
