package rollout.run;

import java.util.ArrayList;
import java.util.List;
import rollout.core.Action;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;

/**
 * Sends the writes of a release as dry runs: a webhook or a rule that would refuse one says so
 * before the first.
 */
final class DryRuns {
  private DryRuns() {}

  static void check(Cluster cluster, List<Action> writes) {
    List<Problem> refused = new ArrayList<>();
    for (Action write : writes) {
      try {
        send(cluster, write);
      } catch (ClusterException.Invalid | ClusterException.Forbidden e) {
        refused.add(
            Problem.of(
                "the cluster would refuse to "
                    + write.verb()
                    + " "
                    + write.object()
                    + ": "
                    + e.getMessage(),
                ""));
      } catch (ClusterException.AlreadyExists e) {
        refused.add(
            Problem.of(
                write.object() + " exists already",
                "Delete it, or see what it is: kubectl describe "
                    + write.object().kind().plural()
                    + "/"
                    + write.object().name()));
      }
    }
    if (!refused.isEmpty()) {
      throw new RefusedError(refused);
    }
  }

  private static void send(Cluster cluster, Action write) {
    switch (write) {
      case Action.Change change -> cluster.patch(change.object(), change.patch(), Send.DRY_RUN);
      case Action.Make make -> cluster.create(make.kind(), make.body(), Send.DRY_RUN);
      case Action.Remove remove -> throw new IllegalArgumentException("a delete is not rehearsed");
    }
  }
}
