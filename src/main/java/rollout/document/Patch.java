package rollout.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON patch (RFC 6902) on objects: all of its operations or none. Members of objects are
 * addressed by name, elements of lists by index.
 *
 * <p>As on the real API server (its JSON patch library), {@code test} of an absent member against
 * {@code null} passes.
 */
public final class Patch {
  /** In a path: behind the last element of a list. */
  public static final String END = "-";

  private final List<Operation> operations;

  private Patch(List<Operation> operations) {
    this.operations = List.copyOf(operations);
  }

  /** The patch without operations. */
  public static Patch none() {
    return new Patch(List.of());
  }

  /**
   * A patch that the server refuses with 409 unless the object still has this resourceVersion. A
   * {@code replace} and no {@code test}, because a stale {@code test} answers 422, which says
   * nothing of the cause.
   */
  public static Patch at(String resourceVersion) {
    return none().plus("replace", resourceVersion, "metadata", "resourceVersion");
  }

  /**
   * With a test: the whole patch is refused (422) unless the value at the path is this one; null:
   * is absent.
   */
  public Patch test(@Nullable Object value, String... path) {
    return plus("test", value, path);
  }

  /**
   * With a value put at a path, present before or not. Its parent must be there. In a list it is
   * inserted before the element of that index; {@link #END} is behind the last one.
   */
  public Patch put(Object value, String... path) {
    return plus("add", value, path);
  }

  /** With a member taken away; the patch is refused where it is absent. */
  public Patch remove(String... path) {
    return plus("remove", null, path);
  }

  private Patch plus(String verb, @Nullable Object value, String... path) {
    List<Operation> more = new ArrayList<>(operations);
    // Documents within lists and maps become plain members too: they are sent as JSON.
    @Nullable Object plain = value == null ? null : Doc.of("value", value).value("value");
    more.add(new Operation(verb, List.of(path), plain));
    return new Patch(more);
  }

  /** All operations of this patch, then all of another. */
  public Patch and(Patch other) {
    List<Operation> more = new ArrayList<>(operations);
    more.addAll(other.operations);
    return new Patch(more);
  }

  /** The operations in order. */
  public List<Operation> operations() {
    return operations;
  }

  /** The text that is sent, {@code application/json-patch+json}. */
  public String json() {
    return JsonText.write(operations.stream().map(Operation::members).toList());
  }

  /**
   * What the object is after the patch.
   *
   * @throws Refused when a test fails or a path isn't there
   */
  public Doc apply(Doc object) throws Refused {
    Doc now = object;
    for (Operation operation : operations) {
      now = operation.apply(now);
    }
    return now;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Patch patch && patch.operations.equals(operations);
  }

  @Override
  public int hashCode() {
    return operations.hashCode();
  }

  @Override
  public String toString() {
    return json();
  }

  /** One operation: {@code test}, {@code add}, {@code replace} or {@code remove} at a path. */
  public record Operation(String verb, List<String> path, @Nullable Object value) {
    /** The path as a JSON pointer (RFC 6901). */
    public String pointer() {
      StringBuilder text = new StringBuilder();
      path.forEach(name -> text.append('/').append(name.replace("~", "~0").replace("/", "~1")));
      return text.toString();
    }

    Map<String, @Nullable Object> members() {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("op", verb);
      members.put("path", pointer());
      if (!verb.equals("remove")) {
        members.put("value", value);
      }
      return members;
    }

    private Doc apply(Doc object) throws Refused {
      String[] names = path.toArray(String[]::new);
      @Nullable Object there = object.value(names);
      switch (verb) {
        case "test" -> {
          if (!Doc.of("v", orNull(there)).equals(Doc.of("v", orNull(value)))) {
            throw new Refused("test of " + pointer() + " failed");
          }
          return object;
        }
        case "remove" -> {
          if (there == null) {
            throw new Refused("nothing to remove at " + pointer());
          }
          return object.without(names);
        }
        default -> {
          return put(object);
        }
      }
    }

    private Doc put(Doc object) throws Refused {
      String[] parent = parent();
      return switch (object.value(parent)) {
        case Map<?, ?> _ -> object.with(value, path.toArray(String[]::new));
        case List<?> list when verb.equals("add") -> {
          List<@Nullable Object> more = new ArrayList<>(list);
          more.add(index(list), value);
          yield object.with(more, parent);
        }
        case null, default -> throw new Refused("no object to add to at " + pointer());
      };
    }

    private int index(List<?> list) throws Refused {
      String name = path.getLast();
      if (name.equals(END)) {
        return list.size();
      }
      if (!name.matches("0|[1-9]\\d{0,5}") || Integer.parseInt(name) > list.size()) {
        throw new Refused("no such place in the list at " + pointer());
      }
      return Integer.parseInt(name);
    }

    private String[] parent() {
      return path.subList(0, path.size() - 1).toArray(String[]::new);
    }

    private static Object orNull(@Nullable Object value) {
      return value == null ? Map.of("absent", true) : value;
    }
  }

  /** A test that failed, or a path that isn't there; the object is unchanged. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }
}
