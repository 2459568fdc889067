package rollout.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.core.HistoryEntry;
import rollout.model.RefusedError;
import rollout.port.Connect;
import rollout.run.Verbs;

/** {@code rollout history}. */
@Command(
    name = "history",
    description = "List the last revisions of a Service, newest first.",
    sortOptions = false)
final class HistoryCommand implements Action {
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service.")
  String service = "";

  @Option(names = "--revision", paramLabel = "N", description = "All about one revision.")
  @Nullable String revision;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  HistoryCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Optional<Integer> one = reader.revision("--revision", revision);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    reader.done();
    return new LookingVerb(parts, where, telling, output.verbose)
        .run(verbs -> show(entries(verbs, telling), one, telling));
  }

  private static List<HistoryEntry> entries(Verbs verbs, Telling telling) {
    List<HistoryEntry> entries = verbs.history(telling.service());
    if (entries.isEmpty() && verbs.status(telling.service()).isEmpty()) {
      throw StatusCommand.noService(telling);
    }
    return entries;
  }

  private ExitCode show(List<HistoryEntry> entries, Optional<Integer> one, Telling telling) {
    List<HistoryEntry> shown =
        entries.stream().filter(e -> one.isEmpty() || e.revision() == one.get()).toList();
    if (shown.isEmpty() && one.isPresent()) {
      List<Integer> known = entries.stream().map(HistoryEntry::revision).toList();
      throw RefusedError.of(
          "Revision " + one.get() + " of " + telling.service() + " is not in the history.",
          known.isEmpty() ? "Nothing has been released on it" : "Known: " + known);
    }
    HistoryText text = new HistoryText(telling.service(), shown);
    if (telling.json()) {
      text.json().forEach(parts.console().out()::println);
    } else if (one.isPresent()) {
      text.printOne(shown.getFirst(), parts.console().out());
    } else if (shown.isEmpty()) {
      parts.console().err().println(telling.service() + " has not been released yet.");
    } else {
      text.print(parts.console().out());
    }
    return ExitCode.DONE;
  }
}
