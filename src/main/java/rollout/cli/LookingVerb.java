package rollout.cli;

import java.util.function.Function;
import rollout.port.Connect;
import rollout.run.Verbs;

/** A verb that only looks. */
record LookingVerb(Parts parts, Connect.Where where, Telling telling, boolean verbose) {
  ExitCode run(Function<Verbs, ExitCode> look) {
    try (Backend.Connection connection = parts.backend().look(where, telling)) {
      try {
        return look.apply(connection.verbs());
      } catch (RuntimeException | Error e) {
        return new ErrorReport(parts.console(), verbose).report(e, telling, connection.progress());
      }
    }
  }
}
