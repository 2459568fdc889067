package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.plan.ToolJob;
import rollout.port.Cluster;
import rollout.port.Cluster.Follow;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** Tells what the pods of a Job that drives tell, and says how it ended. */
final class JobFollower {
  /** A container that could not be made for so long has a reason that waiting does not change. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  /** How long a Job may have no pod before somebody asks why. */
  private static final Duration PODLESS = Duration.ofSeconds(5);

  /** How long no pod may start at all: then the cluster has no room for one. */
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Set<String> CANNOT_START =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  private final Ports ports;
  private final Interrupts interrupts;
  private final String target;
  private final Job job;
  private final Query jobs;
  private final Query pods;
  private final Map<String, Cluster.Log> logs = new HashMap<>();
  private Event result = new Event(Event.RESULT, Phase.DONE, "", Doc.EMPTY);

  JobFollower(Ports ports, Interrupts interrupts, String target, Job job) {
    this.ports = ports;
    this.interrupts = interrupts;
    this.target = target;
    this.job = job;
    this.jobs = Query.named(job.ref());
    this.pods =
        Query.labelled(
            Kind.POD, job.ref().namespace(), Map.of("batch.kubernetes.io/job-name", job.name()));
  }

  JobEnd run() throws InterruptedException {
    tell("Job " + job.name() + " drives; this command follows it");
    Instant begun = ports.time().now();
    try (Follow kept = ports.cluster().follow(List.of(jobs, pods), ports.time().signal())) {
      while (true) {
        List<Pod> own = own(kept.live() ? kept.list(pods) : ports.cluster().list(pods));
        own.forEach(this::follow);
        drain();
        Optional<JobEnd> end = end(kept, own);
        if (end.isPresent()) {
          return end.get();
        }
        if (interrupts.now().isPresent()) {
          return detached();
        }
        if (logs.isEmpty()) {
          cannotStart(own, Duration.between(begun, ports.time().now()));
        }
        ports.time().await(ports.time().now().plus(LOOK));
      }
    } finally {
      logs.values().forEach(Cluster.Log::close);
    }
  }

  /** Its pods, oldest first. */
  private List<Pod> own(List<Doc> all) {
    return all.stream()
        .map(Pod::new)
        .filter(pod -> pod.owner().equals(job.uid()))
        .sorted(Comparator.comparing(pod -> pod.doc().textOrEmpty("metadata", "creationTimestamp")))
        .toList();
  }

  private static Optional<Doc> state(Pod pod) {
    return pod.containers().stream()
        .filter(one -> one.textOrEmpty("name").equals(ToolJob.CONTAINER))
        .map(one -> one.doc("state"))
        .findFirst();
  }

  private void follow(Pod pod) {
    boolean begun =
        state(pod).filter(one -> one.has("running") || one.has("terminated")).isPresent();
    if (begun && !logs.containsKey(pod.uid())) {
      logs.put(pod.uid(), ports.cluster().log(pod.ref(), ToolJob.CONTAINER, ports.time().signal()));
      tell("pod " + pod.name() + " has begun");
    }
  }

  private void drain() {
    logs.values().forEach(log -> log.take().forEach(this::line));
  }

  /** A line of the pod: an event, or words of a runtime that knows none. */
  private void line(String line) {
    if (!line.startsWith("{")) {
      return;
    }
    Doc read;
    try {
      read = Doc.parse(line);
    } catch (IllegalArgumentException e) {
      return;
    }
    String type = read.textOrEmpty("type");
    Optional<Phase> phase = Phase.of(read.textOrEmpty("phase"));
    if (type.isEmpty() || phase.isEmpty()) {
      return;
    }
    Doc fields = read;
    for (String own : List.of("time", "target", "namespace", "seq", "type", "phase", "message")) {
      fields = fields.without(own);
    }
    Event event = new Event(type, phase.get(), read.textOrEmpty("message"), fields);
    if (type.equals(Event.RESULT)) {
      // A pod that was drained ends, too; only the last one's result is the release's.
      result = event;
    } else {
      ports.progress().tell(event);
    }
  }

  private Optional<JobEnd> end(Follow kept, List<Pod> own) {
    if (!kept.live()) {
      return Optional.empty();
    }
    Optional<Job> seen =
        kept.list(jobs).stream().map(Job::new).filter(one -> one.uid().equals(job.uid())).findAny();
    boolean over = seen.isEmpty() || seen.get().over();
    // The log may be behind what the pod's status tells.
    boolean heard = logs.values().stream().allMatch(Cluster.Log::ended);
    if (!over || !heard) {
      return Optional.empty();
    }
    drain();
    int code = own.isEmpty() ? -1 : exitCode(own.getLast());
    if (code < 0) {
      code = (int) result.fields().number(-1, "exitCode");
    }
    String said = result.message();
    String why = seen.map(Job::failure).filter(text -> !text.isEmpty()).orElse("its Job is gone");
    return Optional.of(
        new JobEnd(
            false,
            code,
            said.isEmpty()
                ? "Job " + job.name() + " has ended without a word (" + why + ")" + where()
                : said,
            result.fields()));
  }

  private static int exitCode(Pod pod) {
    return state(pod).map(one -> (int) one.number(-1, "terminated", "exitCode")).orElse(-1);
  }

  private String where() {
    return ". Where the traffic is: rollout status " + target;
  }

  private JobEnd detached() {
    return new JobEnd(
        true,
        -1,
        "the release goes on in the cluster as Job "
            + job.name()
            + ".  Watch it: rollout status "
            + target
            + " --watch   Stop it: rollout rollback "
            + target,
        Doc.EMPTY);
  }

  /** Nothing of it has begun, so it may go, and nothing was changed. */
  private void cannotStart(List<Pod> own, Duration waited) {
    Optional<String> why = Optional.empty();
    if (own.isEmpty() && waited.compareTo(PODLESS) > 0) {
      why = notCreated();
    } else if (waited.compareTo(STUCK) > 0) {
      why = own.stream().flatMap(pod -> waiting(pod).stream()).findFirst();
    }
    if (why.isEmpty() && waited.compareTo(LONGEST_START) > 0) {
      why = Optional.of("no pod of it has started in " + LONGEST_START.toMinutes() + " minutes");
    }
    if (why.isPresent()) {
      ports.cluster().delete(job.ref(), job.uid());
      throw RefusedError.of(
          "the Job that would drive cannot begin: " + why.get(),
          "Nothing was begun, and the Job is deleted.");
    }
  }

  private static Optional<String> waiting(Pod pod) {
    return state(pod)
        .map(one -> one.doc("waiting"))
        .filter(one -> CANNOT_START.contains(one.textOrEmpty("reason")))
        .map(one -> one.textOrEmpty("reason") + " (" + one.textOrEmpty("message") + ")");
  }

  /** Why there is no pod: no quota, no such service account, no policy that allows it. */
  private Optional<String> notCreated() {
    try {
      return ports.cluster().list(Query.all(Kind.EVENT, job.ref().namespace())).stream()
          .filter(event -> event.textOrEmpty("involvedObject", "uid").equals(job.uid()))
          .filter(event -> event.textOrEmpty("reason").equals("FailedCreate"))
          .map(event -> event.textOrEmpty("message"))
          .findFirst();
    } catch (ClusterException.Forbidden e) {
      return Optional.empty();
    }
  }

  private void tell(String message) {
    ports.progress().tell(new Event(Event.NOTE, Phase.PREFLIGHT, message, Doc.EMPTY));
  }
}
