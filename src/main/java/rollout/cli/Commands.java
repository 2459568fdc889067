package rollout.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** All commands, in the order of the help. */
final class Commands {
  private static final Map<String, Function<Parts, Action>> BY_NAME = byName();
  private static final Map<String, String> ALIASES =
      Map.of("abort", "rollback", "undo", "rollback");
  private static final int WIDTH = 100;

  private Commands() {}

  private static Map<String, Function<Parts, Action>> byName() {
    Map<String, Function<Parts, Action>> commands = new LinkedHashMap<>();
    commands.put("bluegreen", BlueGreenCommand::new);
    commands.put("canary", CanaryCommand::new);
    commands.put("rollback", RollbackCommand::new);
    commands.put("promote", PromoteCommand::new);
    commands.put("pause", PauseCommand::new);
    commands.put("resume", ResumeCommand::new);
    commands.put("repair", RepairCommand::new);
    commands.put("guard", GuardCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("history", HistoryCommand::new);
    commands.put("list", ListCommand::new);
    commands.put("plan", PlanCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("migration", MigrationCommand::new);
    commands.put("simulate", SimulateCommand::new);
    commands.put("demo", DemoCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("version", VersionCommand::new);
    commands.put("help", HelpCommand::new);
    return commands;
  }

  /** {@code rollout} itself. */
  @Command(
      name = "rollout",
      description = {
        "Blue/green and canary releases on plain Kubernetes: the migration first, the new version"
            + " beside the old, traffic moved while it is watched, and back by itself when the"
            + " evidence says so."
      },
      synopsisSubcommandLabel = "COMMAND",
      footer = {"", "Exit codes: rollout help exit-codes"})
  static final class Root {
    @Mixin HelpOption help = new HelpOption();
  }

  /** The whole tree. */
  static CommandLine all(Parts parts) {
    CommandLine line = new CommandLine(new Root());
    BY_NAME.forEach((name, command) -> add(line, name, command.apply(parts)));
    return configured(line);
  }

  /** The words as the tree wants them: the command first. */
  static List<String> ordered(List<String> words) {
    if (words.isEmpty() || !words.getFirst().startsWith("-")) {
      return words;
    }
    Set<String> names = new HashSet<>(BY_NAME.keySet());
    names.addAll(ALIASES.keySet());
    return LeadingFlags.behind(words, names);
  }

  /**
   * The part of the tree that these words need: to read what all the other commands have costs a
   * third of a short command's time.
   */
  static CommandLine lineFor(List<String> words, Parts parts) {
    String first = words.isEmpty() ? "" : words.getFirst();
    Function<Parts, Action> command = BY_NAME.get(ALIASES.getOrDefault(first, first));
    if (command == null) {
      return all(parts);
    }
    CommandLine line = new CommandLine(new Root());
    add(line, ALIASES.getOrDefault(first, first), command.apply(parts));
    return configured(line);
  }

  private static void add(CommandLine line, String name, Action command) {
    CommandLine child = new CommandLine(command);
    if (command instanceof PlanCommand plan) {
      child.addSubcommand("bluegreen", new CommandLine(plan.blueGreen()));
      child.addSubcommand("canary", new CommandLine(plan.canary()));
    }
    if (command instanceof MigrationCommand migration) {
      child.addSubcommand("status", new CommandLine(migration.status()));
      child.addSubcommand("contract", new CommandLine(migration.contract()));
    }
    line.addSubcommand(name, child);
  }

  private static CommandLine configured(CommandLine line) {
    line.setExpandAtFiles(false);
    line.setUsageHelpWidth(WIDTH);
    line.getSubcommands().values().forEach(Commands::collectErrors);
    collectErrors(line);
    return line;
  }

  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(Commands::collectErrors);
  }
}
