package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * The pods in the slices of a Service.
 *
 * @param leaving they end, and still serve
 */
record Endpoints(List<PodRun> ready, List<PodRun> leaving, List<PodRun> unready) {
  Endpoints {
    ready = List.copyOf(ready);
    leaving = List.copyOf(leaving);
    unready = List.copyOf(unready);
  }

  /** As the slices are now. */
  static Endpoints of(Store store, Kubelet kubelet, Ref service) {
    List<PodRun> ready = new ArrayList<>();
    List<PodRun> leaving = new ArrayList<>();
    List<PodRun> unready = new ArrayList<>();
    for (Doc slice : store.list(Kind.ENDPOINT_SLICE, service.namespace())) {
      if (service(slice).equals(service)) {
        for (Doc endpoint : slice.docs("endpoints")) {
          @Nullable PodRun pod = kubelet.pod(endpoint.textOrEmpty("targetRef", "uid"));
          if (pod != null && endpoint.isTrue("conditions", "ready")) {
            ready.add(pod);
          } else if (pod != null && endpoint.isTrue("conditions", "serving")) {
            leaving.add(pod);
          } else if (pod != null) {
            unready.add(pod);
          }
        }
      }
    }
    return new Endpoints(ready, leaving, unready);
  }

  /** The Service of a slice. */
  static Ref service(Doc slice) {
    String name = slice.textOrEmpty("metadata", "labels", EndpointsController.SERVICE_NAME);
    return new Ref(Kind.SERVICE, Meta.namespace(slice), name);
  }
}
