package rollout.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rollout.model.Near;
import rollout.model.UserError;

/** {@code rollout completion}. */
@Command(
    name = "completion",
    description = {
      "Print a completion script. Load it: source <(rollout completion bash); the same in zsh;"
          + " rollout completion fish | source."
    })
final class CompletionCommand implements Action {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");
  private final Parts parts;

  @Parameters(
      paramLabel = "bash|zsh|fish",
      completionCandidates = Choices.Shells.class,
      description = "The shell.")
  String shell = "";

  @Mixin HelpOption help = new HelpOption();

  CompletionCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    reader.done();
    String wanted = shell;
    if (!SHELLS.contains(wanted)) {
      String hint = Near.hint(wanted, SHELLS, "Write bash, zsh or fish");
      throw UserError.of(wanted, "no completion for this shell.", hint);
    }
    CommandLine all = Commands.all(parts);
    String script =
        wanted.equals("fish")
            ? FishCompletion.of(all.getCommandSpec())
            : AutoComplete.bash("rollout", all);
    parts.console().out().print(script);
    return ExitCode.DONE;
  }
}
