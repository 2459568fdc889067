package rollout.model;

import java.util.Map;
import rollout.document.Doc;

/**
 * Which objects of one kind: those of a namespace that carry all of these labels, or the one of
 * this name.
 *
 * @param labels label values that must be equal; empty: all objects
 * @param name empty: any name
 */
public record Query(Kind kind, String namespace, Map<String, String> labels, String name) {
  /** Copies the labels. */
  public Query {
    labels = Map.copyOf(labels);
  }

  /** All objects of a kind in a namespace. */
  public static Query all(Kind kind, String namespace) {
    return new Query(kind, namespace, Map.of(), "");
  }

  /** The objects with these labels. */
  public static Query labelled(Kind kind, String namespace, Map<String, String> labels) {
    return new Query(kind, namespace, labels, "");
  }

  /** The object of a name: a list of one, or none. */
  public static Query named(Ref ref) {
    return new Query(ref.kind(), ref.namespace(), Map.of(), ref.name());
  }

  /** Labels are left out: a look has few queries of one kind, and asks for each of them often. */
  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + kind.hashCode()) + namespace.hashCode();
  }

  /** Whether an object of this kind and namespace is meant. */
  public boolean matches(Doc object) {
    return (name.isEmpty() || name.equals(object.textOrEmpty("metadata", "name")))
        && (namespace.isEmpty() || namespace.equals(object.textOrEmpty("metadata", "namespace")))
        && object.texts("metadata", "labels").entrySet().containsAll(labels.entrySet());
  }
}
