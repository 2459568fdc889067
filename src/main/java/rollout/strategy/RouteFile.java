package rollout.strategy;

import java.util.Map;
import rollout.document.Doc;

/**
 * The manifest of a route from a file.
 *
 * @param place file, line and column where it begins, for messages
 * @param places the same of everything in it, by its path: {@code spec/rules/0}
 */
public record RouteFile(String place, Doc object, Map<String, String> places) {
  /** Copies the map. */
  public RouteFile {
    places = Map.copyOf(places);
  }

  /** Where a member stands; of one that is not there, the last one on the way to it. */
  public String at(String... path) {
    String last = place;
    String way = "";
    for (String name : path) {
      way = way.isEmpty() ? name : way + "/" + name;
      last = places.getOrDefault(way, last);
    }
    return last;
  }

  /** As people name it: {@code HTTPRoute shop}. */
  @Override
  public String toString() {
    return object.textOrEmpty("kind") + " " + object.textOrEmpty("metadata", "name");
  }
}
