package rollout.model;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;

/** A pod as the API server holds it. */
public record Pod(Doc doc) {
  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** Where it is. */
  public Ref ref() {
    return Ref.to(Kind.POD, doc);
  }

  /** Its labels. */
  public Map<String, String> labels() {
    return doc.texts("metadata", "labels");
  }

  /** The uid of its controller, a ReplicaSet or a Job. */
  public String owner() {
    return Owner.controller(doc);
  }

  /** Whether it is being deleted. */
  public boolean terminating() {
    return doc.has("metadata", "deletionTimestamp");
  }

  /** Whether it has ended by itself, or was evicted. */
  public boolean ended() {
    String phase = doc.textOrEmpty("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether it is Ready and not on its way out. */
  public boolean ready() {
    return !terminating() && !ended() && readyCondition().textOrEmpty("status").equals("True");
  }

  /** Since when it is Ready; empty when it isn't. */
  public Optional<Instant> readySince() {
    if (!ready()) {
      return Optional.empty();
    }
    return instant(readyCondition().textOrEmpty("lastTransitionTime"));
  }

  private Doc readyCondition() {
    return condition("Ready");
  }

  /** The condition of this type, or the empty document. */
  public Doc condition(String type) {
    for (Doc condition : doc.docs("status", "conditions")) {
      if (condition.textOrEmpty("type").equals(type)) {
        return condition;
      }
    }
    return Doc.EMPTY;
  }

  /**
   * Status of every container, ordinary ones and sidecars (init containers that restart always).
   */
  public List<Doc> containers() {
    List<Doc> statuses = new ArrayList<>(doc.docs("status", "containerStatuses"));
    List<String> sidecars =
        doc.docs("spec", "initContainers").stream()
            .filter(container -> container.textOrEmpty("restartPolicy").equals("Always"))
            .map(container -> container.textOrEmpty("name"))
            .toList();
    doc.docs("status", "initContainerStatuses").stream()
        .filter(status -> sidecars.contains(status.textOrEmpty("name")))
        .forEach(statuses::add);
    return List.copyOf(statuses);
  }

  /** Status of every container, those that must end before the others start included. */
  public List<Doc> allContainers() {
    List<Doc> statuses = new ArrayList<>(doc.docs("status", "initContainerStatuses"));
    statuses.addAll(doc.docs("status", "containerStatuses"));
    return List.copyOf(statuses);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
