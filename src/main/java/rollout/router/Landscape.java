package rollout.router;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;
import rollout.model.Kind;

/**
 * What was read to find and judge routes.
 *
 * @param service name of the Service whose requests are divided
 * @param objects by kind; a kind that the cluster does not serve is not in it
 */
public record Landscape(String namespace, String service, Map<Kind, List<Doc>> objects) {
  /** Copies the map. */
  public Landscape {
    Map<Kind, List<Doc>> copies = new LinkedHashMap<>();
    objects.forEach((kind, docs) -> copies.put(kind, List.copyOf(docs)));
    objects = copies;
  }

  /** The objects of a kind; none where the cluster does not serve it. */
  public List<Doc> of(Kind kind) {
    return objects.getOrDefault(kind, List.of());
  }

  /** Whether the cluster serves the kind. */
  public boolean serves(Kind kind) {
    return objects.containsKey(kind);
  }
}
