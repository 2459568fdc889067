package rollout.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;

/** The conditions of a status. */
final class Conditions {
  private Conditions() {}

  /** With one condition set; its time moves only when its status does. */
  static Doc with(
      Doc status, String type, String state, String reason, String message, Instant now) {
    List<@Nullable Object> list = new ArrayList<>();
    Doc fresh = condition(type, state, reason, message, now);
    boolean found = false;
    for (Doc there : status.docs("conditions")) {
      if (!there.textOrEmpty("type").equals(type)) {
        list.add(there);
        continue;
      }
      found = true;
      boolean sameState = there.textOrEmpty("status").equals(state);
      list.add(
          sameState
              ? fresh.with(there.textOrEmpty("lastTransitionTime"), "lastTransitionTime")
              : fresh);
    }
    if (!found) {
      list.add(fresh);
    }
    return status.with(list, "conditions");
  }

  static Doc condition(String type, String state, String reason, String message, Instant now) {
    Doc condition = Doc.of("type", type, "status", state, "lastTransitionTime", Meta.time(now));
    if (!reason.isEmpty()) {
      condition = condition.with(reason, "reason");
    }
    return message.isEmpty() ? condition : condition.with(message, "message");
  }

  static boolean isTrue(Doc object, String type) {
    return object.docs("status", "conditions").stream()
        .anyMatch(
            c -> c.textOrEmpty("type").equals(type) && c.textOrEmpty("status").equals("True"));
  }
}
