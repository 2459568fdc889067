package rollout.model;

import rollout.document.Doc;
import rollout.document.Recent;

/** JSON in annotations, which anybody may have damaged. */
public final class Annotations {
  /** Every look asks for the same few texts again; what they say does not change. */
  private static final Recent<String, Doc> READ = new Recent<>(16, Annotations::parsed);

  private Annotations() {}

  /** The object in the text of an annotation; the empty one when it is absent or no JSON. */
  public static Doc read(String text) {
    return text.isEmpty() ? Doc.EMPTY : READ.of(text);
  }

  private static Doc parsed(String text) {
    try {
      return Doc.parse(text);
    } catch (IllegalArgumentException e) {
      return Doc.EMPTY;
    }
  }
}
