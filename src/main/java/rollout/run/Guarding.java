package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.RefusedError;
import rollout.plan.ToolJob;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * Makes the Job that guards a release, and waits until it watches: one that cannot is found before
 * anything is changed.
 */
final class Guarding {
  /** The field of the event by which a guard says that it watches. */
  static final String WATCHES = "guard";

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Ports ports;
  private final Interrupts interrupts;
  private final String namespace;
  private final String target;

  /** How it ended, by its own words. */
  private String said = "";

  private boolean watches;

  Guarding(Ports ports, Interrupts interrupts, String namespace, String target) {
    this.ports = ports;
    this.interrupts = interrupts;
    this.namespace = namespace;
    this.target = target;
  }

  /**
   * Returns when it watches, or when somebody wants an end.
   *
   * @throws RefusedError when it cannot; then its Job is deleted
   */
  void begin(GuardOrder order) throws InterruptedException {
    OwnJobs jobs = new OwnJobs(ports, namespace, target);
    Optional<Job> old = jobs.find(ToolJob.guardName(target));
    if (old.isPresent()) {
      // No release is unfinished, or nobody came here: so this one guards nothing any more.
      jobs.remove(old.get());
    }
    ToolJob job = ports.job().isEmpty() ? order.job() : order.job().adding("--job", ports.job());
    awaitWatching(make(job));
  }

  private Job make(ToolJob wanted) {
    try {
      return new Job(ports.cluster().create(Kind.JOB, wanted.guard(namespace, target), Send.REAL));
    } catch (ClusterException.AlreadyExists e) {
      throw new HeldError(
          "another release of "
              + target
              + " begins at the same moment.  See: rollout status "
              + target);
    } catch (ClusterException.Invalid | ClusterException.Forbidden e) {
      // The right to make one has been asked for: this is a quota, or a policy.
      throw RefusedError.of("the cluster refuses the Job that would guard: " + e.getMessage(), "");
    }
  }

  private void awaitWatching(Job job) throws InterruptedException {
    Instant end = ports.time().now().plus(LONGEST);
    try (JobPods pods = new JobPods(ports, job)) {
      while (interrupts.now().isEmpty()) {
        pods.look(this::heard);
        if (watches) {
          return;
        }
        pods.checkStart("the guard");
        boolean failed = !said.isEmpty() || pods.over();
        if (failed || !ports.time().now().isBefore(end)) {
          pods.remove();
          String why = said.isEmpty() ? "it does not say that it watches" : said;
          throw RefusedError.of(
              "the guard cannot watch: " + why,
              "Its Job " + job.name() + " is deleted. Without one: --no-guard");
        }
        ports.time().await(ports.time().now().plus(LOOK));
      }
      pods.remove();
    }
  }

  private void heard(Event event) {
    if (event.type().equals(Event.RESULT)) {
      said = event.message();
    } else if (event.fields().isTrue(WATCHES)) {
      watches = true;
    }
  }
}
