package rollout.model;

import rollout.document.Doc;

/** A Service as the API server holds it. */
public record Service(Doc doc) {
  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Where it is. */
  public Ref ref() {
    return Ref.to(Kind.SERVICE, doc);
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** The version that a conditional write names. */
  public String version() {
    return doc.textOrEmpty("metadata", "resourceVersion");
  }

  /** Which pods it sends to. */
  public Selector selector() {
    return new Selector(doc.texts("spec", "selector"));
  }

  /** The text of our state on it; empty: none. */
  public String stateText() {
    return doc.texts("metadata", "annotations").getOrDefault(Marks.STATE, "");
  }

  /** Our state on it; empty: none, or one that nobody can read. */
  public Doc state() {
    return Annotations.read(stateText());
  }

  /** Whether not-ready pods are listed as ready. */
  public boolean publishesNotReady() {
    return doc.isTrue("spec", "publishNotReadyAddresses");
  }
}
