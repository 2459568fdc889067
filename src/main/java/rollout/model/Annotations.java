package rollout.model;

import rollout.document.Doc;

/** JSON in annotations, which anybody may have damaged. */
public final class Annotations {
  private Annotations() {}

  /** The object in the text of an annotation; the empty one when it is absent or no JSON. */
  public static Doc read(String text) {
    if (text.isEmpty()) {
      return Doc.EMPTY;
    }
    try {
      return Doc.parse(text);
    } catch (IllegalArgumentException e) {
      return Doc.EMPTY;
    }
  }
}
