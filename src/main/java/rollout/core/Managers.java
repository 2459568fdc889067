package rollout.core;

import java.util.Comparator;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Applier;
import rollout.model.Marks;

/** Who wrote an object, as {@code managedFields} tell. */
final class Managers {
  private Managers() {}

  /** The field manager, not ours, that last wrote a part of the object: name and time. */
  static Optional<String> newest(Doc object, String member) {
    return entry(object, member)
        .map(entry -> entry.textOrEmpty("manager") + ", " + entry.textOrEmpty("time"));
  }

  private static Optional<Doc> entry(Doc object, String member) {
    return object.docs("metadata", "managedFields").stream()
        .filter(entry -> !entry.textOrEmpty("manager").equals(Marks.MANAGER))
        .filter(entry -> entry.has("fieldsV1", "f:" + member))
        .max(Comparator.comparing(entry -> entry.textOrEmpty("time")));
  }

  /**
   * What keeps whoever last wrote a part of the object from doing it again, where that is a tool
   * which applies it from files.
   *
   * @param jq what a release writes there, as jq names it
   */
  static Optional<String> stoppedBy(Doc object, String member, String jq) {
    String manager = entry(object, member).map(one -> one.textOrEmpty("manager")).orElse("");
    return Applier.of(manager, object).map(one -> one.tool() + ": " + one.stoppedBy(object, jq));
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
