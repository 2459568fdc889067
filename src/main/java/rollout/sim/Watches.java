package rollout.sim;

import java.util.ArrayList;
import java.util.List;

/** How the watches of a world are: how late they are, and whether they run. */
final class Watches {
  private final Dice dice;
  private final List<SimFollow> follows = new ArrayList<>();
  private long mostMillis;
  private boolean running = true;

  Watches(Dice dice) {
    this.dice = dice;
  }

  void add(SimFollow follow) {
    follows.add(follow);
  }

  void remove(SimFollow follow) {
    follows.remove(follow);
  }

  /** Changes are heard up to this much later. */
  void late(long most) {
    mostMillis = most;
  }

  long delayMillis() {
    return mostMillis == 0 ? 0 : dice.between(0, mostMillis);
  }

  boolean running() {
    return running;
  }

  /** Watches break, or come back with a fresh list. */
  void run(boolean on) {
    boolean back = on && !running;
    running = on;
    if (back) {
      List.copyOf(follows).forEach(SimFollow::listAgain);
    }
  }
}
