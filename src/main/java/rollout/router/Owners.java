package rollout.router;

import java.util.Map;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Applier;
import rollout.model.Kind;

/** Who else writes an object, and would write our weights back. */
final class Owners {
  private static final Map<String, String> TOOLS =
      Map.of("argoproj.io", "Argo Rollouts", "flagger.app", "Flagger");

  private static final Map<String, String> MANAGERS =
      Map.of(
          "rollouts-controller", "Argo Rollouts",
          "argo-rollouts", "Argo Rollouts",
          "rollouts-gateway-api-plugin", "Argo Rollouts",
          "flagger", "Flagger");

  private static final Set<String> OWNERS = Set.of("Rollout", "Canary");

  private Owners() {}

  /** Another release tool moves these weights. */
  static void judge(Kind kind, Doc object, Reasons reasons) {
    String what = kind + " " + object.textOrEmpty("metadata", "name");
    for (Doc owner : object.docs("metadata", "ownerReferences")) {
      String group = owner.textOrEmpty("apiVersion").replaceAll("/.*", "");
      if (OWNERS.contains(owner.textOrEmpty("kind")) && TOOLS.containsKey(group)) {
        reasons.refuse(
            what
                + " belongs to "
                + owner.textOrEmpty("kind")
                + " "
                + owner.textOrEmpty("name")
                + " of "
                + TOOLS.get(group),
            "Release it with that, or take the object out of its hands first.");
        return;
      }
    }
    object.docs("metadata", "managedFields").stream()
        .map(entry -> entry.textOrEmpty("manager"))
        .filter(MANAGERS::containsKey)
        .findFirst()
        .ifPresent(
            manager ->
                reasons.refuse(
                    what + " has been written by " + MANAGERS.get(manager) + " (" + manager + ")",
                    "Release it with that, or make the object anew without it."));
  }

  /**
   * Somebody applies this object from files again and again.
   *
   * @param jq what of it we write, as jq names it
   */
  static void gitOps(Kind kind, Doc object, String jq, Reasons reasons) {
    Applier.of(object)
        .ifPresent(
            applier ->
                reasons.warn(
                    kind
                        + " "
                        + object.textOrEmpty("metadata", "name")
                        + " is applied by "
                        + applier.tool()
                        + ", which would write the weights back: "
                        + applier.stoppedBy(object, jq)));
  }
}
