package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.RefusedError;
import rollout.model.Told;
import rollout.plan.ToolJob;
import rollout.port.Cluster;
import rollout.port.Cluster.Follow;
import rollout.port.ClusterException;
import rollout.port.Ports;

/** The pods of a Job of this program, and what they tell. */
final class JobPods implements AutoCloseable {
  /** A container that could not be made for so long has a reason that waiting does not change. */
  private static final Duration STUCK = Duration.ofSeconds(20);

  /** How long a Job may have no pod before somebody asks why. */
  private static final Duration PODLESS = Duration.ofSeconds(5);

  /** How long no pod may start at all: then the cluster has no room for one. */
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  private final Ports ports;
  private final Job job;
  private final Query jobs;
  private final Query pods;
  private final Instant begun;
  private final Follow kept;
  private final Map<String, Cluster.Log> logs = new HashMap<>();

  /** Its pods as of the last look, oldest first. */
  private List<Pod> latest = List.of();

  /** Listens from now on. */
  JobPods(Ports ports, Job job) {
    this.ports = ports;
    this.job = job;
    this.jobs = Query.named(job.ref());
    this.pods =
        Query.labelled(
            Kind.POD, job.ref().namespace(), Map.of("batch.kubernetes.io/job-name", job.name()));
    this.begun = ports.time().now();
    this.kept = ports.cluster().follow(List.of(jobs, pods), ports.time().signal());
  }

  /**
   * Takes in what has come.
   *
   * @param told is given each event of a pod
   */
  void look(Consumer<Event> told) {
    latest = own();
    for (Pod pod : latest) {
      boolean running =
          state(pod).filter(one -> one.has("running") || one.has("terminated")).isPresent();
      if (running && !logs.containsKey(pod.uid())) {
        Cluster.Log log = ports.cluster().log(pod.ref(), ToolJob.CONTAINER, ports.time().signal());
        logs.put(pod.uid(), log);
      }
    }
    logs.values().forEach(log -> log.take().forEach(line -> Told.event(line).ifPresent(told)));
  }

  /** Its pods, oldest first. */
  private List<Pod> own() {
    return (kept.live() ? kept.list(pods) : ports.cluster().list(pods))
        .stream()
            .map(Pod::new)
            .filter(pod -> pod.owner().equals(job.uid()))
            .sorted(
                Comparator.comparing(pod -> pod.doc().textOrEmpty("metadata", "creationTimestamp")))
            .toList();
  }

  private static Optional<Doc> container(Pod pod) {
    return pod.containers().stream()
        .filter(one -> one.textOrEmpty("name").equals(ToolJob.CONTAINER))
        .findFirst();
  }

  private static Optional<Doc> state(Pod pod) {
    return container(pod).map(one -> one.doc("state"));
  }

  /**
   * Whether the Job has ended and all of its words were heard: a log may be behind what the pod's
   * status tells.
   */
  boolean over() {
    return kept.live()
        && seen().map(Job::over).orElse(true)
        && logs.values().stream().allMatch(Cluster.Log::ended);
  }

  private Optional<Job> seen() {
    return kept.list(jobs).stream()
        .map(Job::new)
        .filter(one -> one.uid().equals(job.uid()))
        .findFirst();
  }

  /** Why it failed, for people. */
  String failure() {
    return seen()
        .map(Job::failure)
        .map(text -> text.isEmpty() ? "it ended" : text)
        .orElse("it is gone");
  }

  /** What its last pod's container ended with; -1: nobody knows. */
  int exitCode() {
    return latest.isEmpty()
        ? -1
        : state(latest.getLast())
            .map(one -> (int) one.number(-1, "terminated", "exitCode"))
            .orElse(-1);
  }

  /**
   * A Job of which no pod begins goes: nothing of it was done.
   *
   * @param what it is, for people
   * @throws RefusedError when it cannot begin
   */
  void checkStart(String what) {
    if (!logs.isEmpty()) {
      return;
    }
    Duration waited = Duration.between(begun, ports.time().now());
    Optional<String> why = Optional.empty();
    if (latest.isEmpty() && waited.compareTo(PODLESS) > 0) {
      why = asked(() -> Unstarted.withoutPod(ports.cluster(), job));
    } else if (waited.compareTo(STUCK) > 0) {
      why =
          Unstarted.waiting(latest.stream().flatMap(pod -> container(pod).stream()))
              .or(() -> asked(this::withoutVolume));
    }
    if (why.isEmpty() && waited.compareTo(LONGEST_START) > 0) {
      why = Optional.of("no pod of it has started in " + LONGEST_START.toMinutes() + " minutes");
    }
    if (why.isPresent()) {
      remove();
      throw RefusedError.of(
          what + " cannot begin: " + why.get(), "Its Job " + job.name() + " is deleted.");
    }
  }

  /** Takes the Job away. */
  void remove() {
    ports.cluster().delete(job.ref(), job.uid());
  }

  private Optional<String> withoutVolume() {
    return latest.stream()
        .filter(pod -> container(pod).filter(one -> one.has("state", "waiting")).isPresent())
        .flatMap(pod -> Unstarted.withoutVolume(ports.cluster(), pod).stream())
        .findFirst();
  }

  /** What Events say; whoever may not look at them does not know. */
  private static Optional<String> asked(Supplier<Optional<String>> events) {
    try {
      return events.get();
    } catch (ClusterException.Forbidden e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    logs.values().forEach(Cluster.Log::close);
    kept.close();
  }
}
