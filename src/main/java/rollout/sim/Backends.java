package rollout.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rollout.model.Kind;
import rollout.model.Ref;

/**
 * What the routers believe of the Services behind their routes: whether there is one, and its pods,
 * as it was up to two seconds ago.
 */
final class Backends {
  private static final long LEAST_DELAY_MILLIS = 20;
  private static final long MOST_DELAY_MILLIS = 1_800;

  private final Store store;
  private final VirtualTime time;
  private final Dice dice;
  private final Kubelet kubelet;
  private final Runnable beforeChange;
  private final Map<Ref, View> views = new HashMap<>();
  private final Set<Ref> syncing = new HashSet<>();

  Backends(Store store, VirtualTime time, Dice dice, Kubelet kubelet, Runnable beforeChange) {
    this.store = store;
    this.time = time;
    this.dice = dice;
    this.kubelet = kubelet;
    this.beforeChange = beforeChange;
    store.watch(this::changed);
  }

  /**
   * What is believed of a Service.
   *
   * @param exists whether there is such a Service
   * @param pods to which requests go; unlike a kube-proxy a router sends nothing to pods that end
   * @param unready listed, but not sent to
   */
  record View(boolean exists, List<PodRun> pods, List<PodRun> unready) {}

  View view(Ref service) {
    return views.computeIfAbsent(service, this::look);
  }

  private void changed(Store.Change change) {
    Kind kind = change.ref().kind();
    if (kind.equals(Kind.SERVICE)) {
      sync(change.ref());
    } else if (kind.equals(Kind.ENDPOINT_SLICE)) {
      sync(Endpoints.service(change.object()));
    }
  }

  private void sync(Ref service) {
    if (views.containsKey(service) && syncing.add(service)) {
      time.after(
          dice.between(LEAST_DELAY_MILLIS, MOST_DELAY_MILLIS),
          () -> {
            syncing.remove(service);
            beforeChange.run();
            views.put(service, look(service));
          });
    }
  }

  private View look(Ref service) {
    Endpoints endpoints = Endpoints.of(store, kubelet, service);
    boolean exists = store.get(service) != null;
    return new View(exists, exists ? endpoints.ready() : List.of(), endpoints.unready());
  }
}
