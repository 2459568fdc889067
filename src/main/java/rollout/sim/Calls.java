package rollout.sim;

import java.util.ArrayList;
import java.util.List;

/** The journal of all calls of all programs of a world, and what goes wrong with them. */
final class Calls {
  /** A program that makes more calls than this in one world does not wait where it should. */
  private static final int MOST = 500_000;

  private final Dice dice;
  private final List<Call> journal = new ArrayList<>();
  private long made;
  private Faults faults = Faults.NONE;
  private long leastMillis = 1;
  private long mostMillis = 3;

  Calls(Dice dice) {
    this.dice = dice;
  }

  void faults(Faults strategy) {
    faults = strategy;
  }

  void latency(long least, long most) {
    leastMillis = least;
    mostMillis = most;
  }

  Call next(int program, String verb, String target, boolean write) {
    if (journal.size() >= MOST) {
      throw new IllegalStateException("more than " + MOST + " calls");
    }
    made++;
    Call call = new Call(made, program, verb, target, write);
    journal.add(call);
    return call;
  }

  /** Drops the calls so far; their numbers are not given again. */
  void forget() {
    journal.clear();
  }

  Fault fault(Call call) {
    return faults.on(call);
  }

  long latencyMillis() {
    return dice.between(leastMillis, mostMillis);
  }

  List<Call> journal() {
    return List.copyOf(journal);
  }
}
