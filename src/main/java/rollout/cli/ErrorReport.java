package rollout.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Phase;
import rollout.model.Problem;
import rollout.model.RefusedError;
import rollout.model.Secrets;
import rollout.model.UserError;
import rollout.port.ClusterException;
import rollout.port.Progress;

/**
 * The one place where an exception becomes words and an exit code, by whose fault it is. Nothing
 * that comes here has moved any traffic: once a release has begun, its end is an outcome.
 */
final class ErrorReport {
  private static final String UNCHANGED = "Nothing was changed; the traffic is where it was.";
  private static final String WHERE_IT_WAS = "where it was; nothing was changed";
  private static final Pattern DENIED =
      Pattern.compile(
          "cannot (\\w+) resource \"([^\"]+)\" in API group \"([^\"]*)\"( at the cluster)?");
  private final Console console;
  private final boolean verbose;

  ErrorReport(Console console, boolean verbose) {
    this.console = console;
    this.verbose = verbose;
  }

  /** Says what went wrong, and returns the code to exit with. */
  ExitCode report(Throwable error, Telling telling, Progress progress) {
    return report(error, telling, progress, event -> {});
  }

  /**
   * The same.
   *
   * @param metrics of those in {@code progress}: told when people get words instead of an event
   */
  ExitCode report(Throwable error, Telling telling, Progress progress, Progress metrics) {
    Said said = said(error, telling.service().isEmpty() ? "SERVICE" : telling.service());
    boolean usersMistake = said.code() == ExitCode.USAGE || said.code() == ExitCode.REFUSED;
    if (verbose && !usersMistake) {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      console.err().print(Secrets.withoutLogins(trace.toString()));
    }
    if (telling.json()) {
      // Tells people on stderr too.
      progress.tell(result(said));
    } else {
      said.lines().forEach(line -> console.err().println(Secrets.withoutLogins(line)));
      console.err().println(said.last());
      metrics.tell(result(said));
    }
    console.err().flush();
    return said.code();
  }

  private static Event result(Said said) {
    String message = Secrets.withoutLogins(String.join("\n", said.lines()));
    Doc fields =
        Doc.of(
            "exitCode",
            said.code().number(),
            "outcome",
            said.outcome(),
            "revision",
            0,
            "traffic",
            said.last().equals(UNCHANGED) ? WHERE_IT_WAS : said.last());
    return new Event(Event.RESULT, Phase.PREFLIGHT, message, fields);
  }

  private record Said(ExitCode code, String outcome, List<String> lines, String last) {}

  private Said said(Throwable error, String service) {
    return switch (error) {
      case UserError e -> new Said(ExitCode.USAGE, "error", lines(e.problems()), UNCHANGED);
      case RefusedError e -> new Said(ExitCode.REFUSED, "refused", lines(e.problems()), UNCHANGED);
      case HeldError e -> new Said(ExitCode.HELD, "held", List.of(message(e)), UNCHANGED);
      case ClusterException.Forbidden e ->
          cluster("forbidden", "The cluster does not allow it: " + message(e), grant(message(e)));
      case ClusterException.Unknown e ->
          cluster(
              "unreachable",
              "The cluster gave no answer: " + message(e),
              "Check --context, --kubeconfig and the network, then run the same command again.");
      case ClusterException.Busy e ->
          cluster(
              "unreachable",
              "The cluster is too busy: " + message(e),
              "Run the same command again in a while.");
      default -> bug(error, service);
    };
  }

  private static String grant(String message) {
    Matcher denied = DENIED.matcher(message);
    if (!denied.find()) {
      return "Check the credentials of the context: kubectl auth whoami";
    }
    String role = denied.group(4) == null ? "A Role" : "A ClusterRole";
    return "%s with this rule grants it: {apiGroups: [\"%s\"], resources: [%s], verbs: [%s]}"
        .formatted(role, denied.group(3), denied.group(2), denied.group(1));
  }

  private static Said cluster(String outcome, String what, String todo) {
    return new Said(ExitCode.UNREACHABLE, outcome, List.of(what, todo), UNCHANGED);
  }

  private Said bug(Throwable error, String service) {
    List<String> lines = new ArrayList<>();
    lines.add("This is a bug in rollout: " + error);
    String how = verbose ? "with the lines above" : "with what the same command says with -v";
    lines.add("Please report it " + how + ": " + Version.ISSUES);
    String last =
        "Where the traffic is: rollout status "
            + service
            + "   To bring it back: rollout rollback "
            + service;
    return new Said(ExitCode.BUG, "error", lines, last);
  }

  private static String message(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message;
  }

  private static List<String> lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }
}
