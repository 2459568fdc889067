package rollout.yaml;

import java.util.List;
import java.util.Optional;

/**
 * What a value in a strategy file may be. The reader, its messages and the published JSON Schema
 * all come from these.
 */
sealed interface Shape {
  /** What the value must be, as the end of a sentence. */
  String expected();

  /**
   * Text.
   *
   * @param pattern what it must match as a whole; the same in Java and in ECMAScript
   */
  record Text(String expected, String pattern) implements Shape {}

  /** One of some words. */
  record Word(List<String> words) implements Shape {
    @Override
    public String expected() {
      return words.size() == 1
          ? "'" + words.getFirst() + "'"
          : "one of " + String.join(", ", words);
    }
  }

  /** A whole number. */
  record Whole(long least, long most) implements Shape {
    @Override
    public String expected() {
      return "a whole number from " + least + " to " + most;
    }
  }

  /** True or false. */
  record YesNo() implements Shape {
    @Override
    public String expected() {
      return "true or false";
    }
  }

  /**
   * A duration.
   *
   * @param zero whether it may be 0
   */
  record Span(boolean zero) implements Shape {
    @Override
    public String expected() {
      return "a duration with a unit (ms, s, m, h, d)" + (zero ? "" : ", above 0");
    }
  }

  /** A number, a percentage or a duration; which of them, the check's template says. */
  record Limit() implements Shape {
    @Override
    public String expected() {
      return Bound.Rule.ANY.expected();
    }
  }

  /** Images by the name of their container. */
  record Images(Text container, Text image) implements Shape {
    @Override
    public String expected() {
      return "a mapping from container to image";
    }
  }

  /**
   * A list.
   *
   * @param least how many items there must be
   */
  record Many(Shape item, int least) implements Shape {
    @Override
    public String expected() {
      return "a list";
    }
  }

  /**
   * A mapping with known keys.
   *
   * @param alternatives whether exactly one of the keys must be there
   */
  record Block(List<Key> keys, boolean alternatives) implements Shape {
    /** Copies the list. */
    public Block {
      keys = List.copyOf(keys);
    }

    @Override
    public String expected() {
      return "a mapping with " + String.join(", ", names());
    }

    /** The names of the keys. */
    List<String> names() {
      return keys.stream().map(Key::name).toList();
    }

    /** The key of a name. */
    Optional<Key> key(String name) {
      return keys.stream().filter(key -> key.name().equals(name)).findFirst();
    }
  }

  /**
   * A key of a mapping.
   *
   * @param meaning one sentence, for the schema
   * @param example the key with a good value, for messages
   */
  record Key(String name, Shape shape, boolean required, String meaning, String example) {}
}
