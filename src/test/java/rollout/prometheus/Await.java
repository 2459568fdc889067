package rollout.prometheus;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what another process does in its own time. */
final class Await {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private Await() {}

  /**
   * Looks until what is seen is what is wanted.
   *
   * @throws AssertionError past the deadline, with what was seen last
   */
  static <T> T until(Duration deadline, Supplier<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      T seen = look.get();
      if (wanted.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + deadline + "; last seen: " + seen);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
