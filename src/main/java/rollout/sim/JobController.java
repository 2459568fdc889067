package rollout.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Ref;

/** Runs Jobs of one completion: a pod, perhaps another after it, and the verdict. */
final class JobController {
  private static final long RETRY_MILLIS = 10_000;
  private static final long QUOTA_RETRY_MILLIS = 10_000;

  private final Store store;
  private final VirtualTime time;
  private final Garbage garbage;
  private final PodMaker pods;
  private final Work work;

  JobController(Store store, VirtualTime time, Dice dice, Garbage garbage, PodMaker pods) {
    this.store = store;
    this.time = time;
    this.garbage = garbage;
    this.pods = pods;
    this.work = new Work(time, dice, 5, 40, this::look);
  }

  /** Looks at every change from now on. */
  void begin() {
    store.watch(this::changed);
  }

  private void changed(Store.Change change) {
    if (change.ref().kind().equals(Kind.JOB)) {
      work.soon(change.ref());
    } else if (change.ref().kind().equals(Kind.POD)) {
      @Nullable Ref owner = store.byUid(Meta.controllerUid(change.object()));
      if (owner != null && owner.kind().equals(Kind.JOB)) {
        work.soon(owner);
      }
    }
  }

  private void look(Ref ref) {
    @Nullable Doc job = store.get(ref);
    if (job == null || Meta.deleting(job)) {
      return;
    }
    if (Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed")) {
      outlive(ref, job);
      return;
    }
    List<Doc> owned = store.owned(Meta.uid(job), Kind.POD);
    if (Conditions.isTrue(job, "SuccessCriteriaMet") || Conditions.isTrue(job, "FailureTarget")) {
      finish(ref, job, owned);
    } else if (job.isTrue("spec", "suspend")) {
      owned.stream().filter(JobController::active).forEach(this::end);
      // Its deadline begins anew when it goes on.
      Doc anew = job.without("status").with(job.doc("status").without("startTime"), "status");
      write(ref, anew, owned, "Suspended", "True", "JobSuspended", "Job suspended");
    } else if (!job.has("status", "startTime")) {
      begin(ref, job, owned);
    } else {
      go(ref, job, owned);
    }
  }

  /** What has ended goes by itself where it says when. */
  private void outlive(Ref ref, Doc job) {
    if (!job.has("spec", "ttlSecondsAfterFinished")) {
      return;
    }
    Instant end =
        job.docs("status", "conditions").stream()
            .filter(one -> List.of("Complete", "Failed").contains(one.textOrEmpty("type")))
            .map(one -> Instant.parse(one.textOrEmpty("lastTransitionTime")))
            .findFirst()
            .orElse(time.now());
    long left =
        Duration.between(
                time.now(), end.plusSeconds(job.number(0, "spec", "ttlSecondsAfterFinished")))
            .toMillis();
    if (left <= 0) {
      garbage.delete(ref);
    } else {
      work.later(ref, left);
    }
  }

  private void begin(Ref ref, Doc job, List<Doc> owned) {
    store.edit(ref, there -> there.with(Meta.time(time.now()), "status", "startTime"));
    if (job.docs("status", "conditions").stream()
        .anyMatch(condition -> condition.textOrEmpty("type").equals("Suspended"))) {
      @Nullable Doc now = store.get(ref);
      write(ref, now == null ? job : now, owned, "Suspended", "False", "JobResumed", "Job resumed");
    }
    if (job.has("spec", "activeDeadlineSeconds")) {
      work.later(ref, job.number(0, "spec", "activeDeadlineSeconds") * 1000 + 1000);
    }
    work.soon(ref);
  }

