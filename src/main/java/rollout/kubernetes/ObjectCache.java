package rollout.kubernetes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rollout.document.Doc;
import rollout.model.Query;

/**
 * The objects of one query, as a list and the events after it tell, and as own writes answered that
 * the events have not told yet.
 */
final class ObjectCache {
  private final Query query;
  private final Map<String, Doc> objects = new TreeMap<>();

  /** The resourceVersions of own writes that are newer than {@link #position}, by object. */
  private final Map<String, String> own = new HashMap<>();

  /** Everything up to this resourceVersion has been told. */
  private String position = "";

  ObjectCache(Query query) {
    this.query = query;
  }

  synchronized List<Doc> list() {
    return List.copyOf(objects.values());
  }

  synchronized String position() {
    return position;
  }

  /** Takes in a fresh list. */
  synchronized void listed(List<Doc> listed, String resourceVersion) {
    own.values().removeIf(written -> !isNewer(written, resourceVersion));
    objects.keySet().removeIf(key -> !own.containsKey(key));
    listed.forEach(
        object -> {
          if (!own.containsKey(key(object))) {
            objects.put(key(object), object);
          }
        });
    position = resourceVersion;
  }

  /** Takes in an event. */
  synchronized void told(String type, Doc object) {
    String version = version(object);
    String key = key(object);
    position = version;
    if (type.equals("BOOKMARK") || own.containsKey(key) && isNewer(own.get(key), version)) {
      return;
    }
    own.remove(key);
    if (type.equals("DELETED")) {
      objects.remove(key);
    } else {
      objects.put(key, object);
    }
  }

  /** Takes in what an own write answered, unless it has been told already. */
  synchronized void saw(Doc written) {
    String version = version(written);
    String key = key(written);
    boolean isKnown =
        !isNewer(version, position)
            || own.containsKey(key) && !isNewer(version, own.get(key))
            || !isOurs(written, key);
    if (isKnown) {
      return;
    }
    own.put(key, version);
    if (query.matches(written)) {
      objects.put(key, written);
    } else {
      objects.remove(key);
    }
  }

  private boolean isOurs(Doc written, String key) {
    return query.kind().kind().equals(written.textOrEmpty("kind"))
        && query.kind().apiVersion().equals(written.textOrEmpty("apiVersion"))
        && (query.matches(written) || objects.containsKey(key));
  }

  private static String key(Doc object) {
    return object.textOrEmpty("metadata", "namespace")
        + "/"
        + object.textOrEmpty("metadata", "name");
  }

  private static String version(Doc object) {
    return object.textOrEmpty("metadata", "resourceVersion");
  }

  /** Whether a resourceVersion comes after another; of those that are no numbers, each does. */
  static boolean isNewer(String version, String than) {
    if (!version.matches("\\d+") || !than.matches("\\d+")) {
      return true;
    }
    return version.length() == than.length()
        ? version.compareTo(than) > 0
        : version.length() > than.length();
  }
}
