package rollout.sim;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** What is read from an object's metadata, and how objects point at each other. */
final class Meta {
  private Meta() {}

  static String name(Doc object) {
    return object.textOrEmpty("metadata", "name");
  }

  static String namespace(Doc object) {
    return object.textOrEmpty("metadata", "namespace");
  }

  static String uid(Doc object) {
    return object.textOrEmpty("metadata", "uid");
  }

  static long version(Doc object) {
    String text = object.textOrEmpty("metadata", "resourceVersion");
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  static boolean deleting(Doc object) {
    return object.has("metadata", "deletionTimestamp");
  }

  /** The uid of the controller, or the empty string. */
  static String controllerUid(Doc object) {
    if (object.value("metadata", "ownerReferences") instanceof List<?> owners) {
      for (Object owner : owners) {
        if (owner instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("controller"))) {
          return String.valueOf(map.get("uid"));
        }
      }
    }
    return "";
  }

  static List<String> ownerUids(Doc object) {
    List<String> uids = new ArrayList<>();
    if (object.value("metadata", "ownerReferences") instanceof List<?> owners) {
      for (Object owner : owners) {
        if (owner instanceof Map<?, ?> map) {
          uids.add(String.valueOf(map.get("uid")));
        }
      }
    }
    return uids;
  }

  static Doc ownerReference(Kind kind, Doc owner) {
    return Doc.of(
        "apiVersion",
        kind.apiVersion(),
        "kind",
        kind.kind(),
        "name",
        name(owner),
        "uid",
        uid(owner),
        "controller",
        true,
        "blockOwnerDeletion",
        true);
  }

  static Ref ref(Kind kind, Doc object) {
    return Ref.to(kind, object);
  }

  /** Whether an object carries all these labels; an empty selector selects nothing. */
  static boolean selects(Map<String, String> selector, Doc object) {
    return !selector.isEmpty() && carries(object, selector);
  }

  static boolean carries(Doc object, Map<String, String> labels) {
    if (labels.isEmpty()) {
      return true;
    }
    if (!(object.value("metadata", "labels") instanceof Map<?, ?> carried)) {
      return false;
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!label.getValue().equals(carried.get(label.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /** As {@code metav1.Time}: whole seconds. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Whether two JSON values are equal; 1 and 1L are. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one == other) {
      return true;
    }
    if (one instanceof Number a && other instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue()) == 0;
    }
    if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      return a.size() == b.size() && sameMembers(a, b);
    }
    if (one instanceof List<?> a && other instanceof List<?> b) {
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!same(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    return Objects.equals(one, other);
  }

  private static boolean sameMembers(Map<?, ?> one, Map<?, ?> other) {
    for (Map.Entry<?, ?> member : one.entrySet()) {
      @Nullable Object there = other.get(member.getKey());
      boolean missing = there == null && !other.containsKey(member.getKey());
      if (missing || !same(member.getValue(), there)) {
        return false;
      }
    }
    return true;
  }
}
