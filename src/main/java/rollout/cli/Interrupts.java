package rollout.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import rollout.model.Durations;
import rollout.run.Verbs;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and SIGTERM while a verb drives: the first asks it to stop as it was told to, the second
 * ends the process at once.
 *
 * <p>Not a shutdown hook: a process that a signal ends can't choose its exit code any more.
 */
final class Interrupts implements AutoCloseable {
  private final Verbs verbs;
  private final String service;
  private final Console console;
  private final AtomicInteger seen = new AtomicInteger();
  private final CountDownLatch raised = new CountDownLatch(1);
  private final boolean asks;
  private final SignalHandler formerInterrupt;
  private final SignalHandler formerTermination;

  private volatile boolean lingering;

  private Interrupts(Verbs verbs, String service, Console console, boolean asks) {
    this.asks = asks && console.terminal();
    this.verbs = verbs;
    this.service = service;
    this.console = console;
    this.formerInterrupt = Signal.handle(new Signal("INT"), signal -> raised(false));
    this.formerTermination = Signal.handle(new Signal("TERM"), signal -> raised(true));
  }

  /** From now on, until closed, signals go to the verbs. */
  static Interrupts install(Verbs verbs, String service, Console console) {
    return new Interrupts(verbs, service, console, false);
  }

  /** The same, but a person at a terminal is asked first. */
  static Interrupts asking(Verbs verbs, String service, Console console) {
    return new Interrupts(verbs, service, console, true);
  }

  /**
   * Waits, after the verb's end, while its metrics are still served. A signal ends that, and
   * nothing else; after one that came before, nobody waits at all.
   */
  void linger(Duration time, String url) {
    lingering = true;
    if (time.isZero() || raised.getCount() == 0) {
      return;
    }
    console
        .err()
        .println(
            "The metrics of this run are served for another "
                + Durations.text(time)
                + " at "
                + url
                + "   Ctrl-C ends that at once.");
    console.err().flush();
    try {
      boolean unused = raised.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void raised(boolean terminated) {
    raised.countDown();
    if (lingering) {
      return;
    }
    ExitCode atOnce = terminated ? ExitCode.TERMINATED : ExitCode.INTERRUPTED;
    if (seen.incrementAndGet() == 1) {
      if (asks && !terminated && !isMeant()) {
        seen.set(0);
        return;
      }
      console
          .err()
          .println(
              (terminated ? "Told to end: " : "Interrupted: ")
                  + verbs.onInterrupt()
                  + ". Once more ends it at once, with the traffic where it happens to be.");
      console.err().flush();
      verbs.interrupt(terminated);
      return;
    }
    console
        .err()
        .println(
            "Ended at once; the release is unfinished. Where the traffic is: rollout status "
                + service
                + "   To bring it back: rollout rollback "
                + service
                + System.lineSeparator()
                + "To go on: rollout resume "
                + service);
    console.err().flush();
    console.halt().accept(atOnce.number());
  }

  /** Whether a person at the terminal means it. */
  private boolean isMeant() {
    console.err().print("Ctrl-C: " + verbs.onInterrupt() + ". Stop following? [y/N] ");
    console.err().flush();
    try {
      int first = console.in().read();
      for (int rest = first; rest >= 0 && rest != '\n'; ) {
        rest = console.in().read();
      }
      return first == 'y' || first == 'Y' || first < 0;
    } catch (java.io.IOException e) {
      return true;
    }
  }

  @Override
  public void close() {
    Signal.handle(new Signal("INT"), formerInterrupt);
    Signal.handle(new Signal("TERM"), formerTermination);
  }
}
