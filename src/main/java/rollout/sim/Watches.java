package rollout.sim;

import java.util.ArrayList;
import java.util.List;

/** How the watches of a world are: how late they are, and whether they run. */
final class Watches {
  private final VirtualTime time;
  private final Dice dice;
  private final List<SimFollow> follows = new ArrayList<>();
  private long mostMillis;
  private long silentUntil;
  private boolean running = true;

  Watches(VirtualTime time, Dice dice) {
    this.time = time;
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

  /** Nothing is heard for so long, then everything. */
  void stall(long howLong) {
    silentUntil = time.millis() + howLong;
  }

  /** After how long a change of now is heard. */
  long delayMillis() {
    long late = mostMillis == 0 ? 0 : dice.between(0, mostMillis);
    return Math.max(late, silentUntil - time.millis());
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
