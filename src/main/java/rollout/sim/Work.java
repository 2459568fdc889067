package rollout.sim;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import rollout.model.Ref;

/** The work queue of a controller: an object that changes often is looked at once. */
final class Work {
  private final VirtualTime time;
  private final Dice dice;
  private final long leastMillis;
  private final long mostMillis;
  private final Consumer<Ref> look;
  private final Set<Ref> waiting = new HashSet<>();

  Work(VirtualTime time, Dice dice, long leastMillis, long mostMillis, Consumer<Ref> look) {
    this.time = time;
    this.dice = dice;
    this.leastMillis = leastMillis;
    this.mostMillis = mostMillis;
    this.look = look;
  }

  /** Looks at an object after the usual delay, unless that is to happen anyway. */
  void soon(Ref ref) {
    if (waiting.add(ref)) {
      time.after(
          dice.between(leastMillis, mostMillis),
          () -> {
            waiting.remove(ref);
            look.accept(ref);
          });
    }
  }

  /** Looks again after at least this long. */
  void later(Ref ref, long delayMillis) {
    time.after(delayMillis, () -> soon(ref));
  }
}
