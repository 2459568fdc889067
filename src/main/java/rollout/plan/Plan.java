package rollout.plan;

import java.util.List;

/**
 * A release before it happens: every step with every write, forward and back.
 *
 * @param forward in order
 * @param back from the middle of the release: what happens when the evidence says no
 * @param notes what a reader should know: surge, the point of no return, what is not atomic
 * @param warnings of the preflight: no reason to refuse, but to know
 */
public record Plan(
    List<PlannedStep> forward, List<PlannedStep> back, List<String> notes, List<String> warnings) {
  /** Copies the lists. */
  public Plan {
    forward = List.copyOf(forward);
    back = List.copyOf(back);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
  }
}
