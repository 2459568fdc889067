package rollout.simulated;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import rollout.model.Event;

/** How often each step, end, cause and fault was reached over many seeds. */
public final class Reached {
  private final Map<String, Integer> steps = new TreeMap<>();
  private final Map<String, Integer> results = new TreeMap<>();
  private final Map<String, Integer> causes = new TreeMap<>();
  private final Map<String, Integer> faults = new TreeMap<>();

  /** Counts a run. */
  public synchronized void count(Chance.Result result) {
    result.met().forEach(fault -> faults.merge(fault, 1, Integer::sum));
    for (Operator operator : result.scene().operators()) {
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

  /** What of all this was never reached. */
  public Set<String> missing(
      Set<String> wantedSteps,
      Set<String> wantedEnds,
      Set<String> wantedCauses,
      Set<String> wantedFaults) {
    Set<String> missing = new TreeSet<>();
    lack(wantedSteps, steps, missing);
    lack(wantedEnds, results, missing);
    lack(wantedCauses, causes, missing);
    lack(wantedFaults, faults, missing);
    return missing;
  }

  private static void lack(Set<String> wanted, Map<String, Integer> reached, Set<String> missing) {
    wanted.stream().filter(one -> !reached.containsKey(one)).forEach(missing::add);
  }

  @Override
  public String toString() {
    return "steps " + steps + "\nends " + results + "\ncauses " + causes + "\nfaults " + faults;
  }
}
