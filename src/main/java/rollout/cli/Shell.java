package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import rollout.model.Problem;
import rollout.model.UserError;

/** From words to an exit code. */
public final class Shell {
  private final Parts parts;

  /** Works in this process, on this backend. */
  public Shell(Console console, Backend backend) {
    this.parts = new Parts(console, backend);
  }

  /** Every command with every flag, for those who describe them. */
  public static CommandLine.Model.CommandSpec model(Console console, Backend backend) {
    return Commands.all(new Parts(console, backend)).getCommandSpec();
  }

  /** Runs one command. Never throws: what went wrong is said, and is in the code. */
  public ExitCode run(List<String> typed) {
    List<String> words = Commands.ordered(typed);
    Console console = parts.console();
    ExitCode code;
    try {
      code = runParsed(words);
    } catch (RuntimeException | Error e) {
      Telling telling = OutputOptions.guess(words);
      ErrorReport errors = new ErrorReport(console, OutputOptions.verbose(words));
      code = errors.report(e, telling, parts.backend().progress(telling));
    }
    console.out().flush();
    console.err().flush();
    return code;
  }

  private ExitCode runParsed(List<String> words) {
    CommandLine line = Commands.lineFor(words, parts);
    List<CommandLine> path = parse(line, words).asCommandLineList();
    for (CommandLine each : path) {
      if (each.isUsageHelpRequested()) {
        each.usage(parts.console().out());
        return ExitCode.DONE;
      }
    }
    CommandLine last = path.getLast();
    FlagReader reader = new FlagReader(problems(path));
    if (last.getCommand() instanceof Action action) {
      return action.run(reader);
    }
    reader.done();
    last.usage(parts.console().err());
    throw UserError.of(last.getCommandSpec().qualifiedName(), "which command?", "Give one of them");
  }

  private static ParseResult parse(CommandLine line, List<String> words) {
    try {
      return line.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new UserError(List.of(WordProblems.of(e)));
    }
  }

  private static List<Problem> problems(List<CommandLine> path) {
    List<Problem> problems = new ArrayList<>();
    for (CommandLine each : path) {
      for (Exception error : each.getParseResult().errors()) {
        problems.add(WordProblems.of(error));
      }
    }
    return problems;
  }
}
