package rollout.core;

import rollout.model.Deployment;
import rollout.model.Marks;

/** The Deployment in which one fresh pod of stable proves itself on the new schema. */
final class FreshCopy {
  private FreshCopy() {}

  /** Whether a Deployment is one that the program made for a target. */
  static boolean isOne(Deployment live, String target) {
    return Managers.madeBy(live.doc(), target)
        && live.doc()
            .texts("spec", "selector", "matchLabels")
            .getOrDefault(Marks.ROLE, "")
            .equals(Marks.FRESH);
  }
}
