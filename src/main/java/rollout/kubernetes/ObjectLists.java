package rollout.kubernetes;

import java.util.ArrayList;
import java.util.List;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.port.ClusterException;

/** Reads whole lists, page by page. */
final class ObjectLists {
  private static final int MOST_PAGES = 1_000;
  private static final int BEGINNINGS = 3;

  private final Connection connection;

  ObjectLists(Connection connection) {
    this.connection = connection;
  }

  /**
   * A list and where it stands.
   *
   * @param resourceVersion empty when the server doesn't have the kind
   */
  record Listed(List<Doc> objects, String resourceVersion) {}

  Listed list(Query query) {
    for (int i = 1; i < BEGINNINGS; i++) {
      Call first = Call.get(Paths.list(query, ""));
      Answer answer = connection.read(first);
      if (answer.status() == 404) {
        return new Listed(List.of(), "");
      }
      List<Doc> found = new ArrayList<>();
      Answer last = pages(query, first, answer, found);
      // 410: the pages took so long that the server has forgotten where they began
      if (last.status() != 410) {
        return new Listed(List.copyOf(found), version(last.object(first)));
      }
    }
    throw new ClusterException.Unknown(
        "the list of " + query.kind().plural() + " changes faster than it can be read", null);
  }

  private Answer pages(Query query, Call first, Answer answer, List<Doc> found) {
    Answer page = answer;
    for (int i = 0; i < MOST_PAGES && page.status() != 410; i++) {
      if (!page.isGood()) {
        throw page.refusal(first);
      }
      Doc list = page.object(first);
      list.docs("items").forEach(item -> found.add(withKind(query.kind(), item)));
      String continuation = list.textOrEmpty("metadata", "continue");
      if (continuation.isEmpty()) {
        return page;
      }
      page = connection.read(Call.get(Paths.list(query, continuation)));
    }
    return page;
  }

  private static String version(Doc list) {
    return list.textOrEmpty("metadata", "resourceVersion");
  }

  // The server leaves both out in the items of a list, since the list says them.
  private static Doc withKind(Kind kind, Doc item) {
    return item.with(kind.apiVersion(), "apiVersion").with(kind.kind(), "kind");
  }
}
