package rollout.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.document.Recent;

/** A Deployment as the API server holds it. */
public record Deployment(Doc doc) {
  /** More templates than one release compares; members of a document, which stay the same. */
  private static final Recent<Map<String, @Nullable Object>, String> HASHES =
      new Recent<>(8, members -> Hashes.of(ReplicaSet.normal(Doc.of(members))));

  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Where it is. */
  public Ref ref() {
    return Ref.to(Kind.DEPLOYMENT, doc);
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** The version that a conditional write names. */
  public String version() {
    return doc.textOrEmpty("metadata", "resourceVersion");
  }

  /** How many pods it shall have. */
  public int replicas() {
    return (int) doc.number(1, "spec", "replicas");
  }

  /** Whether template changes wait. */
  public boolean paused() {
    return doc.isTrue("spec", "paused");
  }

  /** The pod template. */
  public Doc template() {
    return doc.doc("spec", "template");
  }

  /** The labels of its pods. */
  public Map<String, String> podLabels() {
    return template().texts("metadata", "labels");
  }

  /** Whether the controller has seen the newest spec. */
  public boolean observed() {
    return doc.number(0, "status", "observedGeneration") >= doc.number(0, "metadata", "generation");
  }

  /** Whether every pod is of the newest template, available, and none is left over. */
  public boolean rolledOut() {
    int wanted = replicas();
    return observed()
        && doc.number(0, "status", "updatedReplicas") == wanted
        && doc.number(0, "status", "replicas") == wanted
        && doc.number(0, "status", "availableReplicas") == wanted;
  }

  /** The text of the claim on it; empty: none. */
  public String claimText() {
    return doc.texts("metadata", "annotations").getOrDefault(Marks.CLAIM, "");
  }

  /** The claim on it; empty: none. */
  public Doc claim() {
    return Annotations.read(claimText());
  }

  /** How long a pod must stay ready before it counts, in seconds. */
  public long minReadySeconds() {
    return doc.number(0, "spec", "minReadySeconds");
  }

  /** How long its pods are given to end, in seconds. */
  public long graceSeconds() {
    return template().number(30, "spec", "terminationGracePeriodSeconds");
  }

  /** The hash that names the current template: equal templates, equal hashes. */
  public String templateHash() {
    return HASHES.of(template().members());
  }
}