  private void go(Ref ref, Doc job, List<Doc> owned) {
    long failed = owned.stream().filter(pod -> phase(pod).equals("Failed")).count();
    long restarts = owned.stream().mapToLong(JobController::restarts).sum();
    long limit = job.number(6, "spec", "backoffLimit");
    if (owned.stream().anyMatch(pod -> phase(pod).equals("Succeeded"))) {
      write(ref, job, owned, "SuccessCriteriaMet", "True", "CompletionsReached", "");
    } else if (pastDeadline(job)) {
      fail(ref, job, owned, "DeadlineExceeded", "Job was active longer than specified deadline");
    } else if (failed > limit || (restarts > 0 && restarts >= limit)) {
      fail(ref, job, owned, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    } else if (owned.stream().noneMatch(JobController::active)) {
      create(ref, job, failed);
    } else {
      counts(ref, owned);
    }
  }

  private void create(Ref ref, Doc job, long failed) {
    long wait = failed == 0 ? 0 : RETRY_MILLIS << Math.min(5, failed - 1);
    long since = time.millis() - lastFailure(job);
    if (failed > 0 && since < wait) {
      work.later(ref, wait - since);
      return;
    }
    String refused = pods.create(Kind.JOB, job, job.doc("spec", "template"), Meta.name(job) + "-");
    if (!refused.isEmpty()) {
      work.later(ref, QUOTA_RETRY_MILLIS);
    }
  }

  private long lastFailure(Doc job) {
    long last = 0;
    for (Doc pod : store.owned(Meta.uid(job), Kind.POD)) {
      for (Doc container : pod.docs("status", "containerStatuses")) {
        String at = container.textOrEmpty("state", "terminated", "finishedAt");
        last = at.isEmpty() ? last : Math.max(last, time.millisAt(Instant.parse(at)));
      }
    }
    return last;
  }

  private boolean pastDeadline(Doc job) {
    if (!job.has("spec", "activeDeadlineSeconds")) {
      return false;
    }
    Instant start = Instant.parse(job.textOrEmpty("status", "startTime"));
    Duration limit = Duration.ofSeconds(job.number(0, "spec", "activeDeadlineSeconds"));
    return !time.now().isBefore(start.plus(limit));
  }

  private void fail(Ref ref, Doc job, List<Doc> owned, String reason, String message) {
    owned.stream().filter(JobController::active).forEach(this::end);
    write(ref, job, owned, "FailureTarget", "True", reason, message);
  }

  /** The last word comes when no pod is left that runs. */
  private void finish(Ref ref, Doc job, List<Doc> owned) {
    if (owned.stream().anyMatch(JobController::active)
        || owned.stream().anyMatch(pod -> Meta.deleting(pod) && running(pod))) {
      return;
    }
    if (Conditions.isTrue(job, "SuccessCriteriaMet")) {
      store.edit(ref, there -> there.with(Meta.time(time.now()), "status", "completionTime"));
      @Nullable Doc now = store.get(ref);
      write(ref, now == null ? job : now, owned, "Complete", "True", "CompletionsReached", "");
      return;
    }
    for (Doc condition : job.docs("status", "conditions")) {
      if (condition.textOrEmpty("type").equals("FailureTarget")) {
        write(
            ref,
            job,
            owned,
            "Failed",
            "True",
            condition.textOrEmpty("reason"),
            condition.textOrEmpty("message"));
      }
    }
  }

  private void counts(Ref ref, List<Doc> owned) {
    store.edit(ref, job -> job.with(counted(job.doc("status"), owned), "status"));
  }

  private void write(
      Ref ref, Doc job, List<Doc> owned, String type, String state, String reason, String why) {
    Doc status =
        Conditions.with(counted(job.doc("status"), owned), type, state, reason, why, time.now());
    store.edit(ref, there -> there.with(status, "status"));
  }

  private static Doc counted(Doc before, List<Doc> owned) {
    long active = owned.stream().filter(JobController::active).count();
    long ready =
        owned.stream().filter(pod -> active(pod) && Conditions.isTrue(pod, "Ready")).count();
    long failed = owned.stream().filter(pod -> phase(pod).equals("Failed")).count();
    long succeeded = owned.stream().filter(pod -> phase(pod).equals("Succeeded")).count();
    Doc bare = before.without("active").without("failed").without("succeeded");
    bare = DeploymentStatus.counted(bare.with((int) ready, "ready"), "active", active);
    bare = DeploymentStatus.counted(bare, "failed", failed);
    return DeploymentStatus.counted(bare, "succeeded", succeeded);
  }

  private void end(Doc pod) {
    garbage.delete(Ref.to(Kind.POD, pod));
  }

  private static String phase(Doc pod) {
    return pod.textOrEmpty("status", "phase");
  }

  private static long restarts(Doc pod) {
    return pod.docs("status", "containerStatuses").stream()
        .mapToLong(container -> container.number(0, "restartCount"))
        .sum();
  }

  private static boolean running(Doc pod) {
    return !phase(pod).equals("Failed") && !phase(pod).equals("Succeeded");
  }

  private static boolean active(Doc pod) {
    return !Meta.deleting(pod) && running(pod);
  }
}
