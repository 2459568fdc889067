package rollout.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.MigrationText;
import rollout.migration.Repair;
import rollout.migration.Standing;

/** {@code rollout migration status}. */
@Command(
    name = "status",
    description = {
      "Show which migrations are applied, pending, failed, locked: one table for every tool. Asks"
          + " by a Job of the tool's own image: that of the strategy, or of the last release."
          + " Exit code 3 where no migration may begin."
    },
    sortOptions = false)
final class MigrationStatusCommand implements Action {
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "The Service.")
  @Nullable String service;

  @Option(
      names = {"-s", "--strategy"},
      paramLabel = "FILE",
      description = "Strategy file with the migration's preset.")
  @Nullable String strategy;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  MigrationStatusCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    DatabaseRequest asked =
        DatabaseRequest.read(service, strategy, connection, output, parts.console(), reader);
    return new LookingVerb(parts, asked.where(), asked.telling(), output.verbose)
        .run(verbs -> show(verbs.migrationState(asked.strategy()), asked));
  }

  private ExitCode show(Standing standing, DatabaseRequest asked) {
    MigrationState state = standing.state();
    if (asked.telling().json()) {
      Doc json = MigrationText.json(state);
      parts.console().out().println(json.with(standing.tool().word(), "tool").json());
    } else {
      table(standing, asked.strategy().service());
    }
    parts.console().out().flush();
    boolean stands = state.unreadable().isEmpty() && state.obstacle().isEmpty();
    return stands ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private void table(Standing standing, String of) {
    MigrationState state = standing.state();
    parts.console().out().println("Database of " + of + ", by " + standing.tool().word());
    Table table = new Table(List.of("STATE", "MIGRATIONS"));
    for (Map.Entry<String, String> row : MigrationText.rows(state).entrySet()) {
      table.row(List.of(row.getKey(), row.getValue()));
    }
    table.print(parts.console().out());
    state.unreadable().ifPresent(why -> parts.console().out().println(why));
    state
        .obstacle()
        .ifPresent(why -> parts.console().out().println(Repair.line(standing.tool(), state)));
  }
}
