package rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import rollout.port.Signal;
import rollout.port.Time;

/** The machine's time: its stopwatch, set once by its wall clock. */
final class SystemTime implements Time {
  private final Instant started;
  private final long startedNanos;
  // One permit at most counts: many raises end one wait.
  private final Semaphore raised = new Semaphore(0);

  private SystemTime(Instant started, long startedNanos) {
    this.started = started;
    this.startedNanos = startedNanos;
  }

  static SystemTime start() {
    return new SystemTime(Instant.now(), System.nanoTime());
  }

  @Override
  public Instant now() {
    return started.plusNanos(System.nanoTime() - startedNanos);
  }

  @Override
  public long driftMillis() {
    return Duration.between(now(), Instant.now()).toMillis();
  }

  @Override
  public void await(Instant until) throws InterruptedException {
    long nanos = Math.max(0, Duration.between(now(), until).toNanos());
    boolean unused = raised.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    raised.drainPermits();
  }

  @Override
  public Signal signal() {
    return raised::release;
  }
}
