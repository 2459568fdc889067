package rollout.port;

import java.time.Instant;

/** Time, the only clock of a run. */
public interface Time {
  /**
   * Now, by a clock that no one can set: the wall clock at the start plus the time that has passed
   * since. Two readings differ by what a stopwatch would show, whatever happens to the machine's
   * clock.
   */
  Instant now();

  /**
   * How far the machine's wall clock has moved away from {@link #now()} since the start, in
   * milliseconds; large after a clock jump, or after the machine slept.
   */
  long driftMillis();

  /**
   * Waits until an instant of {@link #now()}, or until the signal is raised, whichever is first. A
   * signal raised since the last wait ends this one at once.
   *
   * @throws InterruptedException when the thread is interrupted
   */
  void await(Instant until) throws InterruptedException;

  /** What ends a wait early. */
  Signal signal();
}
