package rollout.yaml;

import java.util.Collection;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import rollout.model.Near;

/** What stands in a file, as a message says it. */
final class Seen {
  private static final int LONGEST = 40;

  private Seen() {}

  /** A value: {@code 5}, {@code 'five'}, {@code a list}. */
  static String say(Node node) {
    if (Scalars.isNull(node)) {
      return "empty";
    }
    return switch (node) {
      case ScalarNode scalar when Scalars.core(scalar) instanceof String text ->
          "'" + cut(text) + "'";
      case ScalarNode scalar -> cut(scalar.getValue());
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default -> "something else";
    };
  }

  /** The name of a key. */
  static String key(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : say(node);
  }

  /** What to say about an unknown name: the nearest one, or all that there are. */
  static String hint(String written, Collection<String> names) {
    return Near.to(written, names)
        .map(name -> "Did you mean '" + name + "'?")
        .orElse("Known here: " + String.join(", ", names) + ".");
  }

  /** Text on one line, and not too long. */
  static String cut(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
