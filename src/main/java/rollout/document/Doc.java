package rollout.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object: how the program holds everything that the API server says or is told.
 *
 * <p>Unknown fields survive, whatever reads or changes their neighbours. Values are {@code String},
 * {@code Boolean}, {@code Number}, {@code null}, {@code List} and {@code Map}; maps keep their
 * order. Paths are member names, one an argument: {@code doc.text("metadata", "name")}; in a list,
 * the index: {@code doc.text("spec", "rules", "0", "name")}. A missing path is never an error:
 * readers have an answer for it.
 */
public final class Doc {
  /** The object without members. */
  public static final Doc EMPTY = new Doc(Map.of());

  private final Map<String, @Nullable Object> members;

  // Unmodifiable all the way down, so that what stands in it can be handed out as it is.
  private Doc(Map<String, @Nullable Object> members) {
    this.members = members;
  }

  /** A document with these members, copied all the way down. */
  public static Doc of(Map<String, ? extends @Nullable Object> members) {
    return new Doc(copyOfMap(members));
  }

  /** A document of alternating names and values. */
  public static Doc of(Object... namesAndValues) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return of(members);
  }

  /**
   * Reads JSON text.
   *
   * @throws IllegalArgumentException when it is not a JSON object
   */
  public static Doc parse(String json) {
    return new Doc(frozen(JsonText.readObject(json)));
  }

  /** The members, unmodifiable. */
  public Map<String, @Nullable Object> members() {
    return members;
  }

  /** Compact JSON in the order of the members. */
  public String json() {
    return JsonText.write(members);
  }

  /** Compact JSON with sorted member names: equal documents have equal canonical texts. */
  public String canonical() {
    return JsonText.write(sorted(members));
  }

  /** Whether nothing is in it. */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** The raw value at a path, or null where there is none. */
  public @Nullable Object value(String... path) {
    @Nullable Object here = members;
    for (String name : path) {
      if (here instanceof Map<?, ?> map) {
        here = map.get(name);
      } else if (here instanceof List<?> list && isIndex(name, list)) {
        here = list.get(Integer.parseInt(name));
      } else {
        return null;
      }
    }
    return here;
  }

  private static boolean isIndex(String name, List<?> list) {
    return name.matches("0|[1-9]\\d{0,5}") && Integer.parseInt(name) < list.size();
  }

  /** Whether a path has a value, {@code null} not counted. */
  public boolean has(String... path) {
    return value(path) != null;
  }

  /** The string at a path. */
  public Optional<String> text(String... path) {
    return value(path) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** The string at a path, or the empty string. */
  public String textOrEmpty(String... path) {
    return value(path) instanceof String text ? text : "";
  }

  /** The whole number at a path, or {@code fallback}. */
  public long number(long fallback, String... path) {
    return value(path) instanceof Number number ? number.longValue() : fallback;
  }

  /** Whether {@code true} stands at a path. */
  public boolean isTrue(String... path) {
    return Boolean.TRUE.equals(value(path));
  }

  /** The object at a path, or the empty one. */
  public Doc doc(String... path) {
    return asDoc(value(path)).orElse(EMPTY);
  }

  /** The objects in the list at a path; members that are no objects are left out. */
  public List<Doc> docs(String... path) {
    if (!(value(path) instanceof List<?> list)) {
      return List.of();
    }
    List<Doc> found = new ArrayList<>(list.size());
    for (Object item : list) {
      if (item instanceof Map<?, ?> map) {
        found.add(new Doc(ours(map)));
      }
    }
    return Collections.unmodifiableList(found);
  }

  /** The strings in the list at a path. */
  public List<String> textList(String... path) {
    List<String> found = new ArrayList<>();
    if (value(path) instanceof List<?> list) {
      list.forEach(
          item -> {
            if (item instanceof String text) {
              found.add(text);
            }
          });
    }
    return List.copyOf(found);
  }

  /** The object at a path as a map of strings (labels, annotations, a selector), in its order. */
  public Map<String, String> texts(String... path) {
    Map<String, String> found = new LinkedHashMap<>();
    doc(path)
        .members
        .forEach(
            (name, value) -> {
              if (value != null) {
                found.put(name, String.valueOf(value));
              }
            });
    return Collections.unmodifiableMap(found);
  }

  /**
   * A copy with a value at a path; objects on the way are made, elements of lists are not: one that
   * is there is replaced. A {@code Doc} value becomes its members.
   */
  public Doc with(@Nullable Object value, String... path) {
    return new Doc(put(members, copyOf(value), path, 0));
  }

  /** A copy without the member or the element at a path. */
  public Doc without(String... path) {
    return value(path) == null && !hasMember(path) ? this : new Doc(remove(members, path, 0));
  }

  private boolean hasMember(String... path) {
    String[] parent = Arrays.copyOf(path, path.length - 1);
    return value(parent) instanceof Map<?, ?> map && map.containsKey(path[path.length - 1]);
  }

  private static Optional<Doc> asDoc(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Optional.of(new Doc(ours(map))) : Optional.empty();
  }

  private static Map<String, @Nullable Object> put(
      Map<String, @Nullable Object> map, @Nullable Object value, String[] path, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(map);
    String name = path[depth];
    copy.put(name, changed(map.get(name), value, path, depth + 1));
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object changed(
      @Nullable Object there, @Nullable Object value, String[] path, int depth) {
    if (depth == path.length) {
      return value;
    }
    if (there instanceof List<?> list && isIndex(path[depth], list)) {
      List<@Nullable Object> copy = new ArrayList<>(list);
      int index = Integer.parseInt(path[depth]);
      copy.set(index, changed(list.get(index), value, path, depth + 1));
      return Collections.unmodifiableList(copy);
    }
    return put(there instanceof Map<?, ?> map ? ours(map) : Map.of(), value, path, depth);
  }

  private static Map<String, @Nullable Object> remove(
      Map<String, @Nullable Object> map, String[] path, int depth) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(map);
    String name = path[depth];
    if (depth == path.length - 1) {
      copy.remove(name);
    } else if (map.containsKey(name)) {
      copy.put(name, lessened(map.get(name), path, depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object lessened(@Nullable Object there, String[] path, int depth) {
    if (there instanceof List<?> list && isIndex(path[depth], list)) {
      List<@Nullable Object> copy = new ArrayList<>(list);
      int index = Integer.parseInt(path[depth]);
      if (depth == path.length - 1) {
        copy.remove(index);
      } else {
        copy.set(index, lessened(list.get(index), path, depth + 1));
      }
      return Collections.unmodifiableList(copy);
    }
    return there instanceof Map<?, ?> map ? remove(ours(map), path, depth) : there;
  }

  /** A map that stands in a document: it was given string keys when it came in. */
  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> ours(Map<?, ?> inDocument) {
    return (Map<String, @Nullable Object>) inDocument;
  }

  private static @Nullable Object copyOf(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Doc doc -> doc.members;
      case Map<?, ?> map -> copyOfMap(stringKeys(map));
      case List<?> list -> copyOfList(list);
      default -> value;
    };
  }

  private static List<@Nullable Object> copyOfList(List<?> list) {
    List<@Nullable Object> copy = new ArrayList<>(list.size());
    list.forEach(item -> copy.add(copyOf(item)));
    return Collections.unmodifiableList(copy);
  }

  private static Map<String, @Nullable Object> copyOfMap(
      Map<String, ? extends @Nullable Object> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put(name, copyOf(value)));
    return Collections.unmodifiableMap(copy);
  }

  /** What nobody else holds needs no copy. */
  private static Map<String, @Nullable Object> frozen(Map<String, @Nullable Object> parsed) {
    parsed.replaceAll((name, value) -> frozen(value));
    return Collections.unmodifiableMap(parsed);
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object frozen(@Nullable Object parsed) {
    return switch (parsed) {
      case Map<?, ?> map -> frozen(ours(map));
      case List<?> list -> {
        List<@Nullable Object> items = (List<@Nullable Object>) list;
        items.replaceAll(Doc::frozen);
        yield Collections.unmodifiableList(items);
      }
      case null, default -> parsed;
    };
  }

  private static Map<String, @Nullable Object> stringKeys(Map<?, ?> map) {
    Map<String, @Nullable Object> typed = new LinkedHashMap<>();
    map.forEach((name, value) -> typed.put(String.valueOf(name), value));
    return typed;
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new TreeMap<>();
        map.forEach((name, member) -> copy.put(String.valueOf(name), sorted(member)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(item -> copy.add(sorted(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    // Numbers of another type may still be written alike.
    return other instanceof Doc doc
        && (doc.members.equals(members) || doc.canonical().equals(canonical()));
  }

  @Override
  public int hashCode() {
    return Objects.hash(members.keySet());
  }

  @Override
  public String toString() {
    return json();
  }
}
