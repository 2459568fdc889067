package rollout.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Keeps the EndpointSlices of Services: at most 100 endpoints in each. */
final class EndpointsController {
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  private static final int SLICE_SIZE = 100;

  private final Store store;
  private final Caches caches;
  private final Dice dice;
  private final VirtualTime time;
  private final Work work;
  private final Map<Ref, Integer> looks = new HashMap<>();

  /**
   * @param caches what it knows of Services and pods
   */
  EndpointsController(Store store, Caches caches, VirtualTime time, Dice dice) {
    this.store = store;
    this.caches = caches;
    this.dice = dice;
    this.time = time;
    this.work = new Work(time, dice, 5, 60, this::look);
  }

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
  }

  /** Looks at every Service, as one who has just begun. */
  void lookAtAll() {
    caches.list(Kind.SERVICE, "").forEach(service -> work.soon(Ref.to(Kind.SERVICE, service)));
  }

  private void changed(Store.Change change) {
    long later = caches.behindMillis();
    if (later == 0) {
      heard(change);
    } else {
      time.after(later, () -> heard(change));
    }
  }

  private void heard(Store.Change change) {
    if (change.ref().kind().equals(Kind.SERVICE)) {
      work.soon(change.ref());
    } else if (change.ref().kind().equals(Kind.POD)) {
      for (Doc service : caches.list(Kind.SERVICE, change.ref().namespace())) {
        Map<String, String> selector = service.texts("spec", "selector");
        if (selects(selector, change.before()) || selects(selector, change.after())) {
          work.soon(Ref.to(Kind.SERVICE, service));
        }
      }
    }
  }

  private static boolean selects(Map<String, String> selector, @Nullable Doc pod) {
    return pod != null && Meta.selects(selector, pod);
  }

  private void look(Ref ref) {
    @Nullable Doc service = caches.get(ref);
    if (service == null || Meta.deleting(service) || !service.has("spec", "selector")) {
      return;
    }
    Map<String, Doc> wanted = new LinkedHashMap<>();
    for (Doc pod : caches.list(Kind.POD, ref.namespace())) {
      if (Meta.selects(service.texts("spec", "selector"), pod) && reachable(pod)) {
        wanted.put(Meta.uid(pod), endpoint(service, pod));
      }
    }
    List<List<Doc>> filled = refill(slices(ref), wanted);
    write(service, filled);
  }

  private List<Doc> slices(Ref service) {
    List<Doc> found = store.list(Kind.ENDPOINT_SLICE, service.namespace());
    found.removeIf(
        slice -> !service.name().equals(slice.textOrEmpty("metadata", "labels", SERVICE_NAME)));
    return found;
  }

  private static boolean reachable(Doc pod) {
    String phase = pod.textOrEmpty("status", "phase");
    return pod.has("status", "podIP") && !phase.equals("Failed") && !phase.equals("Succeeded");
  }

  private static Doc endpoint(Doc service, Doc pod) {
    boolean serving = Conditions.isTrue(pod, "Ready");
    boolean terminating = Meta.deleting(pod);
    boolean published = service.isTrue("spec", "publishNotReadyAddresses");
    Doc conditions =
        Doc.of(
            "ready",
            published || (serving && !terminating),
            "serving",
            serving,
            "terminating",
            terminating);
    Doc target =
        Doc.of(
            "kind",
            "Pod",
            "namespace",
            Meta.namespace(pod),
            "name",
            Meta.name(pod),
            "uid",
            Meta.uid(pod));
    return Doc.of(
        "addresses",
        List.of(pod.textOrEmpty("status", "podIP")),
        "conditions",
        conditions,
        "targetRef",
        target,
        "nodeName",
        pod.textOrEmpty("spec", "nodeName"));
  }

  /** Endpoints stay in their slice; free places are filled, then new slices made. */
  private static List<List<Doc>> refill(List<Doc> slices, Map<String, Doc> wanted) {
    List<List<Doc>> filled = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    for (Doc slice : slices) {
      List<Doc> kept = new ArrayList<>();
      for (Doc endpoint : slice.docs("endpoints")) {
        String uid = endpoint.textOrEmpty("targetRef", "uid");
        @Nullable Doc now = wanted.get(uid);
        if (now != null && placed.add(uid)) {
          kept.add(now);
        }
      }
      filled.add(kept);
    }
    int at = 0;
    for (Map.Entry<String, Doc> endpoint : wanted.entrySet()) {
      if (placed.contains(endpoint.getKey())) {
        continue;
      }
      while (at < filled.size() && filled.get(at).size() >= SLICE_SIZE) {
        at++;
      }
      if (at == filled.size()) {
        filled.add(new ArrayList<>());
      }
      filled.get(at).add(endpoint.getValue());
    }
    return filled;
  }

  /** One write a slice, one after another: a mix is visible for a moment, as on a real cluster. */
  private void write(Doc service, List<List<Doc>> filled) {
    Ref ref = Ref.to(Kind.SERVICE, service);
    looks.merge(ref, 1, Integer::sum);
    List<Doc> slices = slices(ref);
    List<Object> ports = ports(service);
    Map<Integer, Doc> known = new HashMap<>();
    for (int i = 0; i < slices.size(); i++) {
      known.put(i, slices.get(i));
    }
    long delay = 0;
    for (int i = 0; i < Math.max(1, filled.size()); i++) {
      List<Doc> endpoints = i < filled.size() ? filled.get(i) : List.of();
      @Nullable Doc slice = known.get(i);
      if (slice == null) {
        later(ref, delay, () -> add(service, endpoints, ports));
      } else if (endpoints.isEmpty() && i > 0) {
        later(ref, delay, () -> store.remove(Ref.to(Kind.ENDPOINT_SLICE, slice)));
      } else {
        later(
            ref,
            delay,
            () ->
                store.edit(
                    Ref.to(Kind.ENDPOINT_SLICE, slice),
                    there -> there.with(endpoints, "endpoints").with(ports, "ports")));
      }
      delay += dice.between(1, 5);
    }
  }

  /** A write that is still to come is void when a newer look has decided anew. */
  private void later(Ref service, long delayMillis, Runnable write) {
    if (delayMillis == 0) {
      write.run();
      return;
    }
    Integer look = looks.getOrDefault(service, 0);
    time.after(
        delayMillis,
        () -> {
          if (look.equals(looks.get(service))) {
            write.run();
          }
        });
  }

  private static List<Object> ports(Doc service) {
    List<Object> ports = new ArrayList<>();
    for (Doc port : service.docs("spec", "ports")) {
      long target = port.number(port.number(0, "port"), "targetPort");
      ports.add(Doc.of("name", port.textOrEmpty("name"), "port", (int) target, "protocol", "TCP"));
    }
    return ports;
  }

  private void add(Doc service, List<Doc> endpoints, List<Object> ports) {
    Doc labels =
        Doc.of(
            SERVICE_NAME,
            Meta.name(service),
            "endpointslice.kubernetes.io/managed-by",
            "endpointslice-controller.k8s.io");
    Doc metadata =
        Doc.of(
            "name",
            Meta.name(service) + "-" + dice.suffix(),
            "namespace",
            Meta.namespace(service),
            "labels",
            labels,
            "ownerReferences",
            List.of(Meta.ownerReference(Kind.SERVICE, service)));
    Doc slice =
        Doc.of(
            "apiVersion",
            "discovery.k8s.io/v1",
            "kind",
            "EndpointSlice",
            "metadata",
            metadata,
            "addressType",
            "IPv4",
            "endpoints",
            endpoints,
            "ports",
            ports);
    if (store.get(Ref.to(Kind.SERVICE, service)) != null) {
      store.add(Kind.ENDPOINT_SLICE, store.born(Kind.ENDPOINT_SLICE, slice));
    }
  }
}
