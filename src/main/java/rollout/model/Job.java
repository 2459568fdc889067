package rollout.model;

import java.util.List;
import rollout.document.Doc;

/** A Job as the API server holds it. */
public record Job(Doc doc) {
  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Where it is. */
  public Ref ref() {
    return Ref.to(Kind.JOB, doc);
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** The version that a conditional write names. */
  public String version() {
    return doc.textOrEmpty("metadata", "resourceVersion");
  }

  /** Whether it waits to be let go. */
  public boolean suspended() {
    return doc.isTrue("spec", "suspend");
  }

  /** Hash of the spec as it was given. */
  public String specHash() {
    return doc.texts("metadata", "annotations").getOrDefault(Marks.SPEC_HASH, "");
  }

  /** Whether it has ended well; said early, while its pods still end. */
  public boolean succeeded() {
    return holds("Complete") || holds("SuccessCriteriaMet");
  }

  /** Whether it has failed; said early, while its pods still end. */
  public boolean failed() {
    return !succeeded() && (holds("Failed") || holds("FailureTarget"));
  }

  /** Whether it has ended and all of its pods have. */
  public boolean over() {
    return holds("Complete") || holds("Failed");
  }

  /** Why it failed: reason and message of the condition. */
  public String failure() {
    return List.of("Failed", "FailureTarget").stream()
        .map(this::condition)
        .filter(condition -> !condition.isEmpty())
        .findFirst()
        .map(condition -> condition.textOrEmpty("reason") + ": " + condition.textOrEmpty("message"))
        .orElse("");
  }

  private boolean holds(String type) {
    return condition(type).textOrEmpty("status").equals("True");
  }

  private Doc condition(String type) {
    return doc.docs("status", "conditions").stream()
        .filter(condition -> condition.textOrEmpty("type").equals(type))
        .findFirst()
        .orElse(Doc.EMPTY);
  }
}
