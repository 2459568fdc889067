package rollout.cli;

import java.time.Duration;
import java.util.function.Function;
import rollout.core.Outcome;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.port.Connect;
import rollout.run.Verbs;

/** A verb that may move traffic: connected, interruptible, and with a last line. */
record DrivenVerb(Parts parts, Connect.Where where, Telling telling, boolean verbose) {
  /**
   * Runs it to its end.
   *
   * @param code what its outcome means to a pipeline
   */
  ExitCode run(Function<Verbs, Outcome> verb, Function<Outcome.Result, ExitCode> code) {
    long started = System.nanoTime();
    try (Backend.Connection connection = parts.backend().connect(where, telling, true)) {
      Outcome outcome;
      try (Interrupts interrupts =
          Interrupts.install(connection.verbs(), telling.service(), parts.console())) {
        outcome = verb.apply(connection.verbs());
      } catch (RuntimeException | Error e) {
        return new ErrorReport(parts.console(), verbose).report(e, telling, connection.progress());
      }
      ExitCode exit = code.apply(outcome.result());
      Duration took = Duration.ofNanos(System.nanoTime() - started);
      connection.progress().tell(result(outcome, exit, took));
      return exit;
    }
  }

  /** The last event of a verb. */
  static Event result(Outcome outcome, ExitCode exit, Duration took) {
    Doc fields =
        Doc.of(
            "exitCode", exit.number(),
            "outcome", outcome.result().word(),
            "revision", outcome.revision(),
            "durationMs", took.toMillis(),
            "traffic", outcome.traffic());
    return new Event(Event.RESULT, Phase.DONE, outcome.says(), fields);
  }
}
