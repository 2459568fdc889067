package rollout.run;

import java.util.List;
import rollout.core.Observation;
import rollout.core.RolloutState;
import rollout.core.StableBroken;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Secrets;
import rollout.plan.Step;
import rollout.port.Cluster;
import rollout.port.ClusterException;

/** What a failed candidate had to say, told before its pods go. */
final class Evidence {
  private static final int PODS = 3;
  private static final int LINES = 20;

  private Evidence() {}

  static void tell(Cluster cluster, Observation seen, RolloutState state, Telling telling) {
    // A fresh pod of stable speaks only where it has something to say.
    if (StableBroken.waits(state)) {
      seen.freshCopy()
          .ifPresent(
              live ->
                  seen.podsOf(live.uid()).stream()
                      .limit(PODS)
                      .forEach(pod -> pod(cluster, pod, phase(state), telling)));
    }
    String uid =
        state.release().candidate().uid().isEmpty()
            ? state.uids().getOrDefault("Deployment/" + state.release().candidate().name(), "")
            : state.release().candidate().uid();
    if (uid.isEmpty()) {
      return;
    }
    seen.podsOf(uid).stream().limit(PODS).forEach(pod -> pod(cluster, pod, phase(state), telling));
  }

  private static Phase phase(RolloutState state) {
    return state.current().map(Step::phase).orElse(Phase.ROLLBACK);
  }

  private static void pod(Cluster cluster, Pod pod, Phase phase, Telling telling) {
    for (Doc container : pod.allContainers()) {
      String name = container.textOrEmpty("name");
      boolean restarted = container.number(0, "restartCount") > 0;
      Doc end = container.doc("state", "terminated");
      if (!end.isEmpty() && end.number(-1, "exitCode") == 0 && !restarted) {
        continue; // what has done its work says nothing about why the others don't
      }
      List<String> lines = tail(cluster, pod, name, restarted);
      if (!lines.isEmpty()) {
        List<String> masked = lines.stream().map(Secrets::masked).toList();
        telling.tell(
            new Event(
                Event.NOTE,
                phase,
                "log of container "
                    + name
                    + " of pod "
                    + pod.name()
                    + (restarted ? ", before its restart" : "")
                    + ":\n"
                    + String.join("\n", masked),
                Doc.of("pod", pod.name(), "container", name, "log", masked)));
      }
    }
  }

  private static List<String> tail(Cluster cluster, Pod pod, String container, boolean previous) {
    try {
      return cluster.logTail(pod.ref(), container, LINES, previous);
    } catch (ClusterException e) {
      return List.of();
    }
  }
}
