package rollout.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** What a router has taken in: the objects as they were when it last acted. */
final class Applied implements Objects {
  /** Of a router that has just begun. */
  static final Applied NOTHING = new Applied(Map.of());

  private final Map<Kind, List<Doc>> byKind;

  private Applied(Map<Kind, List<Doc>> byKind) {
    this.byKind = byKind;
  }

  /** The objects of these kinds as they are now. */
  static Applied of(Objects now, List<Kind> kinds) {
    Map<Kind, List<Doc>> byKind = new HashMap<>();
    kinds.forEach(kind -> byKind.put(kind, List.copyOf(now.list(kind, ""))));
    return new Applied(byKind);
  }

  @Override
  public @Nullable Doc get(Ref ref) {
    for (Doc object : list(ref.kind(), ref.namespace())) {
      if (Meta.name(object).equals(ref.name())) {
        return object;
      }
    }
    return null;
  }

  @Override
  public List<Doc> list(Kind kind, String namespace) {
    List<Doc> found = new ArrayList<>(byKind.getOrDefault(kind, List.of()));
    found.removeIf(object -> !namespace.isEmpty() && !Meta.namespace(object).equals(namespace));
    return found;
  }
}
