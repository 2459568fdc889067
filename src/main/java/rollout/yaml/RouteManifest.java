package rollout.yaml;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import rollout.model.UserError;
import rollout.strategy.RouteFile;

/** Reads the manifest of a route that a release makes; whether it is one, the router knows. */
public final class RouteManifest {
  private static final SourceText.Limit LIMIT =
      new SourceText.Limit(1, 20_000, "A route is a page of text; is it the right file?");

  private final SourceText source;
  private final Map<String, String> places = new HashMap<>();

  private RouteManifest(SourceText source) {
    this.source = source;
  }

  /**
   * Reads a file with exactly one object.
   *
   * @throws UserError with everything that is wrong, each with its place
   */
  public static RouteFile read(Path file) {
    SourceText source = SourceText.read(file, LIMIT);
    List<Manifests.Manifest> all = Manifests.identified(source);
    if (all.size() != 1) {
      throw UserError.of(
          all.isEmpty() ? source.name() : source.place(all.get(1).node()),
          all.isEmpty() ? "is empty." : "a second manifest, where one route is expected.",
          "Give a file with one route in it, and apply what else there is before.");
    }
    Manifests.Manifest only = all.getFirst();
    RouteManifest reader = new RouteManifest(source);
    reader.members("", only.node());
    return new RouteFile(source.place(only.node()), only.object(), reader.places);
  }

  // What aliases expand to was bounded when the object was made.
  private void at(String path, Node node) {
    places.put(path, source.place(node));
    switch (node) {
      case MappingNode map -> members(path + "/", map);
      case SequenceNode list -> {
        int index = 0;
        for (Node item : list.getValue()) {
          at(path + "/" + index++, item);
        }
      }
      default -> {}
    }
  }

  private void members(String before, MappingNode map) {
    for (NodeTuple tuple : map.getValue()) {
      at(before + Seen.key(tuple.getKeyNode()), tuple.getValueNode());
    }
  }
}
