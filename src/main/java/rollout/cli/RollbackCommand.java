package rollout.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.port.Connect;
import rollout.run.Rollouts.Driving;

/** {@code rollout rollback}. */
@Command(
    name = "rollback",
    aliases = {"abort", "undo"},
    description = {
      "Now: abort the release that runs, traffic first, whoever drives it; or, when none runs,"
          + " return to the last good revision."
    },
    sortOptions = false)
final class RollbackCommand implements Action {
  private static final Driving DRIVING = new Driving(false, false);
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service whose traffic goes back.")
  String service = "";

  @Option(
      names = "--to-revision",
      paramLabel = "N",
      description = "The revision to return to; the last good one unless said.")
  @Nullable String toRevision;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
  String reason = "";

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  RollbackCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Optional<Integer> revision = reader.revision("--to-revision", toRevision);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    String why = reason;
    Exporting exporting = export.read(parts.console(), reader);
    reader.done();
    return new DrivenVerb(parts, where, telling, exporting, output.verbose)
        .run(verbs -> verbs.rollback(target, revision, why, DRIVING), ExitCode::ofRollback);
  }
}
