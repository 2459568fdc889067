package rollout.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import rollout.port.ClusterException;
import rollout.port.Signal;
import rollout.port.Time;

/** One program that runs in a world: its time, its signal, and its calls one by one. */
final class Program implements Time {
  /** A program that looks so often without any time passing waits for what will never come. */
  private static final int MOST_WAITS_AT_ONCE = 1_000;

  private final int number;
  private final VirtualTime time;
  private final Calls calls;
  private final List<Runnable> ending = new ArrayList<>();
  private boolean raised;
  private boolean dead;
  private long driftMillis;
  private long lastWait;
  private int waitsAtOnce;

  Program(int number, VirtualTime time, Calls calls) {
    this.number = number;
    this.time = time;
    this.calls = calls;
  }

  /** Done when the program is killed. */
  void atEnd(Runnable close) {
    ending.add(close);
  }

  void kill() {
    dead = true;
    ending.forEach(Runnable::run);
    ending.clear();
  }

  void drift(long millis) {
    driftMillis = millis;
  }

  /** Makes a call, with whatever goes wrong with it. */
  <T> T call(String verb, String target, boolean write, Supplier<T> work) {
    checkAlive();
    Call call = calls.next(number, verb, target, write);
    Fault fault = calls.fault(call);
    time.pass(calls.latencyMillis());
    checkAlive();
    return switch (fault) {
      case Fault.None none -> work.get();
      case Fault.Refuse refuse -> throw refuse.exception();
      case Fault.LoseAnswer lose -> {
        var _ = work.get();
        throw new ClusterException.Unknown("no answer to " + call, null);
      }
      case Fault.Delay delay -> {
        time.pass(delay.by().toMillis());
        checkAlive();
        yield work.get();
      }
      case Fault.CrashBefore before -> throw crash(call);
      case Fault.CrashAfter after -> {
        var _ = work.get();
        throw crash(call);
      }
      case Fault.Meanwhile meanwhile -> {
        meanwhile.others().run();
        checkAlive();
        yield work.get();
      }
    };
  }

  private Crash crash(Call call) {
    kill();
    return new Crash("killed at call " + call);
  }

  private void checkAlive() {
    if (dead) {
      throw new Crash("program " + number + " is dead");
    }
  }

  @Override
  public Instant now() {
    return time.now();
  }

  @Override
  public long driftMillis() {
    return driftMillis;
  }

  @Override
  public void await(Instant until) throws InterruptedException {
    long end = time.millisAt(until);
    checkAlive();
    while (!raised && time.stepBefore(end)) {
      checkAlive();
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted");
      }
    }
    if (!raised) {
      time.passTo(end);
    }
    raised = false;
    waitsAtOnce = time.millis() == lastWait ? waitsAtOnce + 1 : 0;
    lastWait = time.millis();
    if (waitsAtOnce > MOST_WAITS_AT_ONCE) {
      throw new IllegalStateException("waits again and again, and no time passes: " + time.now());
    }
  }

  @Override
  public Signal signal() {
    return () -> raised = true;
  }
}
