package rollout.model;

import java.util.List;
import java.util.stream.Stream;
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

  /** What its ports may be named by: the number and, where it has one, the name of each. */
  public List<String> ports() {
    return doc.docs("spec", "ports").stream()
        .flatMap(
            port -> Stream.of(String.valueOf(port.number(0, "port")), port.textOrEmpty("name")))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
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
