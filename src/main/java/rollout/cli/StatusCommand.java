package rollout.cli;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.core.Status;
import rollout.model.RefusedError;
import rollout.port.Connect;
import rollout.run.Verbs;

/** {@code rollout status}. */
@Command(
    name = "status",
    description = {
      "Show where a Service's release stands. Exit code: 0 settled or never released, 4 rolled"
          + " back, 5 rolled back incompletely, 8 waiting for a person, 10 in progress."
    },
    sortOptions = false)
final class StatusCommand implements Action {
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service.")
  String service = "";

  @Option(
      names = {"-w", "--watch"},
      description = "Show each change, until the release has ended.")
  boolean watch;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  StatusCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    reader.done();
    boolean follow = watch;
    return new LookingVerb(parts, where, telling, output.verbose)
        .run(verbs -> follow ? follow(verbs, telling) : show(look(verbs, telling), telling));
  }

  private ExitCode follow(Verbs verbs, Telling telling) {
    AtomicReference<@Nullable ExitCode> last = new AtomicReference<>();
    verbs.watch(
        telling.service(),
        status -> {
          last.set(show(status, telling));
          return moves(status);
        });
    ExitCode end = last.get();
    if (end == null) {
      throw noService(telling);
    }
    return end;
  }

  private static boolean moves(Status status) {
    ExitCode code = ExitCode.of(status);
    return code == ExitCode.WAITING || code == ExitCode.NOT_SETTLED;
  }

  private static Status look(Verbs verbs, Telling telling) {
    return verbs.status(telling.service()).orElseThrow(() -> noService(telling));
  }

  static RefusedError noService(Telling telling) {
    String where = telling.namespace().isEmpty() ? "here." : "in " + telling.namespace() + ".";
    return RefusedError.of(
        "There is no Service " + telling.service() + " " + where,
        "Check the name, --namespace and --context");
  }

  private ExitCode show(Status status, Telling telling) {
    StatusText text = new StatusText(status);
    if (telling.json()) {
      parts.console().out().println(text.json());
    } else {
      text.print(parts.console().out());
    }
    parts.console().out().flush();
    return ExitCode.of(status);
  }
}
