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
record DrivenVerb(
    Parts parts, Connect.Where where, Telling telling, Exporting exporting, boolean verbose) {
  /**
   * A verb about one Service, when nothing but its name and the usual flags must be read.
   *
   * @throws rollout.model.UserError when something is wrong
   */
  static DrivenVerb on(
      String service,
      ConnectionOptions connection,
      OutputOptions output,
      Exporting exporting,
      Parts parts,
      FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    reader.done();
    return new DrivenVerb(parts, where, telling, exporting, output.verbose);
  }

  /**
   * Runs it to its end.
   *
   * @param code what its outcome means to a pipeline
   */
  ExitCode run(Function<Verbs, Outcome> verb, Function<Outcome.Result, ExitCode> code) {
    long started = System.nanoTime();
    try (Backend.Connection connection = parts.backend().drive(where, telling, exporting);
        Interrupts interrupts =
            Interrupts.install(connection.verbs(), telling.service(), parts.console())) {
      ExitCode exit = driven(connection, verb, code, started);
      connection.served().ifPresent(url -> interrupts.linger(exporting.linger(), url));
      return exit;
    }
  }

  private ExitCode driven(
      Backend.Connection connection,
      Function<Verbs, Outcome> verb,
      Function<Outcome.Result, ExitCode> code,
      long started) {
    Outcome outcome;
    try {
      outcome = verb.apply(connection.verbs());
    } catch (RuntimeException | Error e) {
      return new ErrorReport(parts.console(), verbose)
          .report(e, telling, connection.progress(), connection.away());
    }
    ExitCode exit = code.apply(outcome.result());
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    connection.progress().tell(result(outcome, exit, took));
    return exit;
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
