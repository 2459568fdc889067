package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rollout pause}. */
@Command(
    name = "pause",
    description =
        "Hold a release after the step in progress; checks go on, and so does the way back. Past"
            + " --gate-timeout it goes back.",
    sortOptions = false)
final class PauseCommand implements Action {
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service whose release shall hold.")
  String service = "";

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  PauseCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return DrivenVerb.on(service, connection, output, Exporting.NONE, parts, reader)
        .run(verbs -> verbs.pause(service), ExitCode::of);
  }
}
