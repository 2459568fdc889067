package rollout.sim;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import rollout.port.Signal;

/** The logs of containers, and who follows them. */
final class PodLogs {
  private final Map<String, Set<Signal>> followers = new HashMap<>();

  void follow(String podUid, Signal signal) {
    followers.computeIfAbsent(podUid, uid -> new LinkedHashSet<>()).add(signal);
  }

  void write(PodRun run, ContainerRun container, String line) {
    container.log.add(line);
    raise(run);
  }

  /** A container has ended. */
  void ended(PodRun run) {
    raise(run);
  }

  private void raise(PodRun run) {
    followers.getOrDefault(run.uid, Set.of()).forEach(Signal::raise);
  }
}
