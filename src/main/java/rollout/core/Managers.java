package rollout.core;

import java.util.Comparator;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Marks;

/** Who wrote an object, as {@code managedFields} tell. */
final class Managers {
  private Managers() {}

  /** The field manager, not ours, that last wrote a part of the object: name and time. */
  static Optional<String> newest(Doc object, String member) {
    return object.docs("metadata", "managedFields").stream()
        .filter(entry -> !entry.textOrEmpty("manager").equals(Marks.MANAGER))
        .filter(entry -> entry.has("fieldsV1", "f:" + member))
        .max(Comparator.comparing(entry -> entry.textOrEmpty("time")))
        .map(entry -> entry.textOrEmpty("manager") + ", " + entry.textOrEmpty("time"));
  }

  /** For people: {@code somebody (kubectl-edit, 2026-01-01T00:00:00Z)}. */
  static String somebody(Doc object, String member) {
    return "somebody" + newest(object, member).map(by -> " (" + by + ")").orElse("");
  }

  /** Whether the program made an object for a target. */
  static boolean madeBy(Doc object, String target) {
    return object
            .texts("metadata", "labels")
            .getOrDefault(Marks.MANAGED_BY, "")
            .equals(Marks.MANAGER)
        && object.texts("metadata", "labels").getOrDefault(Marks.TARGET, "").equals(target);
  }
}
