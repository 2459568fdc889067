package rollout.router;

import java.util.List;
import rollout.model.Problem;

/**
 * A route object that sends requests to the Service.
 *
 * @param refusals why it cannot be steered, and what to do; none: it can
 * @param warnings what a person should know of it, one sentence each
 */
public record Found(Route route, List<Problem> refusals, List<String> warnings) {
  /** Copies the lists. */
  public Found {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }
}
