package rollout.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rollout canary}. */
@Command(
    name = "canary",
    customSynopsis = {
      "rollout canary SERVICE (--image [CONTAINER=]IMAGE | -f FILE | --to DEPLOYMENT)"
          + " --steps STEPS [FLAGS]",
      "       rollout canary -s STRATEGY [SERVICE] [FLAGS]",
      ""
    },
    description = "Release a new version: move the traffic share by share, and watch each.",
    sortOptions = false)
final class CanaryCommand implements Action {
  private final Parts parts;
  @Mixin CanaryOptions canary = new CanaryOptions();
  @Mixin ReleaseOptions release = new ReleaseOptions();

  @Option(names = "--dry-run", description = "Only plan: the same as 'rollout plan canary'.")
  boolean dryRun;

  @Mixin InClusterOptions inCluster = new InClusterOptions();
  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  CanaryCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    return new ReleasingVerb(parts, inCluster, dryRun, output.verbose)
        .run(
            reader,
            () ->
                ReleaseRequest.read(
                    release, Optional.of(canary), connection, output, parts.console(), reader));
  }
}
