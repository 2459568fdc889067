package rollout.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.port.Cluster.Follow;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** Jobs of this program that have one name for a target, so that there is one at most. */
record OwnJobs(Ports ports, String namespace, String target) {
  private static final int LONGEST_SECONDS = 60;

  /**
   * The Job of this name.
   *
   * @throws RefusedError when somebody else's has it
   */
  Optional<Job> find(String name) {
    Optional<Job> found =
        ports.cluster().list(Query.named(new Ref(Kind.JOB, namespace, name))).stream()
            .map(Job::new)
            .findFirst();
    if (found.filter(job -> !isOurs(job)).isPresent()) {
      throw RefusedError.of(
          "there is a Job " + name + " in namespace " + namespace + " that is not rollout's",
          "This name is needed; delete or rename that Job.");
    }
    return found;
  }

  private boolean isOurs(Job job) {
    Map<String, String> labels = job.doc().texts("metadata", "labels");
    return labels.getOrDefault(Marks.MANAGED_BY, "").equals(Marks.MANAGER)
        && labels.getOrDefault(Marks.TARGET, "").equals(target);
  }

  /**
   * Deletes one, and waits until it is gone.
   *
   * @throws RefusedError when that takes more than a minute
   */
  void remove(Job old) throws InterruptedException {
    try {
      ports.cluster().delete(old.ref(), old.uid());
    } catch (ClusterException.NotFound e) {
      return;
    }
    Query query = Query.named(old.ref());
    Instant end = ports.time().now().plusSeconds(LONGEST_SECONDS);
    try (Follow kept = ports.cluster().follow(List.of(query), ports.time().signal())) {
      while (kept.list(query).stream().map(Job::new).anyMatch(one -> one.uid().equals(old.uid()))) {
        if (!ports.time().now().isBefore(end)) {
          throw RefusedError.of(
              "the Job " + old.name() + " of an earlier release is deleted but does not go",
              "Look at its finalizers and pods, then run the same command again.");
        }
        ports.time().await(end);
      }
    }
  }
}
