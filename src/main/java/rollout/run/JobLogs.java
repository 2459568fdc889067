package rollout.run;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.core.Cause;
import rollout.core.Observation;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.migration.Repair;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Phase;
import rollout.model.Pod;
import rollout.model.Secrets;
import rollout.plan.JobRole;
import rollout.plan.Release;
import rollout.plan.Release.JobName;
import rollout.plan.Step;
import rollout.port.Cluster;
import rollout.port.ClusterException;
import rollout.port.Ports;

/**
 * Streams the logs of a release's Jobs from the moment a container runs: a deadline deletes pods
 * and logs together.
 */
final class JobLogs implements AutoCloseable {
  /** How many last lines a failure shows. */
  static final int TAIL = 50;

  /** How many lines of one Job are told; a migration may be talkative without end. */
  private static final int TOLD = 2000;

  private final Ports ports;
  private final Release release;
  private final Telling telling;
  private final Map<String, Cluster.Log> open = new LinkedHashMap<>();
  private final Map<String, Integer> taken = new LinkedHashMap<>();
  private final Set<String> over = new HashSet<>();
  private final Map<String, Deque<String>> last = new LinkedHashMap<>();
  private int told;
  private Observation latest = Observation.nothing(Instant.EPOCH);

  JobLogs(Ports ports, Release release, Telling telling) {
    this.ports = ports;
    this.release = release;
    this.telling = telling;
  }

  /** Opens what can be opened, and tells what has come. */
  void follow(RolloutState state, Observation seen) {
    latest = seen;
    Optional<JobRole> role =
        state
            .current()
            .flatMap(
                step ->
                    switch (step) {
                      case Step.RunJob(JobRole one) -> Optional.of(one);
                      case Step.AwaitMigration() -> Optional.of(JobRole.MIGRATE);
                      default -> Optional.<JobRole>empty();
                    });
    role.flatMap(release::job)
        .map(name -> seen.jobs().get(name.name()))
        .filter(job -> !over.contains(job.name()))
        .ifPresent(job -> follow(job, seen));
    drain();
  }

  private void follow(Job job, Observation seen) {
    for (Pod pod : seen.podsOwnedBy(job.uid())) {
      for (Doc container : pod.allContainers()) {
        boolean begun = container.has("state", "running") || container.has("state", "terminated");
        String key = key(job.name(), pod, container);
        if (begun && !open.containsKey(key)) {
          long restarts = container.number(0, "restartCount");
          if (restarts > 0 && !open.containsKey(key(job.name(), pod, container, restarts - 1))) {
            // It was started again before anybody could listen; its first words would be lost.
            told(key, read(pod, container.textOrEmpty("name"), true));
          }
          open.put(
              key,
              ports.cluster().log(pod.ref(), container.textOrEmpty("name"), ports.time().signal()));
        }
      }
    }
  }

  private void drain() {
    open.forEach((key, log) -> told(key, log.take()));
  }

  private void told(String key, List<String> lines) {
    if (lines.isEmpty()) {
      return;
    }
    String job = key.substring(0, key.indexOf('/'));
    taken.merge(key, lines.size(), Integer::sum);
    Deque<String> kept = last.computeIfAbsent(job, name -> new ArrayDeque<>());
    for (String line : lines) {
      kept.addLast(Secrets.masked(line));
      if (kept.size() > TAIL) {
        kept.removeFirst();
      }
    }
    told += lines.size();
    if (told <= TOLD) {
      List<String> masked = lines.stream().map(Secrets::masked).toList();
      telling.tell(event(job, "running", String.join("\n", masked), masked, 0));
    }
  }

  private static Event event(
      String job, String state, String message, List<String> log, long exitCode) {
    Phase phase =
        java.util.Arrays.stream(JobRole.values())
            .filter(role -> job.endsWith("-" + role.word()))
            .findFirst()
            .map(role -> new Step.RunJob(role).phase())
            .orElse(Phase.MIGRATE);
    return new Event(
        Event.MIGRATION,
        phase,
        message,
        Doc.of("job", job, "state", state, "exitCode", exitCode, "log", log));
  }

  /** When a Job's failure turns the release, its last lines are shown. */
  void turned(RolloutState from, RolloutState to) {
    boolean failed =
        from.course() != to.course()
            && to.going().filter(going -> going.cause() == Cause.JOB).isPresent();
    Optional<JobName> name =
        from.current()
            .flatMap(
                step ->
                    step instanceof Step.RunJob(JobRole role)
                        ? release.job(role)
                        : Optional.empty());
    if (failed && name.isPresent()) {
      drain();
      end(name.get());
      List<String> lines = List.copyOf(last.getOrDefault(name.get().name(), new ArrayDeque<>()));
      String title =
          lines.isEmpty()
              ? "no log"
              : "the last " + lines.size() + " lines:\n" + String.join("\n", lines);
      telling.tell(
          event(
              name.get().name(),
              "failed",
              "Job " + name.get().name() + " failed; " + title + advice(from),
              lines,
              exitCode(name.get())));
    }
  }

  /** What the tool's own users would do now. */
  private String advice(RolloutState from) {
    boolean migrating = from.current().filter(new Step.RunJob(JobRole.MIGRATE)::equals).isPresent();
    return migrating
        ? release.database().tool().map(tool -> "\nWhat to do: " + Repair.line(tool)).orElse("")
        : "";
  }

  private long exitCode(JobName name) {
    return pods(name).stream()
        .flatMap(pod -> pod.allContainers().stream())
        .map(container -> container.number(0, "state", "terminated", "exitCode"))
        .filter(code -> code != 0)
        .findFirst()
        .orElse(0L);
  }

  private List<Pod> pods(JobName name) {
    Job job = latest.jobs().get(name.name());
    return job == null ? List.of() : latest.podsOwnedBy(job.uid());
  }

  /**
   * Ends the streams of a Job that has failed, so that its failure is the last that is told of it.
   * A stream may be behind by then: what it owes is read once more.
   */
  private void end(JobName name) {
    for (Pod pod : pods(name)) {
      for (Doc container : pod.allContainers()) {
        String key = key(name.name(), pod, container);
        List<String> all = read(pod, container.textOrEmpty("name"), false);
        int known = taken.getOrDefault(key, 0);
        // With more lines than were asked for, nobody knows which of them were told.
        boolean whole = all.size() < TOLD;
        int from = whole ? Math.min(known, all.size()) : Math.max(0, all.size() - TAIL);
        told(key, all.subList(from, all.size()));
      }
    }
    over.add(name.name());
    open.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(name.name() + "/"))
        .forEach(entry -> entry.getValue().close());
    open.keySet().removeIf(key -> key.startsWith(name.name() + "/"));
  }

  private List<String> read(Pod pod, String container, boolean previous) {
    try {
      return ports.cluster().logTail(pod.ref(), container, TOLD, previous);
    } catch (ClusterException e) {
      return List.of();
    }
  }

  private static String key(String job, Pod pod, Doc container) {
    return key(job, pod, container, container.number(0, "restartCount"));
  }

  private static String key(String job, Pod pod, Doc container, long restarts) {
    // A container that is started again has a log of its own.
    return job + "/" + pod.name() + "/" + container.textOrEmpty("name") + "#" + restarts;
  }

  @Override
  public void close() {
    open.values().forEach(Cluster.Log::close);
  }
}
