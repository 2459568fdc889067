package rollout.model;

import rollout.document.Doc;

/** A ReplicaSet as the API server holds it. */
public record ReplicaSet(Doc doc) {
  /** Its name. */
  public String name() {
    return doc.textOrEmpty("metadata", "name");
  }

  /** Its uid. */
  public String uid() {
    return doc.textOrEmpty("metadata", "uid");
  }

  /** The value of {@code pod-template-hash} on its pods. */
  public String hash() {
    return doc.texts("metadata", "labels").getOrDefault(Selector.TEMPLATE_HASH, "");
  }

  /** How many pods it shall have. */
  public int wanted() {
    return (int) doc.number(1, "spec", "replicas");
  }

  /** Whether an object with this uid controls it. */
  public boolean ownedBy(String uid) {
    return Owner.controller(doc).equals(uid);
  }

  /** The template without the hash label: as the Deployment's template was. */
  public Doc template() {
    return doc.doc("spec", "template").without("metadata", "labels", Selector.TEMPLATE_HASH);
  }

  /** Whether its template is that of the Deployment as it is now. */
  public boolean runs(Deployment deployment) {
    return normal(template()).equals(normal(deployment.template()));
  }

  /** Hash of {@link #template}, to compare with a Deployment's. */
  public String templateHash() {
    return Hashes.of(normal(template()));
  }

  /** The API server adds {@code creationTimestamp: null} in some versions; it says nothing. */
  static Doc normal(Doc template) {
    return template.without("metadata", "creationTimestamp");
  }
}
