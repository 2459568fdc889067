package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rollout.model.Near;
import rollout.model.UserError;

/** {@code rollout help}. */
@Command(
    name = "help",
    description = "Help on a command; 'rollout help exit-codes' lists the exit codes.")
final class HelpCommand implements Action {
  static final String EXIT_CODES = "exit-codes";
  private final Parts parts;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A command, or exit-codes.")
  List<String> topic = new ArrayList<>();

  @Mixin HelpOption help = new HelpOption();

  HelpCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    reader.done();
    if (topic.equals(List.of(EXIT_CODES))) {
      exitCodes();
      return ExitCode.DONE;
    }
    CommandLine line = Commands.all(parts);
    for (String word : List.copyOf(topic)) {
      CommandLine child = line.getSubcommands().get(word);
      if (child == null) {
        throw unknown(word, line);
      }
      line = child;
    }
    line.usage(parts.console().out());
    return ExitCode.DONE;
  }

  private static UserError unknown(String word, CommandLine line) {
    List<String> known = new ArrayList<>(line.getSubcommands().keySet());
    known.add(EXIT_CODES);
    String hint = Near.hint(word, known, "Known: " + String.join(", ", known));
    return UserError.of(word, "no help on this.", hint);
  }

  private void exitCodes() {
    Table table = new Table(List.of("CODE", "MEANING", "WHERE IS THE TRAFFIC"));
    for (ExitCode code : ExitCode.values()) {
      table.row(List.of(Integer.toString(code.number()), code.meaning(), code.traffic()));
    }
    table.print(parts.console().out());
  }
}
