package rollout.plan;

import java.util.List;
import rollout.model.Phase;

/**
 * One step as a reader of the plan sees it.
 *
 * @param step what the run performs: the same value
 * @param phase as events name it
 * @param says one line: what it is for and what it waits for
 * @param writes each write, as {@code verb Kind name: what changes}
 */
public record PlannedStep(Step step, Phase phase, String says, List<String> writes) {
  /** Copies the list. */
  public PlannedStep {
    writes = List.copyOf(writes);
  }
}
