package rollout.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import rollout.document.Doc;
import rollout.model.UserError;

/** From a tree with places to the JSON that kubectl would make of it; anchors are written out. */
final class TreeDocument {
  /** What all aliases of a file may expand to, in values. */
  private static final int MOST_VALUES = 300_000;

  private final Findings findings;
  private int values;

  TreeDocument(Findings findings) {
    this.findings = findings;
  }

  /** The object; a key that is there twice is noted. */
  Doc of(MappingNode map) {
    return Doc.of(members(map));
  }

  private @Nullable Object value(Node node) {
    if (++values > MOST_VALUES) {
      throw UserError.of(
          findings.source().place(node),
          "anchors and aliases expand to more than " + MOST_VALUES + " values.",
          "Write it without anchors.");
    }
    if (node.isRecursive()) {
      throw UserError.of(
          findings.source().place(node), "an anchor that contains itself.", "Write it without.");
    }
    return switch (node) {
      case MappingNode map -> members(map);
      case SequenceNode list -> items(list);
      case ScalarNode scalar -> scalar(scalar);
      default -> null;
    };
  }

  private @Nullable Object scalar(ScalarNode node) {
    if (node.getTag().equals(Tag.BINARY)) {
      findings.add(node, "a !!binary value.", "Write it as base64 text, without the tag.");
    }
    return Scalars.kubectl(node);
  }

  private List<@Nullable Object> items(SequenceNode list) {
    List<@Nullable Object> items = new ArrayList<>();
    list.getValue().forEach(item -> items.add(value(item)));
    return items;
  }

  private Map<String, @Nullable Object> members(MappingNode map) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : map.getValue()) {
      Node key = tuple.getKeyNode();
      String name = Seen.key(key);
      if (name.equals("<<") && key.getTag().equals(YamlText.PLAIN)) {
        merged.add(tuple.getValueNode());
      } else if (!(key instanceof ScalarNode)) {
        findings.add(
            key,
            "a key that is " + Seen.say(key) + ".",
            "A key is text; a template with '{{' must be rendered first.");
      } else if (members.containsKey(name)) {
        findings.add(key, "'" + Seen.cut(name) + "' is there twice.", "Keep one.");
      } else {
        members.put(name, value(tuple.getValueNode()));
      }
    }
    merged.forEach(node -> merge(node, members));
    return members;
  }

  /** {@code <<: *anchor} adds what isn't there yet. */
  private void merge(Node from, Map<String, @Nullable Object> members) {
    switch (value(from)) {
      case Map<?, ?> map -> map.forEach((name, value) -> putIfNew(members, name, value));
      case List<?> list ->
          list.forEach(
              item -> {
                if (item instanceof Map<?, ?> map) {
                  map.forEach((name, value) -> putIfNew(members, name, value));
                }
              });
      case null, default -> findings.add(from, "'<<' needs a mapping.", "Name an anchor of one.");
    }
  }

  private static void putIfNew(
      Map<String, @Nullable Object> members, Object name, @Nullable Object value) {
    if (!members.containsKey(String.valueOf(name))) {
      members.put(String.valueOf(name), value);
    }
  }
}
