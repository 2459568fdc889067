package rollout.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import rollout.document.Doc;

/** JSON in annotations, which anybody may have damaged. */
public final class Annotations {
  /** More texts than one release has on its objects at a time. */
  private static final int REMEMBERED = 64;

  /** Every look asks for the same few texts again; what they say does not change. */
  private static final Map<String, Doc> READ =
      Collections.synchronizedMap(
          new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Doc> eldest) {
              return size() > REMEMBERED;
            }
          });

  private Annotations() {}

  /** The object in the text of an annotation; the empty one when it is absent or no JSON. */
  public static Doc read(String text) {
    return text.isEmpty() ? Doc.EMPTY : READ.computeIfAbsent(text, Annotations::parsed);
  }

  private static Doc parsed(String text) {
    try {
      return Doc.parse(text);
    } catch (IllegalArgumentException e) {
      return Doc.EMPTY;
    }
  }
}
