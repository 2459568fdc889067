package rollout.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import rollout.model.UserError;

/** {@code rollout plan}. */
@Command(
    name = "plan",
    description = "Show every write that a release would make, forward and back; writes nothing.",
    synopsisSubcommandLabel = "(bluegreen | canary)")
final class PlanCommand implements Action {
  private final Parts parts;
  @Mixin HelpOption help = new HelpOption();

  PlanCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    reader.done();
    throw UserError.of(
        "plan",
        "plan what?",
        "Write: rollout plan bluegreen SERVICE, or rollout plan canary SERVICE, with the flags of"
            + " the release");
  }

  BlueGreen blueGreen() {
    return new BlueGreen(parts);
  }

  Canary canary() {
    return new Canary(parts);
  }

  /** {@code rollout plan bluegreen}. */
  @Command(
      name = "bluegreen",
      customSynopsis = {
        "rollout plan bluegreen SERVICE (--image [CONTAINER=]IMAGE | -f FILE | --to DEPLOYMENT)"
            + " [FLAGS]",
        "       rollout plan bluegreen -s STRATEGY [SERVICE] [FLAGS]",
        ""
      },
      description = "Plan a blue/green release; takes the flags of 'rollout bluegreen'.",
      sortOptions = false)
  static final class BlueGreen implements Action {
    private final Parts parts;
    @Mixin ReleaseOptions release = new ReleaseOptions();
    @Mixin ConnectionOptions connection = new ConnectionOptions();
    @Mixin OutputOptions output = new OutputOptions();
    @Mixin HelpOption help = new HelpOption();

    BlueGreen(Parts parts) {
      this.parts = parts;
    }

    @Override
    public ExitCode run(FlagReader reader) {
      ReleaseRequest asked =
          ReleaseRequest.read(
              release, Optional.empty(), connection, output, parts.console(), reader);
      return new PlanningVerb(parts, output.verbose).run(asked);
    }
  }

  /** {@code rollout plan canary}. */
  @Command(
      name = "canary",
      customSynopsis = {
        "rollout plan canary SERVICE (--image [CONTAINER=]IMAGE | -f FILE | --to DEPLOYMENT)"
            + " --steps STEPS [FLAGS]",
        "       rollout plan canary -s STRATEGY [SERVICE] [FLAGS]",
        ""
      },
      description = "Plan a canary release; takes the flags of 'rollout canary'.",
      sortOptions = false)
  static final class Canary implements Action {
    private final Parts parts;
    @Mixin CanaryOptions canary = new CanaryOptions();
    @Mixin ReleaseOptions release = new ReleaseOptions();
    @Mixin ConnectionOptions connection = new ConnectionOptions();
    @Mixin OutputOptions output = new OutputOptions();
    @Mixin HelpOption help = new HelpOption();

    Canary(Parts parts) {
      this.parts = parts;
    }

    @Override
    public ExitCode run(FlagReader reader) {
      ReleaseRequest asked =
          ReleaseRequest.read(
              release, Optional.of(canary), connection, output, parts.console(), reader);
      return new PlanningVerb(parts, output.verbose).run(asked);
    }
  }
}
