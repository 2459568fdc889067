package rollout.run;

import java.util.LinkedHashMap;
import java.util.Map;
import rollout.core.Action;
import rollout.core.Decision;
import rollout.core.RolloutState;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.plan.Step;
import rollout.port.Progress;

/** Turns what a run does into events; the sentence of a decision is the same everywhere. */
final class Telling {
  private final Progress progress;
  private final int revision;
  private String waiting = "";

  Telling(Progress progress, int revision) {
    this.progress = progress;
    this.revision = revision;
  }

  void tell(Event event) {
    progress.tell(
        new Event(
            event.type(),
            event.phase(),
            event.message(),
            event.fields().with(revision, "revision")));
  }

  void started(RolloutState state) {
    state.current().ifPresent(step -> step(Event.STEP_STARTED, step, step.id(), ""));
  }

  /** What an advance changed, as steps begun and done. */
  void advanced(RolloutState from, Decision.Advance advance) {
    RolloutState to = advance.next();
    boolean turned = from.course() != to.course();
    if (turned) {
      from.current()
          .ifPresent(
              step ->
                  step(Event.STEP_FAILED, step, step.id() + ": " + advance.why(), advance.why()));
    } else if (from.step() != to.step()) {
      from.current()
          .ifPresent(
              step -> step(Event.STEP_DONE, step, step.id() + ": " + advance.why(), advance.why()));
    }
    advance.events().forEach(this::tell);
    if (turned || from.step() != to.step()) {
      started(to);
    }
  }

  private void step(String type, Step step, String message, String reason) {
    waiting = "";
    tell(new Event(type, step.phase(), message, Doc.of("step", step.id(), "reason", reason)));
  }

  void wrote(RolloutState state, Action action, String why, long millis) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("object", object(state, action));
    fields.put("verb", action.verb());
    fields.put("from", action.from());
    fields.put("to", action.to());
    fields.put("ms", millis);
    tell(
        new Event(
            Event.WRITE,
            phase(state),
            action.verb() + " " + object(state, action) + change(action) + " (" + why + ")",
            Doc.of(fields)));
  }

  private static String object(RolloutState state, Action action) {
    return action.object().from(state.release().namespace());
  }

  private static String change(Action action) {
    if (action.to().isEmpty()) {
      return "";
    }
    if (action.from().equals(action.to())) {
      return ": stays " + action.to();
    }
    return ": " + (action.from().isEmpty() ? "" : action.from() + " → ") + action.to();
  }

  void refused(RolloutState state, Action action, String message) {
    note(state, action.verb() + " " + object(state, action) + " was not done: " + message);
  }

  void note(RolloutState state, String message) {
    tell(new Event(Event.NOTE, phase(state), message, Doc.EMPTY));
  }

  /** Tells what is waited for, once as long as it is the same. */
  void waiting(RolloutState state, String why) {
    if (!why.equals(waiting)) {
      waiting = why;
      tell(new Event(Event.NOTE, phase(state), why, Doc.of("waiting", true)));
    }
  }

  static Phase phase(RolloutState state) {
    return state.current().map(Step::phase).orElse(Phase.DONE);
  }
}
