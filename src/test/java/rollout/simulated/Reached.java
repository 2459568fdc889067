package rollout.simulated;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import rollout.model.Event;

/** How often each step, end and cause was reached over many seeds. */
public final class Reached {
  private final Map<String, Integer> steps = new TreeMap<>();
  private final Map<String, Integer> results = new TreeMap<>();
  private final Map<String, Integer> causes = new TreeMap<>();

  /** Counts a run. */
  public synchronized void count(Scene scene) {
    for (Operator operator : scene.operators()) {
      if (operator.hasEnded()) {
        results.merge(operator.ending().word(), 1, Integer::sum);
      }
      for (Event event : operator.events()) {
        if (event.type().equals(Event.STEP_STARTED)) {
          steps.merge(event.fields().textOrEmpty("step"), 1, Integer::sum);
        } else if (event.type().equals(Event.ROLLBACK)) {
          causes.merge(event.fields().textOrEmpty("cause"), 1, Integer::sum);
        }
      }
    }
  }

  /** Of these, what was never reached. */
  public Set<String> missing(Set<String> wantedSteps, Set<String> wantedEnds, Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wantedSteps);
    missing.removeAll(steps.keySet());
    Set<String> ends = new TreeSet<>(wantedEnds);
    ends.removeAll(results.keySet());
    Set<String> why = new TreeSet<>(wanted);
    why.removeAll(causes.keySet());
    missing.addAll(ends);
    missing.addAll(why);
    return missing;
  }

  @Override
  public String toString() {
    return "steps " + steps + "\nends " + results + "\ncauses " + causes;
  }
}
