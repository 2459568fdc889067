package rollout.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.run.Rollouts.Driving;

/** {@code rollout migration contract}. */
@Command(
    name = "contract",
    description = {
      "Run the strategy's contract: take away what only older versions used. Refused, exit code 3,"
          + " while anything below its floor has a pod or could make one. Traffic does not move."
    },
    sortOptions = false)
final class ContractCommand implements Action {
  private static final Driving DRIVING = new Driving(false, false);
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "The Service.")
  @Nullable String service;

  @Option(
      names = {"-s", "--strategy"},
      paramLabel = "FILE",
      required = true,
      description = "Strategy file with the contract.")
  @Nullable String strategy;

  @Option(names = "--dry-run", description = "Only plan, and say what stands in the way.")
  boolean dryRun;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  ContractCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    DatabaseRequest asked =
        DatabaseRequest.read(service, strategy, connection, output, parts.console(), reader);
    if (dryRun) {
      return new PlanningVerb(parts, output.verbose)
          .run(
              asked.strategy().service(),
              asked.where(),
              asked.telling(),
              verbs -> verbs.planOfContract(asked.strategy()));
    }
    return new DrivenVerb(parts, asked.where(), asked.telling(), Exporting.NONE, output.verbose)
        .run(verbs -> verbs.contract(asked.strategy(), DRIVING), ExitCode::of);
  }
}
