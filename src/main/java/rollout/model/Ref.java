package rollout.model;

import rollout.document.Doc;

/**
 * Where an object is.
 *
 * @param namespace empty for kinds without namespace
 */
public record Ref(Kind kind, String namespace, String name) {
  /** The reference to an object, by its metadata. */
  public static Ref to(Kind kind, Doc object) {
    return new Ref(
        kind, object.textOrEmpty("metadata", "namespace"), object.textOrEmpty("metadata", "name"));
  }

  /** As people say it who are in this namespace: {@code HTTPRoute edge/shop} of another one. */
  public String from(String here) {
    boolean elsewhere = !namespace.isEmpty() && !namespace.equals(here);
    return kind.kind() + " " + (elsewhere ? namespace + "/" : "") + name;
  }

  /** Two of one name differ by their kind or namespace, if at all; they are few. */
  @Override
  public int hashCode() {
    return 31 * name.hashCode() + kind.hashCode();
  }

  /** As people say it: {@code Service shop}. */
  @Override
  public String toString() {
    return kind.kind() + " " + name;
  }
}
