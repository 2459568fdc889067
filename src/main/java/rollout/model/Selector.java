package rollout.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import rollout.document.Doc;

/**
 * The label selector of a Service: pods that carry all of these labels. The empty one selects
 * nothing.
 */
public record Selector(Map<String, String> labels) {
  /** The label that the Deployment controller puts on a ReplicaSet and its pods. */
  public static final String TEMPLATE_HASH = "pod-template-hash";

  /** Copies and sorts the labels. */
  public Selector {
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** Whether a pod with these labels is selected. */
  public boolean selects(Map<String, String> podLabels) {
    return !labels.isEmpty() && podLabels.entrySet().containsAll(labels.entrySet());
  }

  /** This selector and one label more. */
  public Selector and(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(name, value);
    return new Selector(more);
  }

  /** This selector without a label. */
  public Selector without(String name) {
    Map<String, String> fewer = new LinkedHashMap<>(labels);
    fewer.remove(name);
    return new Selector(fewer);
  }

  /** As a document. */
  public Doc doc() {
    return Doc.of(labels);
  }

  /** As people write it: {@code app=shop,tier=web}. */
  @Override
  public String toString() {
    return String.join(",", labels.entrySet().stream().map(Object::toString).toList());
  }
}
