package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.port.Connect;
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
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  PromoteCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    reader.done();
    return new DrivenVerb(parts, where, telling, output.verbose)
        .run(verbs -> verbs.promote(target, full, DRIVING), ExitCode::of);
  }
}
