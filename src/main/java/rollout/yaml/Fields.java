package rollout.yaml;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The values of a mapping that were what they must be, each with its place. What was wrong is not
 * among them: it has been said.
 *
 * @param path of the mapping: {@code checks[0]}; empty for the file
 */
record Fields(String path, Node node, Map<String, Item> items) {
  /** One value and its place. */
  record Item(Object value, Node node) {}

  /** Copies the map. */
  Fields {
    items = Map.copyOf(items);
  }

  /** A mapping of which nothing is usable. */
  static Fields none(String path, Node node) {
    return new Fields(path, node, Map.of());
  }

  /** Whether there is a good value. */
  boolean has(String name) {
    return items.containsKey(name);
  }

  /** Whether the key is there, with whatever value. */
  boolean says(String name) {
    return node instanceof MappingNode map
        && map.getValue().stream().anyMatch(tuple -> Seen.key(tuple.getKeyNode()).equals(name));
  }

  /** Where a value is; where the mapping begins, if it isn't there. */
  Node at(String name) {
    Item item = items.get(name);
    return item == null ? node : item.node();
  }

  Optional<String> text(String name) {
    return value(name, String.class);
  }

  Optional<Duration> span(String name) {
    return value(name, Duration.class);
  }

  Optional<Long> whole(String name) {
    return value(name, Long.class);
  }

  Optional<Bound> bound(String name) {
    return value(name, Bound.class);
  }

  boolean isTrue(String name) {
    return value(name, Boolean.class).orElse(false);
  }

  Optional<Fields> block(String name) {
    return value(name, Fields.class);
  }

  /** The items of a list; empty when there is none. */
  List<Item> list(String name) {
    return value(name, Items.class).map(Items::list).orElse(List.of());
  }

  /** The texts of a list. */
  List<String> texts(String name) {
    return list(name).stream().map(item -> (String) item.value()).toList();
  }

  Optional<Map<String, String>> images(String name) {
    return value(name, Texts.class).map(Texts::byName);
  }

  private <T> Optional<T> value(String name, Class<T> type) {
    return Optional.ofNullable(items.get(name)).map(Item::value).map(type::cast);
  }

  /** A list. */
  record Items(List<Item> list) {}

  /** A mapping of texts. */
  record Texts(Map<String, String> byName) {}
}
