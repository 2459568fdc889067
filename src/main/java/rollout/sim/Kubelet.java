package rollout.sim;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** The scheduler and the kubelets: starts pods, restarts containers, ends what is deleted. */
final class Kubelet {
  private static final long UNSCHEDULABLE_RETRY_MILLIS = 5_000;
  private static final long RESTART_MILLIS = 800;
  private static final long BACK_OFF_MILLIS = 10_000;
  private static final long LONGEST_BACK_OFF_MILLIS = 300_000;

  private final Store store;
  private final VirtualTime time;
  private final Dice dice;
  private final Images images;
  private final EventLog events;
  private final Runnable beforeChange;
  private final PodStatus status;
  private final PodLogs logs;
  private final Map<String, PodRun> pods = new LinkedHashMap<>();
  private final Map<String, Doc> specs = new HashMap<>();
  private int lastNode;

  /**
   * Runs the pods of a store.
   *
   * @param beforeChange called before a pod begins or ends to answer requests
   */
  Kubelet(
      Store store,
      VirtualTime time,
      Dice dice,
      Images images,
      EventLog events,
      PodLogs logs,
      Runnable beforeChange) {
    this.store = store;
    this.time = time;
    this.dice = dice;
    this.images = images;
    this.events = events;
    this.logs = logs;
    this.beforeChange = beforeChange;
    this.status = new PodStatus(store, time);
    store.watch(this::changed);
  }

  /** The pod with a uid, also one that has gone. */
  @Nullable PodRun pod(String uid) {
    return pods.get(uid);
  }

  @Nullable PodRun pod(Ref ref) {
    @Nullable Doc pod = store.get(ref);
    return pod == null ? null : pods.get(Meta.uid(pod));
  }

  /** All pods that there ever were. */
  Iterable<PodRun> all() {
    return pods.values();
  }

  private void changed(Store.Change change) {
    if (!change.ref().kind().equals(Kind.POD)) {
      return;
    }
    @Nullable Doc after = change.after();
    if (change.before() == null && after != null) {
      @Nullable Ref owner = store.byUid(Meta.controllerUid(after));
      boolean ofJob = owner != null && owner.kind().equals(Kind.JOB);
      PodRun run = new PodRun(change.ref(), after, ofJob);
      pods.put(run.uid, run);
      specs.put(run.uid, after.doc("spec"));
      time.after(dice.between(10, 60), () -> schedule(run));
    }
    if (change.deletionBegins()) {
      @Nullable PodRun run = pods.get(Meta.uid(change.object()));
      if (run != null) {
        terminate(run);
      }
    }
  }

  private List<Doc> containersOf(PodRun run) {
    return specs.getOrDefault(run.uid, Doc.EMPTY).docs("containers");
  }

  private Behaviour behaviour(PodRun run, ContainerRun container) {
    for (Doc spec : containersOf(run)) {
      if (spec.textOrEmpty("name").equals(container.name)) {
        return images.of(spec);
      }
    }
    return images.of(container.image);
  }

  private void schedule(PodRun run) {
    if (run.terminating || run.gone) {
      return;
    }
    boolean room =
        run.containers.stream().allMatch(container -> behaviour(run, container).schedulable());
    if (!room) {
      status.unschedulable(run);
      time.after(UNSCHEDULABLE_RETRY_MILLIS, () -> schedule(run));
      return;
    }
    lastNode++;
    status.bind(run, lastNode);
    time.after(dice.between(100, 400), () -> run.containers.forEach(one -> pull(run, one)));
  }

  private void pull(PodRun run, ContainerRun container) {
    if (run.terminating || run.gone) {
      return;
    }
    String waiting = behaviour(run, container).waiting();
    if (waiting.isEmpty()) {
      start(run, container);
      return;
    }
    String message = "Back-off pulling image \"" + container.image + "\"";
    boolean image = waiting.equals("ImagePullBackOff");
    container.waits(image ? "ErrImagePull" : waiting, image ? message : "");
    status.write(run);
    events.warn(run.ref, run.uid, "Failed", image ? message : "Error: " + waiting);
    if (image) {
      time.after(
          dice.between(500, 1500),
          () -> {
            container.waits(waiting, message);
            status.write(run);
          });
    }
    time.after(BACK_OFF_MILLIS, () -> pull(run, container));
  }

