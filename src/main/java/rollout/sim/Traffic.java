package rollout.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rollout.model.Ref;

/**
 * The load on Services, and through routers. Between two changes of anything that matters the
 * requests flow evenly, so they are counted by the stretch and not one by one: whoever changes
 * something settles first.
 */
final class Traffic {
  private static final int CONNECTIONS = 24;
  private static final int LOSSES_TOLD = 20;

  private final VirtualTime time;
  private final Dice dice;
  private final Images images;
  private final Map<Ref, Load> loads = new LinkedHashMap<>();
  private final Map<String, Sum> sums = new HashMap<>();
  private final List<String> losses = new ArrayList<>();
  private @Nullable Proxies proxies;
  private @Nullable RouteTraffic routes;
  private double dropped;
  private long settled;
  private Instant stretchBegan = Instant.MIN;

  Traffic(VirtualTime time, Dice dice, Images images) {
    this.time = time;
    this.dice = dice;
    this.images = images;
  }

  /** Requests flow by what these proxies believe. */
  void through(Proxies nodes) {
    proxies = nodes;
  }

  /** Requests flow through routers too. */
  void through(RouteTraffic routers) {
    routes = routers;
  }

  private static final class Load {
    final double perSecond;
    final double kept;
    final List<@Nullable PodRun> connections = new ArrayList<>();

    Load(double perSecond, double kept) {
      this.perSecond = perSecond;
      this.kept = kept;
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(null);
      }
    }
  }

  private static final class Sum {
    double errors;
    double lost;
    Instant first = Instant.MAX;
  }

  /**
   * Sets the load of a Service.
   *
   * @param kept the share of requests on connections that are kept open, 0 to 1
   */
  void load(Ref service, double perSecond, double kept) {
    settle();
    Load load = new Load(perSecond, kept);
    loads.put(service, load);
    if (proxies != null) {
      for (int i = 0; i < CONNECTIONS; i++) {
        load.connections.set(i, connect(proxies.view(service, i % PodStatus.NODES).pods()));
      }
    }
  }

  /** Counts what has come since the last call. */
  void settle() {
    double seconds = (time.millis() - settled) / 1000.0;
    stretchBegan = time.now().minusMillis(time.millis() - settled);
    settled = time.millis();
    if (seconds <= 0 || proxies == null) {
      return;
    }
    for (Map.Entry<Ref, Load> load : loads.entrySet()) {
      flow(proxies, load.getKey(), load.getValue(), seconds);
    }
    if (routes != null) {
      routes.flow(seconds);
    }
  }

  private void flow(Proxies nodes, Ref service, Load load, double seconds) {
    double fresh = load.perSecond * seconds * (1 - load.kept) / PodStatus.NODES;
    for (int node = 0; node < PodStatus.NODES; node++) {
      spread(service, nodes.view(service, node), fresh);
    }
    double each = load.perSecond * seconds * load.kept / CONNECTIONS;
    for (int i = 0; i < CONNECTIONS && each > 0; i++) {
      @Nullable PodRun pod = load.connections.get(i);
      if (pod == null || !pod.answers()) {
        pod = connect(nodes.view(service, i % PodStatus.NODES).pods());
        load.connections.set(i, pod);
      }
      if (pod == null) {
        spread(service, nodes.view(service, i % PodStatus.NODES), each);
      } else {
        answer(service, pod, each);
      }
    }
  }

  private @Nullable PodRun connect(List<PodRun> pods) {
    if (pods.isEmpty()) {
      return null;
    }
    PodRun pod = pods.get(dice.below(pods.size()));
    return pod.answers() ? pod : null;
  }

  private void spread(Ref service, Proxies.View view, double requests) {
    if (requests > 0 && view.pods().isEmpty()) {
      refuse(service, view.unready(), requests, "no endpoint");
    }
    for (PodRun pod : view.pods()) {
      answer(service, pod, requests / view.pods().size());
    }
  }

  /** Nobody is there. When that is since a version has crashed, it is that version's own error. */
  void refuse(Ref to, List<PodRun> unready, double requests, String why) {
    for (PodRun pod : unready) {
      if (pod.everReady && !pod.gone && !pod.terminating && !pod.probeFails) {
        sum(pod.image).lost += requests;
        return;
      }
    }
    drop(to, requests, why);
  }

  /** A pod gets requests; who sends them to one that has gone has lost them. */
  void answer(Ref to, PodRun pod, double requests) {
    if (requests <= 0) {
      return;
    }
    if (pod.gone) {
      drop(to, requests, pod.ref.name() + " has gone");
    } else if (!pod.everReady) {
      drop(to, requests, pod.ref.name() + " was never ready");
    } else if (!pod.answers()) {
      sum(pod.image).lost += requests;
    } else {
      Behaviour behaviour = images.of(pod.image);
      pod.counters.answer(requests, behaviour);
      sum(pod.image).errors += requests * behaviour.errorRate();
    }
  }

  private Sum sum(String image) {
    Sum sum = sums.computeIfAbsent(image, any -> new Sum());
    if (sum.first.equals(Instant.MAX)) {
      sum.first = stretchBegan;
    }
    return sum;
  }

  private void drop(Ref to, double requests, String why) {
    dropped += requests;
    if (requests > 0 && losses.size() < LOSSES_TOLD) {
      losses.add("until %s: %.1f requests to %s: %s".formatted(time.now(), requests, to, why));
    }
  }

  /** What has become of the requests so far. */
  TrafficReport report(Iterable<PodRun> pods) {
    settle();
    Map<String, Double> good = new HashMap<>();
    Map<String, Long> byPod = new HashMap<>();
    for (PodRun pod : pods) {
      double answered = pod.counters.good + pod.counters.bad;
      if (answered > 0) {
        good.merge(pod.image, pod.counters.good, Double::sum);
        byPod.put(pod.ref.name(), Math.round(answered));
      }
    }
    Map<String, TrafficReport.Answers> byImage = new HashMap<>();
    sums.forEach(
        (image, sum) ->
            byImage.put(
                image,
                new TrafficReport.Answers(
                    Math.round(good.getOrDefault(image, 0.0)),
                    (long) Math.ceil(sum.errors + sum.lost - 1e-6),
                    sum.first)));
    SortedMap<Integer, Long> turned = routes == null ? new TreeMap<>() : routes.turned();
    return TrafficReport.of(byImage, byPod, (long) Math.ceil(dropped - 1e-6), losses, turned);
  }
}
