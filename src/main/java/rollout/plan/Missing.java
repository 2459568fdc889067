package rollout.plan;

import java.util.List;
import rollout.plan.Feature.Scope;

/**
 * Rights of a feature that somebody does not have.
 *
 * @param namespace where; empty: in all
 * @param rights its rules, each with what is missing of it
 */
public record Missing(Feature feature, String namespace, List<Right> rights) {
  /** Copies the list. */
  public Missing {
    rights = List.copyOf(rights);
  }

  /**
   * What is missing of a feature.
   *
   * @param denied what is not allowed
   */
  public static Missing of(Feature feature, String namespace, List<Access> denied) {
    List<Right> rights =
        feature.rights().stream().flatMap(right -> right.deniedOf(denied).stream()).toList();
    return new Missing(feature, feature.scope() == Scope.CLUSTER ? "" : namespace, rights);
  }
}
