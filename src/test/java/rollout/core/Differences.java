package rollout.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Marks;

/** Where two states of an object differ. */
final class Differences {
  private static final String ABSENT = "absent";

  private final Set<String> places = new TreeSet<>();

  private Differences() {}

  /** The pointers to all places, but for what the server counts. */
  static Set<String> between(Doc before, Doc after) {
    Differences found = new Differences();
    found.compare(uncounted(before).members(), uncounted(after).members(), "");
    return found.places;
  }

  /** The same without weights and the release's own state. */
  static Set<String> besidesOurs(Doc before, Doc after) {
    Set<String> places = between(before, after);
    places.removeIf(place -> place.endsWith("weight") || place.endsWith(Marks.STATE));
    return places;
  }

  private static Doc uncounted(Doc object) {
    return object
        .without("metadata", "resourceVersion")
        .without("metadata", "generation")
        .without("metadata", "managedFields");
  }

  private void compare(@Nullable Object one, @Nullable Object other, String place) {
    if (one instanceof Map<?, ?> left && other instanceof Map<?, ?> right) {
      Set<Object> names = new LinkedHashSet<>(left.keySet());
      names.addAll(right.keySet());
      names.forEach(name -> compare(member(left, name), member(right, name), place + "/" + name));
    } else if (one instanceof List<?> left && other instanceof List<?> right) {
      for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
        compare(element(left, i), element(right, i), place + "/" + i);
      }
    } else if (!String.valueOf(one).equals(String.valueOf(other))) {
      places.add(place);
    }
  }

  private static @Nullable Object member(Map<?, ?> map, Object name) {
    return map.containsKey(name) ? map.get(name) : ABSENT;
  }

  private static @Nullable Object element(List<?> list, int index) {
    return index < list.size() ? list.get(index) : ABSENT;
  }
}
