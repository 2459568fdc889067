package rollout.run;

import java.util.List;
import rollout.plan.Feature;
import rollout.plan.Missing;

/**
 * What rights somebody has.
 *
 * @param namespace of the releases
 * @param asked what they were asked for
 * @param missing of these; none: all are there
 * @param unseen what may not be looked at, so that nobody can tell whether more is needed
 */
public record RightsAnswer(
    String namespace, List<Feature> asked, List<Missing> missing, List<String> unseen) {
  /** Copies the lists. */
  public RightsAnswer {
    asked = List.copyOf(asked);
    missing = List.copyOf(missing);
    unseen = List.copyOf(unseen);
  }
}
