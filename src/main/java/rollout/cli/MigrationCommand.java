package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import rollout.model.UserError;

/** {@code rollout migration}. */
@Command(
    name = "migration",
    description = "Look at the database of a Service, or contract its schema.",
    synopsisSubcommandLabel = "(status | contract)")
final class MigrationCommand implements Action {
  private final Parts parts;
  @Mixin HelpOption help = new HelpOption();

  MigrationCommand(Parts parts) {
    this.parts = parts;
  }

  MigrationStatusCommand status() {
    return new MigrationStatusCommand(parts);
  }

  ContractCommand contract() {
    return new ContractCommand(parts);
  }

  @Override
  public ExitCode run(FlagReader reader) {
    reader.done();
    throw UserError.of(
        "migration",
        "what about it?",
        "Write: rollout migration status SERVICE, or rollout migration contract -s STRATEGY");
  }
}
