package rollout.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Time} does: the one suite for the machine's and for the world's. */
@Timeout(30)
public abstract class TimeContract {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofHours(1);

  /** The time under test. */
  protected abstract Time time();

  /** Lets something happen while the test waits. */
  protected abstract void soon(Runnable event);

  private Instant in(Duration duration) {
    return time().now().plus(duration);
  }

  @Test
  void nowNeverGoesBack() throws InterruptedException {
    Instant before = time().now();
    for (int i = 0; i < 100; i++) {
      Instant now = time().now();
      assertThat(now).isAfterOrEqualTo(before);
      before = now;
    }
    time().await(in(SHORT));
    assertThat(time().now()).isAfter(before);
  }

  @Test
  void aWaitEndsNoSoonerThanItsInstant() throws InterruptedException {
    Instant until = in(SHORT);
    time().await(until);
    assertThat(time().now()).isAfterOrEqualTo(until);
  }

  @Test
  void aWaitForWhatIsPastEndsAtOnce() throws InterruptedException {
    time().await(time().now().minus(LONG));
    assertThat(time().now()).isBefore(in(LONG));
  }

  @Test
  void aSignalEndsTheWait() throws InterruptedException {
    Instant end = in(LONG);
    Signal signal = time().signal();
    soon(signal::raise);
    time().await(end);
    assertThat(time().now()).isBefore(end);
  }

  @Test
  void aSignalBeforeTheWaitEndsIt() throws InterruptedException {
    Instant end = in(LONG);
    time().signal().raise();
    time().await(end);
    assertThat(time().now()).isBefore(end);
  }

  @Test
  void manySignalsEndOneWait() throws InterruptedException {
    Signal signal = time().signal();
    signal.raise();
    signal.raise();
    signal.raise();
    time().await(in(LONG));
    Instant until = in(SHORT);
    time().await(until);
    assertThat(time().now()).isAfterOrEqualTo(until);
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> time().await(in(LONG))).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void clocksThatNobodySetsStayTogether() throws InterruptedException {
    time().await(in(SHORT));
    assertThat(time().driftMillis()).isBetween(-1000L, 1000L);
  }
}
