package rollout.cli;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.MigrationText;
import rollout.migration.Repair;
import rollout.model.UserError;
import rollout.port.Connect;
import rollout.strategy.BlueGreen;
import rollout.strategy.Migration;
import rollout.strategy.Preset;

/** {@code rollout migration}. */
@Command(
    name = "migration",
    description = "Look at the database of a Service.",
    synopsisSubcommandLabel = "status")
final class MigrationCommand implements Action {
  private final Parts parts;
  @Mixin HelpOption help = new HelpOption();

  MigrationCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    reader.done();
    throw UserError.of(
        "migration", "what about it?", "Write: rollout migration status -s STRATEGY [SERVICE]");
  }

  Status status() {
    return new Status(parts);
  }

  /** {@code rollout migration status}. */
  @Command(
      name = "status",
      description = {
        "Show which migrations are applied, pending, failed, locked: one table for every tool. Asks"
            + " by a Job of the tool's own image; exit code 3 where no migration may begin."
      },
      sortOptions = false)
  static final class Status implements Action {
    private final Parts parts;

    @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "The Service.")
    @Nullable String service;

    @Option(
        names = {"-s", "--strategy"},
        paramLabel = "FILE",
        required = true,
        description = "Strategy file with the migration's preset.")
    @Nullable String strategy;

    @Mixin ConnectionOptions connection = new ConnectionOptions();
    @Mixin OutputOptions output = new OutputOptions();
    @Mixin HelpOption help = new HelpOption();

    Status(Parts parts) {
      this.parts = parts;
    }

    @Override
    public ExitCode run(FlagReader reader) {
      Optional<String> named =
          Optional.ofNullable(service).map(name -> reader.label("SERVICE", name));
      Optional<BlueGreen> file = new InputFiles(parts.console().in(), reader).strategy(strategy);
      String namespace = connection.namespace(reader);
      reader.done();
      BlueGreen read = file.orElseThrow();
      BlueGreen asked =
          read.named(named.orElse(read.service()))
              .in(namespace.isEmpty() ? read.namespace() : namespace);
      Telling telling = output.telling(parts.console(), reader, asked.service(), asked.namespace());
      Connect.Where where =
          connection.where(
              Optional.of(asked.namespace()).filter(name -> !name.isEmpty()), Optional.empty());
      reader.done();
      return new LookingVerb(parts, where, telling, output.verbose)
          .run(verbs -> show(verbs.migrationState(asked), asked, telling));
    }

    private ExitCode show(MigrationState state, BlueGreen asked, Telling telling) {
      Preset preset =
          asked.migration().flatMap(Migration::tool).map(Migration.Tool::preset).orElseThrow();
      boolean stands = state.unreadable().isEmpty() && state.obstacle().isEmpty();
      if (telling.json()) {
        Doc json = MigrationText.json(state);
        parts.console().out().println(json.with(preset.word(), "tool").json());
      } else {
        parts.console().out().println("Database of " + asked.service() + ", by " + preset.word());
        Table table = new Table(java.util.List.of("STATE", "MIGRATIONS"));
        for (Map.Entry<String, String> row : MigrationText.rows(state).entrySet()) {
          table.row(java.util.List.of(row.getKey(), row.getValue()));
        }
        table.print(parts.console().out());
        state.unreadable().ifPresent(why -> parts.console().out().println(why));
        state
            .obstacle()
            .ifPresent(why -> parts.console().out().println(Repair.line(preset, state)));
      }
      parts.console().out().flush();
      return stands ? ExitCode.DONE : ExitCode.REFUSED;
    }
  }
}
