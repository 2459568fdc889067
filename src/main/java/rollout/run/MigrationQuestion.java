package rollout.run;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.PresetJob;
import rollout.migration.StateReader;
import rollout.migration.StateReader.Answer;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Secrets;
import rollout.plan.Materials.Question;
import rollout.plan.QuestionJob;
import rollout.port.Cluster;
import rollout.port.Cluster.Send;
import rollout.port.ClusterException;
import rollout.port.Ports;
import rollout.strategy.Migration.Tool;

/**
 * Where a database stands, asked by the tool's own image with the tool's own rights: no credential
 * gets into our hands, and no way to the database need lead from where the program runs.
 */
final class MigrationQuestion {
  /** A Job that has not answered by then will not. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** A container that could not be made for so long has a reason that waiting does not change. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private static final int LINES = 2000;

  private final Ports ports;
  private final String namespace;
  private final String target;

  MigrationQuestion(Ports ports, String namespace, String target) {
    this.ports = ports;
    this.namespace = namespace;
    this.target = target;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param question the tool, and the pod template of the version whose image is asked where the
   *     tool has none of its own
   * @param stop whether somebody does not want to know any more
   */
  MigrationState ask(Question question, BooleanSupplier stop) throws InterruptedException {
    Optional<Asked> asked = begin(question);
    if (asked.isEmpty()) {
      return StateReader.read(question.tool().preset(), Map.of(), List.of());
    }
    Query pods = Query.labelled(Kind.POD, namespace, Map.of(Marks.TARGET, target));
    try (Cluster.Follow follow = ports.cluster().follow(List.of(pods), ports.time().signal())) {
      while (true) {
        List<Pod> all =
            (follow.live() ? follow.list(pods) : ports.cluster().list(pods))
                .stream().map(Pod::new).toList();
        Optional<MigrationState> answer = answer(asked.get(), all);
        if (answer.isPresent()) {
          return answer.get();
        }
        if (stop.getAsBoolean()) {
          return MigrationState.unknown("interrupted");
        }
        ports.time().await(ports.time().now().plusSeconds(2));
      }
    } finally {
      forget(asked.get());
    }
  }

  /** A question on its way. */
  record Asked(Tool tool, Job job, Instant at) {}

  /** Makes the Job that asks; empty: the tool cannot say where a database stands. */
  Optional<Asked> begin(Question question) {
    Tool tool = question.tool();
    return tool.question()
        .map(file -> QuestionJob.of(file, target, namespace, ports.nonce(), question.version()))
        .map(wanted -> new Job(ports.cluster().create(Kind.JOB, wanted, Send.REAL)))
        .map(job -> new Asked(tool, job, ports.time().now()));
  }

  /**
   * What it says; empty: nothing yet, but it will.
   *
   * @param pods of the target
   */
  Optional<MigrationState> answer(Asked asked, List<Pod> pods) {
    List<String> names = PresetJob.asking(asked.tool().preset()).keySet().stream().toList();
    List<Pod> own = pods.stream().filter(pod -> pod.owner().equals(asked.job().uid())).toList();
    if (own.stream().anyMatch(pod -> hasAnswered(pod, names))) {
      return Optional.of(
          StateReader.read(
              asked.tool().preset(), answers(own.getFirst(), names), asked.tool().files()));
    }
    Duration waited = Duration.between(asked.at(), ports.time().now());
    Optional<String> waiting = waiting(own);
    boolean over =
        waited.compareTo(LONGEST) > 0 || (waiting.isPresent() && waited.compareTo(STUCK) > 0);
    return over
        ? Optional.of(
            MigrationState.unknown(
                "Job "
                    + asked.job().name()
                    + " "
                    + waiting.orElseGet(() -> silence(asked.job(), own))))
        : Optional.empty();
  }

  /** All have said what they can: the last one has ended, or one before it in vain. */
  private static boolean hasAnswered(Pod pod, List<String> asked) {
    List<Doc> ended =
        ours(pod, asked).stream().filter(one -> one.has("state", "terminated")).toList();
    return pod.ended()
        || ended.size() == asked.size()
        || ended.stream().anyMatch(one -> exitCode(one) != 0);
  }

  private static List<Doc> ours(Pod pod, List<String> asked) {
    return pod.allContainers().stream()
        .filter(one -> asked.contains(one.textOrEmpty("name")))
        .toList();
  }

  private static long exitCode(Doc status) {
    return status.number(-1, "state", "terminated", "exitCode");
  }

  private static Optional<String> waiting(List<Pod> pods) {
    return Unstarted.waiting(pods.stream().flatMap(pod -> pod.allContainers().stream()))
        .map(why -> "cannot start: " + why);
  }

  /** Why nothing was heard: a pod that no policy allows is only told by an Event. */
  private String silence(Job job, List<Pod> pods) {
    if (!pods.isEmpty()) {
      return "has not answered in " + LONGEST.toMinutes() + " minutes";
    }
    return Unstarted.withoutPod(ports.cluster(), job)
        .map(message -> "got no pod: " + message)
        .orElse("got no pod");
  }

  private Map<String, Answer> answers(Pod pod, List<String> asked) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (Doc container : ours(pod, asked)) {
      if (container.has("state", "terminated")) {
        String name = container.textOrEmpty("name");
        List<String> log =
            ports.cluster().logTail(pod.ref(), name, LINES, false).stream()
                .map(Secrets::masked)
                .toList();
        answers.put(name, new Answer(log, (int) exitCode(container)));
      }
    }
    return answers;
  }

  /** It has answered, and nothing depends on it. */
  void forget(Asked asked) {
    try {
      ports.cluster().delete(asked.job().ref(), asked.job().uid());
    } catch (ClusterException e) {
      // It ends by its deadline, holds no lock of anything, and goes by its time to live.
    }
  }
}
