package rollout.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * What each node's kube-proxy believes: the pods behind each Service as they were up to two seconds
 * ago.
 */
final class Proxies {
  private static final long LEAST_DELAY_MILLIS = 50;
  private static final long MOST_DELAY_MILLIS = 1_800;

  private final Store store;
  private final VirtualTime time;
  private final Dice dice;
  private final Kubelet kubelet;
  private final Runnable beforeChange;
  private final Map<Ref, List<View>> views = new HashMap<>();
  private final Set<String> syncing = new HashSet<>();

  Proxies(Store store, VirtualTime time, Dice dice, Kubelet kubelet, Runnable beforeChange) {
    this.store = store;
    this.time = time;
    this.dice = dice;
    this.kubelet = kubelet;
    this.beforeChange = beforeChange;
    store.watch(this::changed);
  }

  /**
   * What one node believes of a Service.
   *
   * @param pods where new connections go
   * @param unready listed, but not sent to
   */
  record View(List<PodRun> pods, List<PodRun> unready) {}

  /** What a node believes of a Service. */
  View view(Ref service, int node) {
    return views.computeIfAbsent(service, this::fresh).get(node);
  }

  private List<View> fresh(Ref service) {
    List<View> nodes = new ArrayList<>();
    for (int node = 0; node < PodStatus.NODES; node++) {
      nodes.add(look(service));
    }
    return nodes;
  }

  private void changed(Store.Change change) {
    if (!change.ref().kind().equals(Kind.ENDPOINT_SLICE)) {
      return;
    }
    Ref service = Endpoints.service(change.object());
    if (!views.containsKey(service)) {
      return;
    }
    for (int node = 0; node < PodStatus.NODES; node++) {
      sync(service, node);
    }
  }

  private void sync(Ref service, int node) {
    String key = service.namespace() + "/" + service.name() + "/" + node;
    if (syncing.add(key)) {
      time.after(
          dice.between(LEAST_DELAY_MILLIS, MOST_DELAY_MILLIS),
          () -> {
            syncing.remove(key);
            beforeChange.run();
            views.computeIfAbsent(service, this::fresh).set(node, look(service));
          });
    }
  }

  private View look(Ref service) {
    Endpoints endpoints = Endpoints.of(store, kubelet, service);
    // As kube-proxy does: without a ready endpoint, those that end but still serve.
    return new View(
        endpoints.ready().isEmpty() ? endpoints.leaving() : endpoints.ready(), endpoints.unready());
  }
}
