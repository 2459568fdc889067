package rollout.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;

/** Writes the status of pods. */
final class PodStatus {
  static final int NODES = 3;

  private final Store store;
  private final VirtualTime time;
  private int addresses;

  PodStatus(Store store, VirtualTime time) {
    this.store = store;
    this.time = time;
  }

  void unschedulable(PodRun run) {
    Doc condition =
        Conditions.condition(
            "PodScheduled",
            "False",
            "Unschedulable",
            "0/" + NODES + " nodes are available: " + NODES + " Insufficient cpu.",
            time.now());
    store.edit(
        run.ref,
        pod -> pod.with(Doc.of("phase", "Pending", "conditions", List.of(condition)), "status"));
  }

  void bind(PodRun run, int number) {
    addresses++;
    String ip = "10.244.%d.%d".formatted(addresses / 250, addresses % 250 + 1);
    store.edit(
        run.ref,
        pod ->
            status(run, pod.with(ip, "status", "podIP"))
                .with("node-" + (number % NODES + 1), "spec", "nodeName"));
  }

  void write(PodRun run) {
    store.edit(run.ref, pod -> status(run, pod));
  }

  private Doc status(PodRun run, Doc pod) {
    boolean ready = run.ready() && run.phase.equals("Running");
    List<@Nullable Object> containers = new ArrayList<>();
    run.containers.forEach(container -> containers.add(container.status()));
    Doc status =
        Doc.of("phase", run.phase, "containerStatuses", containers)
            .with(pod.docs("status", "conditions"), "conditions");
    if (pod.has("status", "podIP")) {
      String ip = pod.textOrEmpty("status", "podIP");
      status = status.with(ip, "podIP").with(List.of(Doc.of("ip", ip)), "podIPs");
    }
    if (!run.reason.isEmpty()) {
      status = status.with(run.reason, "reason");
      status =
          Conditions.with(
              status, "DisruptionTarget", "True", "EvictionByEvictionAPI", "", time.now());
    }
    status = Conditions.with(status, "PodScheduled", "True", "", "", time.now());
    String why = ready ? "" : "ContainersNotReady";
    String state = ready ? "True" : "False";
    status = Conditions.with(status, "ContainersReady", state, why, "", time.now());
    status = Conditions.with(status, "Ready", state, why, "", time.now());
    return pod.with(status, "status");
  }
}
