package rollout.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import rollout.document.Doc;

/** {@code rollout version}. */
@Command(name = "version", description = "Show the version.", sortOptions = false)
final class VersionCommand implements Action {
  private final Parts parts;
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  VersionCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    boolean json = output.json(reader);
    reader.done();
    String java = Runtime.version().toString();
    String text =
        json
            ? Doc.of("version", Version.text(), "java", java).json()
            : "rollout " + Version.text() + " (Java " + java + ")";
    parts.console().out().println(text);
    return ExitCode.DONE;
  }
}
