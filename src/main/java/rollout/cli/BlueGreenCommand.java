package rollout.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rollout bluegreen}. */
@Command(
    name = "bluegreen",
    customSynopsis = {
      "rollout bluegreen SERVICE (--image [CONTAINER=]IMAGE | -f FILE | --to DEPLOYMENT) [FLAGS]",
      "       rollout bluegreen -s STRATEGY [SERVICE] [FLAGS]",
      ""
    },
    description = "Release a new version: switch all traffic at once, and watch it.",
    sortOptions = false)
final class BlueGreenCommand implements Action {
  private final Parts parts;
  @Mixin ReleaseOptions release = new ReleaseOptions();

  @Option(names = "--dry-run", description = "Only plan: the same as 'rollout plan bluegreen'.")
  boolean dryRun;

  @Mixin InClusterOptions inCluster = new InClusterOptions();
  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  BlueGreenCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return new ReleasingVerb(parts, inCluster, dryRun, output.verbose)
        .run(
            reader,
            () ->
                ReleaseRequest.read(
                    release, Optional.empty(), connection, output, parts.console(), reader));
  }
}
