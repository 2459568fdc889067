package rollout.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Objects as somebody knows them: the server, or a router whose knowledge is old. */
interface Objects {
  /** The object, or null when there is none. */
  @Nullable Doc get(Ref ref);

  /** All objects of a kind in a namespace by name; in all namespaces when it is empty. */
  List<Doc> list(Kind kind, String namespace);
}
