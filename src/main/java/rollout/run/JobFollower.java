package rollout.run;

import java.time.Duration;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Phase;
import rollout.port.Ports;

/** Tells what the pods of a Job that drives tell, and says how it ended. */
final class JobFollower {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Ports ports;
  private final Interrupts interrupts;
  private final String target;
  private final Job job;
  private Event result = new Event(Event.RESULT, Phase.DONE, "", Doc.EMPTY);

  JobFollower(Ports ports, Interrupts interrupts, String target, Job job) {
    this.ports = ports;
    this.interrupts = interrupts;
    this.target = target;
    this.job = job;
  }

  /**
   * Follows it to its end, or until somebody does not want to any more.
   *
   * @throws rollout.model.RefusedError when it cannot begin; then it is deleted
   */
  JobEnd run() throws InterruptedException {
    String begins = "Job " + job.name() + " drives; this command follows it";
    ports.progress().tell(new Event(Event.NOTE, Phase.PREFLIGHT, begins, Doc.EMPTY));
    try (JobPods pods = new JobPods(ports, job)) {
      while (true) {
        pods.look(this::told);
        if (pods.over()) {
          pods.look(this::told);
          return ended(pods);
        }
        if (interrupts.now().isPresent()) {
          return detached();
        }
        pods.checkStart("the Job that would drive");
        ports.time().await(ports.time().now().plus(LOOK));
      }
    }
  }

  private void told(Event event) {
    if (event.type().equals(Event.RESULT)) {
      // A pod that was drained ends, too; only the last one's result is the release's.
      result = event;
    } else {
      ports.progress().tell(event);
    }
  }

  private JobEnd ended(JobPods pods) {
    int seen = pods.exitCode();
    int code = seen < 0 ? (int) result.fields().number(-1, "exitCode") : seen;
    String silent =
        "Job "
            + job.name()
            + " has ended without a word ("
            + pods.failure()
            + "). Where the traffic is: rollout status "
            + target;
    String said = result.message();
    return new JobEnd(false, code, said.isEmpty() ? silent : said, result.fields());
  }

  private JobEnd detached() {
    String says =
        "the release goes on in the cluster as Job "
            + job.name()
            + ".  Watch it: rollout status "
            + target
            + " --watch   Stop it: rollout rollback "
            + target;
    return new JobEnd(true, -1, says, Doc.EMPTY);
  }
}
