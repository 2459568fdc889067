package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.run.Rollouts.Driving;

/** {@code rollout repair}. */
@Command(
    name = "repair",
    description =
        "Put everything in order again, from the journal or without one from the live objects"
            + " alone: pin, pause, claim and copies go, and traffic is on the version that is"
            + " whole.",
    sortOptions = false)
final class RepairCommand implements Action {
  private static final Driving DRIVING = new Driving(false, false);
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service that was being released.")
  String service = "";

  @Option(names = "--force", description = "Though the release's driver lives.")
  boolean force;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  RepairCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return DrivenVerb.on(
            service, connection, output, export.read(parts.console(), reader), parts, reader)
        .run(verbs -> verbs.repair(service, force, DRIVING), ExitCode::ofRollback);
  }
}
