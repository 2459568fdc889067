package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.run.Rollouts.Driving;

/** {@code rollout promote}. */
@Command(
    name = "promote",
    description = "Pass the gate that waits for a person.",
    sortOptions = false)
final class PromoteCommand implements Action {
  private static final Driving DRIVING = new Driving(false, false);
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service whose release waits.")
  String service = "";

  @Option(names = "--full", description = "Skip the rest; what was skipped is reported.")
  boolean full;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  PromoteCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return DrivenVerb.on(
            service, connection, output, export.read(parts.console(), reader), parts, reader)
        .run(verbs -> verbs.promote(service, full, DRIVING), ExitCode::of);
  }
}