  private void start(PodRun run, ContainerRun container) {
    if (run.terminating || run.gone || !run.phase.matches("Pending|Running")) {
      return;
    }
    beforeChange.run();
    container.starts(time.now(), images.digest(container.image));
    run.phase = "Running";
    status.write(run);
    int number = container.run;
    Behaviour behaviour = behaviour(run, container);
    if (run.ofJob) {
      runJob(run, container, behaviour);
      return;
    }
    logs.write(run, container, "started");
    behaviour.log().forEach(line -> logs.write(run, container, line));
    if (behaviour.ready()) {
      inRun(run, container, number, jitter(behaviour.startUp()), () -> ready(run, container));
    }
    @Nullable Duration crash = behaviour.crashesAfter();
    if (crash != null) {
      inRun(
          run,
          container,
          number,
          crash.toMillis(),
          () -> crash(run, container, behaviour.exitCode(), behaviour.exitReason()));
    }
  }

  private long jitter(Duration usual) {
    return usual.toMillis() + dice.between(0, usual.toMillis() / 10);
  }

  private void inRun(PodRun run, ContainerRun container, int number, long millis, Runnable event) {
    time.after(
        millis,
        () -> {
          if (!run.gone && container.run == number && container.running()) {
            event.run();
          }
        });
  }

  private void runJob(PodRun run, ContainerRun container, Behaviour behaviour) {
    container.ready = true;
    status.write(run);
    @Nullable Duration length = behaviour.runsFor();
    long millis = length == null ? 1000 : length.toMillis();
    int count = behaviour.log().size();
    for (int i = 0; i < count; i++) {
      String line = behaviour.log().get(i);
      long at = millis * (i + 1) / (count + 1);
      inRun(run, container, container.run, at, () -> logs.write(run, container, line));
    }
    if (length != null) {
      inRun(run, container, container.run, millis, () -> finish(run, container, behaviour));
    }
  }

  private void finish(PodRun run, ContainerRun container, Behaviour behaviour) {
    container.ends(behaviour.exitCode(), behaviour.exitReason(), time.now());
    logs.ended(run);
    boolean again =
        behaviour.exitCode() != 0
            && specs
                .getOrDefault(run.uid, Doc.EMPTY)
                .textOrEmpty("restartPolicy")
                .equals("OnFailure");
    if (again) {
      restartLater(run, container);
    } else if (run.containers.stream().allMatch(ContainerRun::terminated)) {
      boolean good = run.containers.stream().allMatch(one -> one.exitCode() == 0);
      run.phase = good ? "Succeeded" : "Failed";
    }
    status.write(run);
  }

  private void ready(PodRun run, ContainerRun container) {
    beforeChange.run();
    container.ready = true;
    run.everReady |= run.ready();
    status.write(run);
  }

  /** A container ends and is started again after a back-off. */
  void crash(PodRun run, ContainerRun container, int code, String reason) {
    beforeChange.run();
    container.ends(code, reason, time.now());
    logs.ended(run);
    status.write(run);
    restartLater(run, container);
  }

  private void restartLater(PodRun run, ContainerRun container) {
    if (container.restarts == 0) {
      time.after(RESTART_MILLIS, () -> start(run, container));
      return;
    }
    time.after(
        RESTART_MILLIS,
        () -> {
          if (!run.gone) {
            container.waits("CrashLoopBackOff", "back-off restarting failed container");
            status.write(run);
          }
        });
    long backOff = BACK_OFF_MILLIS << Math.min(5, container.restarts - 1);
    time.after(
        Math.min(LONGEST_BACK_OFF_MILLIS, backOff) + RESTART_MILLIS, () -> start(run, container));
  }

  private void terminate(PodRun run) {
    run.terminating = true;
    boolean running = run.containers.stream().anyMatch(ContainerRun::running);
    long drain = 0;
    for (ContainerRun container : run.containers) {
      drain = Math.max(drain, behaviour(run, container).drain().toMillis());
    }
    long stop = running ? Math.min(drain, run.graceMillis) : dice.between(5, 30);
    time.after(stop, () -> stop(run));
  }

  private void stop(PodRun run) {
    beforeChange.run();
    run.gone = true;
    for (ContainerRun container : run.containers) {
      if (container.running()) {
        container.ends(0, "Completed", time.now());
      }
      container.ended = true;
    }
    logs.ended(run);
    time.after(dice.between(5, 40), () -> store.remove(run.ref));
  }

  /** The node takes a pod away: as by a drain, a Job's pod fails. */
  void evict(PodRun run) {
    beforeChange.run();
    for (ContainerRun container : run.containers) {
      container.ends(137, "Error", time.now());
    }
    logs.ended(run);
    run.phase = "Failed";
    run.reason = "Evicted";
    status.write(run);
  }

  /** Makes the readiness probe of a pod fail, or pass again. */
  void probe(PodRun run, boolean passes) {
    beforeChange.run();
    run.probeFails = !passes;
    status.write(run);
  }
}
