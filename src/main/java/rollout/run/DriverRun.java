package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.HeldError;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.plan.ToolJob;
import rollout.port.Cluster.Follow;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** Makes the Job that drives a release: first what it reads, then the Job let go. */
final class DriverRun {
  private static final Duration GONE = Duration.ofMinutes(1);
  private final Ports ports;
  private final Interrupts interrupts;
  private final DriverOrder order;
  private final String namespace;

  DriverRun(Ports ports, Interrupts interrupts, DriverOrder order) {
    this.ports = ports;
    this.interrupts = interrupts;
    this.order = order;
    this.namespace = order.namespace().isEmpty() ? ports.namespace() : order.namespace();
  }

  /**
   * Makes it and follows it to its end.
   *
   * @throws RefusedError when it cannot begin; then nothing is left of it
   * @throws HeldError when one runs already
   */
  JobEnd run() throws InterruptedException {
    NamespaceCheck.check(ports.cluster(), namespace);
    clear();
    Job job = make();
    return new JobFollower(ports, interrupts, order.service(), job).run();
  }

  /** A Job of this name that has ended goes; any other stays, and stops this. */
  private void clear() throws InterruptedException {
    String name = ToolJob.driverName(order.service());
    Ref ref = new Ref(Kind.JOB, namespace, name);
    Optional<Job> found = ports.cluster().get(ref).map(Job::new);
    if (found.isEmpty()) {
      return;
    }
    Job old = found.get();
    if (!isOurs(old)) {
      throw RefusedError.of(
          "there is a Job " + name + " in namespace " + namespace + " that is not rollout's",
          "Its name is needed for the Job that drives; delete or rename it.");
    }
    if (!old.over()) {
      throw running(old);
    }
    ports.cluster().delete(ref, old.uid());
    awaitGone(ref, old);
  }

  private boolean isOurs(Job job) {
    Map<String, String> labels = job.doc().texts("metadata", "labels");
    return labels.getOrDefault(Marks.MANAGED_BY, "").equals(Marks.MANAGER)
        && labels.getOrDefault(Marks.TARGET, "").equals(order.service());
  }

  private HeldError running(Job job) {
    return new HeldError(
        order.service()
            + " is being released by Job "
            + job.name()
            + " already.  Watch it: rollout status "
            + order.service()
            + " --watch   Stop it: rollout rollback "
            + order.service());
  }

  private void awaitGone(Ref ref, Job old) throws InterruptedException {
    Query query = Query.named(ref);
    Instant end = ports.time().now().plus(GONE);
    try (Follow kept = ports.cluster().follow(List.of(query), ports.time().signal())) {
      while (kept.list(query).stream().map(Job::new).anyMatch(job -> job.uid().equals(old.uid()))) {
        if (ports.time().now().isAfter(end)) {
          throw RefusedError.of(
              "the Job " + old.name() + " of an earlier release is deleted but does not go",
              "Look at its finalizers and pods, then run the same command again.");
        }
        ports.time().await(end);
      }
    }
  }

  private Job make() {
    String files = ToolJob.filesName(order.service(), ports.nonce());
    Doc wanted = order.job().driver(namespace, order.service(), files, order.paths());
    Job made;
    try {
      made = new Job(ports.cluster().create(Kind.JOB, wanted, Send.REAL));
    } catch (ClusterException.AlreadyExists e) {
      throw running(new Job(wanted));
    } catch (ClusterException.Invalid e) {
      throw RefusedError.of("the cluster refuses the Job that would drive: " + e.getMessage(), "");
    }
    try {
      if (!order.files().isEmpty()) {
        Doc map = ToolJob.files(namespace, files, order.service(), order.texts(), made.doc());
        Doc unused = ports.cluster().create(Kind.CONFIG_MAP, map, Send.REAL);
      }
      // By uid only: the Job's controller writes its status at the same moment.
      Patch go = Patch.none().test(made.uid(), "metadata", "uid").put(false, "spec", "suspend");
      return new Job(ports.cluster().patch(made.ref(), go, Send.REAL));
    } catch (ClusterException e) {
      ports.cluster().delete(made.ref(), made.uid());
      if (e instanceof ClusterException.Invalid || e instanceof ClusterException.Forbidden) {
        throw RefusedError.of(
            "the files of the release cannot be given to its Job: " + e.getMessage(), "");
      }
      throw e;
    }
  }
}
