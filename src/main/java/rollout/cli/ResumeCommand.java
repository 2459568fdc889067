package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rollout.run.Rollouts.Driving;

/** {@code rollout resume}. */
@Command(
    name = "resume",
    description =
        "Go on with a release that is paused, or whose driver is gone: from where it stood, and in"
            + " the way that it went.",
    sortOptions = false)
final class ResumeCommand implements Action {
  private static final Driving DRIVING = new Driving(false, false);
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service whose release shall go on.")
  String service = "";

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  ResumeCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return DrivenVerb.on(
            service, connection, output, export.read(parts.console(), reader), parts, reader)
        .run(verbs -> verbs.resume(service, DRIVING), ExitCode::of);
  }
}
