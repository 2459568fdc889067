package rollout.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import rollout.model.Durations;
import rollout.model.Near;
import rollout.yaml.Shape.Block;
import rollout.yaml.Shape.Key;

/** Reads a tree by the table of keys, and notes everything that isn't as the table says. */
final class ShapeReader {
  /** Far beyond any use, and small enough to be added to any instant. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final Findings findings;
  private final String what;
  private final Block root;

  /**
   * A reader of one kind of file.
   *
   * @param what for messages: {@code a strategy file}
   * @param root all that may be in it
   */
  ShapeReader(Findings findings, String what, Block root) {
    this.findings = findings;
    this.what = what;
    this.root = root;
  }

  /** Reads the whole file. */
  Fields read(Node document) {
    Key file = new Key("", root, true, "", "apiVersion: " + StrategyKeys.API_VERSION);
    return value(file, "", document) instanceof Fields fields ? fields : Fields.none("", document);
  }

  private @Nullable Object value(Key key, String path, Node node) {
    return switch (key.shape()) {
      case Block block when node instanceof MappingNode map -> fields(block, path, map);
      case Shape.Many many when node instanceof SequenceNode list -> items(key, many, path, list);
      case Shape.Images images when node instanceof MappingNode map -> images(images, path, map);
      case Block _, Shape.Many _, Shape.Images _ -> wrong(key, path, node);
      case Shape.Text _, Shape.Word _, Shape.Whole _, Shape.YesNo _, Shape.Span _, Shape.Limit _ ->
          node instanceof ScalarNode scalar ? scalar(key, path, scalar) : wrong(key, path, node);
    };
  }

  private @Nullable Object scalar(Key key, String path, ScalarNode node) {
    @Nullable Object value = Scalars.core(node);
    return switch (key.shape()) {
      case Shape.Text text when value instanceof String s && s.matches(text.pattern()) -> s;
      case Shape.Word word when value instanceof String s && word.words().contains(s) -> s;
      case Shape.Word word when value instanceof String -> unknownWord(key, word, path, node);
      case Shape.Whole whole
          when value instanceof Long n && n >= whole.least() && n <= whole.most() ->
          n;
      case Shape.YesNo _ when value instanceof Boolean yes -> yes;
      case Shape.Span span when value instanceof String s && span(span, s).isPresent() ->
          span(span, s).get();
      case Shape.Span _
          when value instanceof String s
              && span(new Shape.Span(true), s).isEmpty()
              && Durations.parse(Seen.cut(s)).isPresent() ->
          tooLong(path, node);
      case Shape.Limit _ when bound(node, value).isPresent() -> bound(node, value).get();
      default -> wrong(key, path, node);
    };
  }

  private static Optional<Duration> span(Shape.Span shape, String text) {
    return text.length() > 40
        ? Optional.empty()
        : Durations.parse(text)
            .filter(d -> d.compareTo(LONGEST) <= 0 && (shape.zero() || !d.isZero()));
  }

  private static Optional<Bound> bound(ScalarNode node, @Nullable Object value) {
    // A number in quotes is text to every validator of the schema, so it is text here too.
    boolean quotedNumber = value instanceof String s && Bound.NUMBER.matcher(s).matches();
    return value == null || value instanceof Boolean || quotedNumber
        ? Optional.empty()
        : Bound.parse(node.getValue());
  }

  private @Nullable Object unknownWord(Key key, Shape.Word word, String path, ScalarNode node) {
    String right =
        Near.to(node.getValue(), word.words())
            .filter(_ -> word.words().size() > 1)
            .map(near -> "Did you mean '" + near + "'?")
            .orElse("Write for example '" + key.example() + "'.");
    if (word.words().size() == 1) {
      right = "Write '" + key.example() + "'.";
    }
    findings.add(
        node, path + " must be " + word.expected() + ", but is " + Seen.say(node) + ".", right);
    return null;
  }

  private @Nullable Object tooLong(String path, ScalarNode node) {
    findings.add(
        node,
        path + " is longer than " + LONGEST.toDays() + "d: " + Seen.say(node) + ".",
        "Write a shorter one.");
    return null;
  }

  private @Nullable Object wrong(Key key, String path, Node node) {
    if (path.isEmpty()) {
      findings.add(
          node,
          what + " must be a mapping, but this is " + Seen.say(node) + ".",
          "Begin with '" + key.example() + "'.");
      return null;
    }
    findings.add(
        node,
        path + " must be " + key.shape().expected() + ", but is " + Seen.say(node) + ".",
        fix(key, node));
    return null;
  }

