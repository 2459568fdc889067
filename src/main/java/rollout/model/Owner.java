package rollout.model;

import rollout.document.Doc;

/** Who controls an object. */
public final class Owner {
  private Owner() {}

  /** The uid of the controlling owner, or empty. */
  public static String controller(Doc object) {
    return reference(object).textOrEmpty("uid");
  }

  /** The reference to the controlling owner: kind, name, uid; or empty. */
  public static Doc reference(Doc object) {
    for (Doc owner : object.docs("metadata", "ownerReferences")) {
      if (owner.isTrue("controller")) {
        return owner;
      }
    }
    return Doc.EMPTY;
  }
}
