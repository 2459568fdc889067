package rollout.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rollout.document.Doc;

/**
 * One address behind a Service.
 *
 * @param podUid empty: not a pod
 * @param serving absent in the slice counts as true
 * @param terminating absent in the slice counts as false
 */
public record Endpoint(String podUid, String podName, boolean serving, boolean terminating) {
  /** Whether it gets new connections while any such endpoint is there. */
  public boolean takesTraffic() {
    return serving && !terminating;
  }

  /** The endpoints of all slices of a Service, each pod once. */
  public static List<Endpoint> in(List<Doc> slices) {
    Map<String, Endpoint> byPod = new LinkedHashMap<>();
    for (Doc slice : slices) {
      for (Doc endpoint : slice.docs("endpoints")) {
        Endpoint one = of(endpoint);
        // Between two slices of one change a pod may stand in both: the one that takes traffic
        // counts.
        byPod.merge(one.key(endpoint), one, (a, b) -> a.takesTraffic() ? a : b);
      }
    }
    return List.copyOf(byPod.values());
  }

  private String key(Doc endpoint) {
    return podUid.isEmpty() ? String.join(",", endpoint.textList("addresses")) : podUid;
  }

  private static Endpoint of(Doc endpoint) {
    boolean serving = !Boolean.FALSE.equals(endpoint.value("conditions", "serving"));
    boolean ready = !Boolean.FALSE.equals(endpoint.value("conditions", "ready"));
    boolean terminating = endpoint.isTrue("conditions", "terminating");
    boolean pod = endpoint.textOrEmpty("targetRef", "kind").equals("Pod");
    return new Endpoint(
        pod ? endpoint.textOrEmpty("targetRef", "uid") : "",
        pod ? endpoint.textOrEmpty("targetRef", "name") : "",
        endpoint.has("conditions", "serving") ? serving : ready,
        terminating);
  }
}