  private static String fix(Key key, Node node) {
    boolean number = node instanceof ScalarNode s && Scalars.core(s) instanceof Number;
    if (number && key.shape() instanceof Shape.Text text) {
      String digits = ((ScalarNode) node).getValue();
      if (digits.matches(text.pattern())) {
        return "Write it in quotes: '" + key.name() + ": \"" + digits + "\"'.";
      }
    }
    if (key.shape() instanceof Shape.Limit && Seen.say(node).matches("'-?[0-9.]+'")) {
      return "Write it without quotes.";
    }
    if (key.shape() instanceof Shape.Span && Seen.say(node).matches("[1-9][0-9]{0,8}")) {
      return "Write '" + key.name() + ": " + Seen.say(node) + "s' if these are seconds.";
    }
    return "Write for example '" + key.example() + "'.";
  }

  private @Nullable Object items(Key key, Shape.Many many, String path, SequenceNode list) {
    List<Fields.Item> items = new ArrayList<>();
    if (list.getValue().size() < many.least()) {
      findings.add(list, path + " is an empty list.", "Write for example '" + key.example() + "'.");
    }
    int index = 0;
    for (Node node : list.getValue()) {
      Key item = new Key(key.name(), many.item(), true, key.meaning(), key.example());
      Object value = value(item, path + "[" + index++ + "]", node);
      if (value != null) {
        items.add(new Fields.Item(value, node));
      }
    }
    return new Fields.Items(items);
  }

  private @Nullable Object images(Shape.Images shape, String path, MappingNode map) {
    Map<String, String> images = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      String name = Seen.key(tuple.getKeyNode());
      Key container = new Key(name, shape.container(), true, "", "image: {shop: \"…\"}");
      Key image = new Key(name, shape.image(), true, "", name + ": \"registry.example/shop:2.0\"");
      Object key = value(container, "a key of " + path, tuple.getKeyNode());
      Object value = value(image, path + "." + Seen.cut(name), tuple.getValueNode());
      if (key instanceof String && images.containsKey(name)) {
        findings.add(
            tuple.getKeyNode(),
            "'" + Seen.cut(name) + "' is there twice in " + path + ".",
            "Keep one.");
      } else if (key instanceof String && value instanceof String text) {
        images.put(name, text);
      }
    }
    if (map.getValue().isEmpty()) {
      findings.add(map, path + " names no container.", "Write for example 'image: {shop: \"…\"}'.");
    }
    return new Fields.Texts(images);
  }

  private Fields fields(Block block, String path, MappingNode map) {
    Map<String, Fields.Item> items = new LinkedHashMap<>();
    Map<String, Node> seen = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      Node keyNode = tuple.getKeyNode();
      String name = Seen.key(keyNode);
      Key key = block.key(name).orElse(null);
      Node first = seen.putIfAbsent(name, keyNode);
      if (key == null && first == null) {
        findings.add(
            keyNode,
            "unknown key '" + Seen.cut(name) + "'" + within(path) + ".",
            elsewhere(block, name));
      } else if (key == null || first != null) {
        int line = first.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        findings.add(
            keyNode,
            "'" + name + "' is there twice" + within(path) + ", first in line " + line + ".",
            "Keep one.");
      } else {
        Object value = value(key, path.isEmpty() ? name : path + "." + name, tuple.getValueNode());
        if (value != null) {
          items.put(name, new Fields.Item(value, tuple.getValueNode()));
        }
      }
    }
    complete(block, path, map, seen);
    return new Fields(path, map, items);
  }

  private void complete(Block block, String path, Node map, Map<String, Node> seen) {
    for (Key key : block.keys()) {
      if (key.required() && !seen.containsKey(key.name())) {
        findings.add(
            map,
            "'" + key.name() + "' is missing" + within(path) + ".",
            "Add '" + key.example() + "'.");
      }
    }
    if (block.alternatives()) {
      List<String> there = block.names().stream().filter(seen::containsKey).toList();
      if (there.size() != 1) {
        findings.add(
            map,
            path
                + " needs exactly one of "
                + String.join(", ", block.names())
                + ", but has "
                + (there.isEmpty() ? "none" : String.join(" and ", there))
                + ".",
            there.isEmpty() ? "Add one." : "Keep one.");
      }
    }
  }

  private static String within(String path) {
    return path.isEmpty() ? "" : " in " + path;
  }

  /** The nearest name here; else the mappings where the very name belongs; else all names here. */
  private String elsewhere(Block block, String name) {
    List<String> homes = new ArrayList<>();
    homes(root, "", name, homes);
    return Near.to(name, block.names()).isPresent() || homes.isEmpty()
        ? Seen.hint(name, block.names())
        : "It belongs " + String.join(", or ", homes) + ".";
  }

  private static void homes(Block block, String path, String name, List<String> homes) {
    for (Key key : block.keys()) {
      if (key.name().equals(name)) {
        homes.add(path.isEmpty() ? "at the top" : "in " + path);
      }
      String below = path.isEmpty() ? key.name() : path + "." + key.name();
      switch (key.shape()) {
        case Block inner -> homes(inner, below, name, homes);
        case Shape.Many(Block inner, _) -> homes(inner, below + "[]", name, homes);
        default -> {}
      }
    }
  }
}
