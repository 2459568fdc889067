package rollout.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import rollout.model.Near;
import rollout.model.Problem;

/** What picocli found wrong, in our words and with the nearest name. */
final class WordProblems {
  private WordProblems() {}

  static Problem of(Exception error) {
    return switch (error) {
      case UnmatchedArgumentException e -> unmatched(e);
      case MissingParameterException e -> missing(e);
      case OverwrittenOptionException e ->
          new Problem(name(e.getOverwritten()), "is given twice.", "Give it once");
      case ParameterException e -> Problem.of(message(e), "See: " + help(e.getCommandLine()));
      default -> Problem.of(message(error), "");
    };
  }

  private static Problem missing(MissingParameterException error) {
    String names =
        error.getMissing().stream().map(WordProblems::name).collect(Collectors.joining(", "));
    return new Problem(
        names, "is missing or has no value.", "See: " + help(error.getCommandLine()));
  }

  private static String name(CommandLine.Model.@Nullable ArgSpec argument) {
    return switch (argument) {
      case null -> "a flag";
      case CommandLine.Model.OptionSpec option -> option.longestName();
      default -> argument.paramLabel();
    };
  }

  private static Problem unmatched(UnmatchedArgumentException error) {
    CommandLine line = error.getCommandLine();
    String word = error.getUnmatched().getFirst();
    String see = "See: " + help(line);
    Collection<String> commands = line.getSubcommands().keySet();
    if (word.startsWith("-") && word.length() > 1) {
      int equals = word.indexOf('=');
      String flag = equals < 0 ? word : word.substring(0, equals);
      boolean command = commands.contains(flag.replaceFirst("^-+", ""));
      String right =
          command
              ? "Write: "
                  + line.getCommandSpec().qualifiedName()
                  + " "
                  + flag.replaceFirst("^-+", "")
              : Near.hint(flag, flags(line.getCommandSpec()), see);
      return new Problem(flag, "no such flag.", right);
    }
    if (commands.isEmpty()) {
      return new Problem(word, "one word too many.", see);
    }
    return new Problem(word, "no such command.", Near.hint(word, commands, see));
  }

  private static List<String> flags(CommandSpec spec) {
    List<String> names = new ArrayList<>();
    spec.options().forEach(option -> names.addAll(List.of(option.names())));
    return names;
  }

  private static String help(CommandLine line) {
    return line.getCommandSpec().qualifiedName() + " --help";
  }

  private static String message(Exception error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message;
  }
}
