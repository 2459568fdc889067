package rollout.router;

import java.util.List;

/**
 * A route object that sends requests to the Service.
 *
 * @param refusals why it cannot be steered, one sentence each; none: it can
 * @param warnings what a person should know of it
 */
public record Found(Route route, List<String> refusals, List<String> warnings) {
  /** Copies the lists. */
  public Found {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }
}
