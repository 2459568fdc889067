package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The time of a world: it stands still until somebody waits, then goes from event to event.
 *
 * <p>An event may itself wait (a whole program can run in one): the events of that time then happen
 * inside it, and time never goes back.
 */
final class VirtualTime {
  /** A world that runs for longer is one in which somebody waits for something that never comes. */
  static final Duration LONGEST = Duration.ofDays(14);

  private final Instant start;
  private final PriorityQueue<Happening> queue = new PriorityQueue<>();
  private long millis;
  private long sequence;
  private LongConsumer pace = millisPassed -> {};

  VirtualTime(Instant start) {
    this.start = start;
  }

  Instant now() {
    return start.plusMillis(millis);
  }

  /** Milliseconds since the start of the world. */
  long millis() {
    return millis;
  }

  long millisAt(Instant instant) {
    return Duration.between(start, instant).toMillis();
  }

  void after(long delayMillis, Runnable event) {
    queue.add(new Happening(millis + Math.max(0, delayMillis), sequence++, event));
  }

  /** Lets time pass with all that happens in it. */
  void pass(long howManyMillis) {
    passTo(millis + howManyMillis);
  }

  /** Lets time pass until a millisecond of the world. */
  void passTo(long until) {
    while (stepBefore(until)) {
      // all of it happens in the step
    }
    arrive(until);
  }

  /** Lets the next event happen if it is due by then; false when there is none. */
  boolean stepBefore(long until) {
    @Nullable Happening next = queue.peek();
    if (next == null || next.at > until) {
      return false;
    }
    queue.poll();
    arrive(next.at);
    next.event.run();
    return true;
  }

  /** Told of all time that passes, before it has passed. */
  void pace(LongConsumer told) {
    pace = told;
  }

  private void arrive(long at) {
    if (at > millis) {
      pace.accept(at - millis);
    }
    millis = Math.max(millis, at);
    if (millis > LONGEST.toMillis()) {
      throw new IllegalStateException("the world has run for " + LONGEST.toDays() + " days");
    }
  }

  private record Happening(long at, long sequence, Runnable event)
      implements Comparable<Happening> {
    @Override
    public int compareTo(Happening other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
