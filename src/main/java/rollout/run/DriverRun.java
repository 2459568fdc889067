package rollout.run;

import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.HeldError;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.RefusedError;
import rollout.plan.Feature;
import rollout.plan.ToolJob;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** Makes the Job that drives a release: first what it reads, then the Job let go. */
final class DriverRun {
  private final Ports ports;
  private final Interrupts interrupts;
  private final DriverOrder order;
  private final String namespace;

  DriverRun(Ports ports, Interrupts interrupts, DriverOrder order) {
    this.ports = ports;
    this.interrupts = interrupts;
    this.order = order;
    this.namespace = ports.namespace(order.namespace());
  }

  /**
   * Makes it and follows it to its end.
   *
   * @throws RefusedError when it cannot begin; then nothing is left of it
   * @throws HeldError when one runs already
   */
  JobEnd run() throws InterruptedException {
    PatientCluster patient = new PatientCluster(ports.cluster(), ports.time());
    AccessCheck.check(patient, namespace, Feature.CALLER.accesses());
    OwnJobs jobs = new OwnJobs(ports, namespace, order.service());
    Optional<Job> old = jobs.find(ToolJob.driverName(order.service()));
    if (old.isPresent()) {
      if (!old.get().over()) {
        throw running(old.get());
      }
      jobs.remove(old.get());
    }
    return new JobFollower(ports, interrupts, order.service(), make()).run();
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

  private Job make() {
    String files = ToolJob.filesName(order.service(), ports.nonce());
    Doc wanted = order.made(namespace, files);
    Job made;
    try {
      made = new Job(ports.cluster().create(Kind.JOB, wanted, Send.REAL));
    } catch (ClusterException.AlreadyExists e) {
      throw running(new Job(wanted));
    } catch (ClusterException.NotFound e) {
      // An account with a namespaced Role is not told more of a namespace that is not there.
      NamespaceCheck.check(ports.cluster(), namespace);
      throw e;
    } catch (ClusterException.Invalid | ClusterException.Forbidden e) {
      // The right to make one has been asked for: this is a quota, or a policy.
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
