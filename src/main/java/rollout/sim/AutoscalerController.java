package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;

/**
 * Scales Deployments by the load of their pods, as the horizontal pod autoscaler does: it takes the
 * pods by the selector of its target, not by owner, so it counts those of a copy that carries the
 * same labels; nothing below its floor, nothing above its ceiling, and down only after five quiet
 * minutes. A target of size 0 is left alone.
 *
 * <p>A request a second is {@value #PERCENT_PER_REQUEST} % of what a pod has asked for.
 */
final class AutoscalerController {
  private static final double PERCENT_PER_REQUEST = 5;
  private static final long SYNC_MILLIS = 15_000;
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final double TOLERANCE = 0.1;

  private final Store store;
  private final VirtualTime time;
  private final Traffic traffic;
  private final Kubelet kubelet;
  private final Map<Ref, List<Wish>> wishes = new HashMap<>();
  private final Map<String, Seen> seen = new HashMap<>();

  AutoscalerController(Store store, VirtualTime time, Traffic traffic, Kubelet kubelet) {
    this.store = store;
    this.time = time;
    this.traffic = traffic;
    this.kubelet = kubelet;
  }

  /** A size that was right at a moment. */
  private record Wish(Instant at, long replicas) {}

  /** What a pod had answered at a moment. */
  private record Seen(Instant at, double requests) {}

  /** Looks after every autoscaler from now on. */
  void begin() {
    store.watch(
        change -> {
          Ref ref = change.ref();
          if (ref.kind().equals(Kind.AUTOSCALER) && wishes.putIfAbsent(ref, List.of()) == null) {
            time.after(SYNC_MILLIS, () -> sync(ref));
          }
        });
  }

  private void sync(Ref ref) {
    @Nullable Doc scaler = store.get(ref);
    if (scaler == null) {
      wishes.remove(ref);
      return;
    }
    Ref target =
        new Ref(
            Kind.DEPLOYMENT, ref.namespace(), scaler.textOrEmpty("spec", "scaleTargetRef", "name"));
    @Nullable Doc deployment = store.get(target);
    if (deployment == null) {
      tell(ref, "AbleToScale", "False", "FailedGetScale");
    } else if (deployment.number(1, "spec", "replicas") == 0) {
      tell(ref, "ScalingActive", "False", "ScalingDisabled");
    } else {
      scale(ref, scaler, target, deployment);
    }
    time.after(SYNC_MILLIS, () -> sync(ref));
  }

  private void scale(Ref ref, Doc scaler, Ref target, Doc deployment) {
    traffic.settle();
    List<Double> loads = new ArrayList<>();
    Map<String, String> labels = deployment.texts("spec", "selector", "matchLabels");
    for (Doc pod : store.list(Query.labelled(Kind.POD, ref.namespace(), labels))) {
      @Nullable PodRun run = kubelet.pod(Meta.uid(pod));
      if (run != null && Conditions.isTrue(pod, "Ready")) {
        loads.add(percent(Meta.uid(pod), run));
      }
    }
    if (loads.isEmpty()) {
      tell(ref, "ScalingActive", "False", "FailedGetResourceMetric");
      return;
    }
    long size = deployment.number(1, "spec", "replicas");
    double average = loads.stream().mapToDouble(Double::doubleValue).sum() / loads.size();
    double ratio = average / utilization(scaler);
    long right = Math.abs(ratio - 1) <= TOLERANCE ? size : (long) Math.ceil(ratio * loads.size());
    long bounded =
        Math.clamp(
            steady(ref, right, size),
            scaler.number(1, "spec", "minReplicas"),
            scaler.number(1, "spec", "maxReplicas"));
    tell(ref, "ScalingActive", "True", "ValidMetricFound");
    store.edit(ref, one -> one.with(bounded, "status", "desiredReplicas"));
    if (bounded != size) {
      store.edit(target, one -> one.with(bounded, "spec", "replicas"));
    }
  }

  private double percent(String uid, PodRun run) {
    double requests = run.counters.good + run.counters.bad;
    @Nullable Seen before = seen.put(uid, new Seen(time.now(), requests));
    if (before == null || !time.now().isAfter(before.at())) {
      return 0;
    }
    double seconds = Duration.between(before.at(), time.now()).toMillis() / 1000.0;
    return (requests - before.requests()) / seconds * PERCENT_PER_REQUEST;
  }

  private static double utilization(Doc scaler) {
    return scaler.docs("spec", "metrics").stream()
        .map(metric -> metric.number(80, "resource", "target", "averageUtilization"))
        .findFirst()
        .orElse(80L);
  }

  /** The greatest size that was right within the window: down only when nobody misses it. */
  private long steady(Ref ref, long right, long size) {
    List<Wish> kept = new ArrayList<>();
    if (wishes.getOrDefault(ref, List.of()).isEmpty()) {
      // What stood there before the first look was right for all that anybody knows.
      kept.add(new Wish(time.now(), size));
    }
    for (Wish wish : wishes.getOrDefault(ref, List.of())) {
      if (wish.at().plus(WINDOW).isAfter(time.now())) {
        kept.add(wish);
      }
    }
    kept.add(new Wish(time.now(), right));
    wishes.put(ref, List.copyOf(kept));
    return kept.stream().mapToLong(Wish::replicas).max().orElse(right);
  }

  private void tell(Ref ref, String type, String state, String reason) {
    store.edit(
        ref,
        one ->
            one.with(
                Conditions.with(one.doc("status"), type, state, reason, "", time.now()), "status"));
  }
}
