package rollout.notify;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long one waits between two tries, and for how long one goes on trying.
 *
 * @param pause waits; cut short by an interrupt
 * @param atEnd how long the end of a release waits for all that has not been sent yet
 */
record Pace(Pause pause, Duration atEnd) {
  /** Spent on one message, tries and waits together. */
  static final Duration MOST_TIME = Duration.ofMinutes(1);

  private static final Duration AT_END = Duration.ofSeconds(5);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final int MOST_DOUBLINGS = 10;

  /** Waits, in time of whatever kind. */
  @FunctionalInterface
  interface Pause {
    /** Waits that long. */
    void of(Duration time) throws InterruptedException;
  }

  /** In real time. */
  static Pace real() {
    return new Pace(Thread::sleep, AT_END);
  }

  /**
   * Before the next try: twice as long each time, and half of it by chance, so that many drivers do
   * not come back at one moment.
   *
   * @param failed how many tries have failed, from 1
   * @param asked the least that the server asks for
   */
  static Duration wait(int failed, Duration asked) {
    Duration doubled = FIRST.multipliedBy(1L << Math.min(failed - 1, MOST_DOUBLINGS));
    long most = (doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST).toMillis();
    Duration chance = Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    return chance.compareTo(asked) < 0 ? asked : chance;
  }
}
