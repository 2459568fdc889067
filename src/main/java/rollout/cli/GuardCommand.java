package rollout.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.port.Connect;
import rollout.run.GuardOrder.OnLostDriver;

/** {@code rollout guard}: what the Job of {@code --guard} runs; no command for people. */
@Command(
    name = "guard",
    hidden = true,
    description = "Watch a release, and go on with it when its driver dies; for --guard.",
    sortOptions = false)
final class GuardCommand implements Action {
  private final Parts parts;

  @Parameters(paramLabel = "SERVICE", description = "The Service whose release is guarded.")
  String service = "";

  @Option(
      names = "--on-lost-driver",
      paramLabel = "resume|rollback|hold",
      completionCandidates = Choices.OnLost.class,
      description =
          "When the driver is gone; rollback before the switch is observed, resume after.")
  @Nullable String onLostDriver;

  @Option(names = "--job", paramLabel = "UID", description = "The Job that drives.")
  String job = "";

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  GuardCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    String target = reader.label("SERVICE", service);
    Optional<OnLostDriver> onLost =
        reader.word("--on-lost-driver", onLostDriver, OnLostDriver.class);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    reader.done();
    return new DrivenVerb(parts, where, telling, Exporting.NONE, output.verbose)
        .run(
            verbs -> verbs.guard(target, onLost, job, where.prometheusUrl().orElse("")),
            ExitCode::ofRollback);
  }
}
