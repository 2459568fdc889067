package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rollout.core.Status;
import rollout.port.Connect;

/** {@code rollout list}. */
@Command(
    name = "list",
    description = "List the Services that have been released, and where they stand.",
    sortOptions = false)
final class ListCommand implements Action {
  private final Parts parts;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In all namespaces.")
  boolean allNamespaces;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  ListCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    Connect.Where where = connection.where(parts.console(), reader);
    if (allNamespaces && where.namespace().isPresent()) {
      reader.problem("-A and --namespace exclude each other.", "Give only one");
    }
    Telling telling = output.telling(parts.console(), reader, "", where.namespace().orElse(""));
    boolean everywhere = allNamespaces;
    reader.done();
    return new LookingVerb(parts, where, telling, output.verbose)
        .run(verbs -> show(verbs.list(everywhere), everywhere, telling.json()));
  }

  private ExitCode show(List<Status> targets, boolean everywhere, boolean json) {
    if (json) {
      targets.forEach(status -> parts.console().out().println(new StatusText(status).json()));
      return ExitCode.DONE;
    }
    if (targets.isEmpty()) {
      parts.console().err().println("Nothing has been released here.");
      return ExitCode.DONE;
    }
    Table table =
        new Table(cells(everywhere, "NAMESPACE", "SERVICE", "STATE", "REVISION", "TRAFFIC"));
    for (Status status : targets) {
      table.row(
          cells(
              everywhere,
              status.namespace(),
              status.service(),
              status.state(),
              Integer.toString(status.revision()),
              status.traffic()));
    }
    table.print(parts.console().out());
    return ExitCode.DONE;
  }

  private static List<String> cells(boolean everywhere, String namespace, String... rest) {
    List<String> cells = new ArrayList<>(List.of(rest));
    if (everywhere) {
      cells.addFirst(namespace);
    }
    return cells;
  }
}
