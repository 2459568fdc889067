package rollout.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;

/** One container of a pod: what it is doing, and what it has written. */
final class ContainerRun {
  final String name;
  final String image;

  /** The lines of this run, and of the one before. */
  final List<String> log = new ArrayList<>();

  final List<String> previousLog = new ArrayList<>();

  boolean ready;

  /** Whether no more lines will come. */
  boolean ended;

  int restarts;

  /** Counts the starts: an event meant for an earlier run does nothing. */
  int run;

  private Doc state = Doc.of("waiting", Doc.of("reason", "ContainerCreating"));
  private @Nullable Doc last;
  private @Nullable Instant started;

  /** What it runs; empty: it has not been pulled. */
  private String digest = "";

  ContainerRun(String name, String image) {
    this.name = name;
    this.image = image;
  }

  boolean running() {
    return state.has("running");
  }

  boolean terminated() {
    return state.has("terminated");
  }

  int exitCode() {
    return (int) state.number(-1, "terminated", "exitCode");
  }

  void waits(String reason, String message) {
    if (terminated()) {
      last = state;
    }
    ready = false;
    state = Doc.of("waiting", Doc.of("reason", reason, "message", message));
  }

  void starts(Instant now, String pulled) {
    digest = pulled;
    if (started != null) {
      restarts++;
      previousLog.clear();
      previousLog.addAll(log);
      log.clear();
    }
    if (terminated()) {
      last = state;
    }
    run++;
    ended = false;
    started = now;
    state = Doc.of("running", Doc.of("startedAt", Meta.time(now)));
  }

  void ends(int code, String reason, Instant now) {
    ready = false;
    ended = true;
    state =
        Doc.of(
            "terminated",
            Doc.of(
                "exitCode",
                code,
                "reason",
                reason.isEmpty() ? (code == 0 ? "Completed" : "Error") : reason,
                "startedAt",
                Meta.time(started == null ? now : started),
                "finishedAt",
                Meta.time(now)));
  }

  Doc status() {
    return Doc.of(
        "name",
        name,
        "image",
        image,
        "imageID",
        digest,
        "ready",
        ready,
        "started",
        running(),
        "restartCount",
        restarts,
        "state",
        state,
        "lastState",
        last == null ? Doc.EMPTY : last);
  }
}
