package rollout.model;

import java.util.Optional;
import rollout.document.Doc;

/**
 * What sizes a Deployment by load, as the API server holds it: a HorizontalPodAutoscaler, or KEDA's
 * ScaledObject.
 *
 * <p>Its floor is what keeps idle pods from leaving: the least number of pods of the former, the
 * word that KEDA goes by for the latter.
 */
public record Autoscaler(Kind kind, Doc doc) {
  /** KEDA, 2.18 and newer, takes no pods away while this annotation says {@code true}. */
  public static final String PAUSED_SCALE_IN = "autoscaling.keda.sh/paused-scale-in";

  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Where it is. */
  public Ref ref() {
    return Ref.to(kind, doc);
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** The version that a conditional write names. */
  public String version() {
    return doc.textOrEmpty("metadata", "resourceVersion");
  }

  /** Whether KEDA looks after it. */
  public boolean keda() {
    return kind.kind().equals(Kind.SCALED_OBJECT.kind());
  }

  /** The name of what it scales. */
  public String target() {
    return doc.textOrEmpty("spec", "scaleTargetRef", "name");
  }

  /** Whether it scales a Deployment of this name. */
  public boolean scales(String deployment) {
    return target().equals(deployment)
        && doc.text("spec", "scaleTargetRef", "kind").orElse("Deployment").equals("Deployment");
  }

  /** Whether it is KEDA's own, made from a ScaledObject: what is written on it is written back. */
  public boolean ownedByKeda() {
    return doc.docs("metadata", "ownerReferences").stream()
        .anyMatch(one -> one.textOrEmpty("kind").equals(Kind.SCALED_OBJECT.kind()));
  }

  /** What keeps idle pods from leaving; empty: nothing does. */
  public Optional<String> floor() {
    if (keda()) {
      return Optional.ofNullable(doc.texts("metadata", "annotations").get(PAUSED_SCALE_IN));
    }
    return doc.has("spec", "minReplicas")
        ? Optional.of(String.valueOf(doc.number(1, "spec", "minReplicas")))
        : Optional.empty();
  }

  /** The floor under which so many pods stay; never above its ceiling, and never a lower one. */
  public String raised(int pods) {
    if (keda()) {
      return "true";
    }
    long least = doc.number(1, "spec", "minReplicas");
    return String.valueOf(Math.max(least, Math.min(pods, doc.number(pods, "spec", "maxReplicas"))));
  }

  /** How many pods its target has at least, whatever the load. */
  public int least() {
    return keda()
        ? (int) doc.number(0, "spec", "minReplicaCount")
        : (int) doc.number(1, "spec", "minReplicas");
  }

  /** The name of what is its floor, for people. */
  public static String floorName(Kind kind) {
    return kind.kind().equals(Kind.SCALED_OBJECT.kind()) ? PAUSED_SCALE_IN : "minReplicas";
  }

  /** The text of our state on it; empty: none. */
  public String stateText() {
    return doc.texts("metadata", "annotations").getOrDefault(Marks.STATE, "");
  }

  /** Our state on it; empty: none, or one that nobody can read. */
  public Doc state() {
    return Annotations.read(stateText());
  }
}
