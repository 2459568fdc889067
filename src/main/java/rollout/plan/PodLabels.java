package rollout.plan;

import java.util.Map;
import rollout.document.Doc;
import rollout.model.Selector;

/** Label selectors of the newer kind, as in budgets and affinities, seen from a pod's labels. */
final class PodLabels {
  private final Map<String, String> labels;

  PodLabels(Map<String, String> labels) {
    this.labels = Map.copyOf(labels);
  }

  /**
   * Whether a {@code LabelSelector} means a pod with these labels. Absent, it means none; an empty
   * one means all.
   */
  boolean selectedBy(Doc parent, String member) {
    if (!(parent.value(member) instanceof Map<?, ?>)) {
      return false;
    }
    Doc selector = parent.doc(member);
    Selector equal = new Selector(selector.texts("matchLabels"));
    return (equal.labels().isEmpty() || equal.selects(labels))
        && selector.docs("matchExpressions").stream().allMatch(this::meets);
  }

  private boolean meets(Doc expression) {
    String key = expression.textOrEmpty("key");
    boolean among =
        labels.containsKey(key)
            && expression.textList("values").contains(labels.getOrDefault(key, ""));
    return switch (expression.textOrEmpty("operator")) {
      case "In" -> among;
      case "NotIn" -> !among;
      case "Exists" -> labels.containsKey(key);
      case "DoesNotExist" -> !labels.containsKey(key);
      default -> false;
    };
  }
}
