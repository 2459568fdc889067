package rollout.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.document.Doc;
import rollout.model.Near;
import rollout.model.UserError;
import rollout.plan.Feature;
import rollout.plan.Missing;
import rollout.plan.Right;
import rollout.plan.RoleText;
import rollout.port.Connect;
import rollout.run.RightsAnswer;
import rollout.run.RightsQuestion;
import rollout.strategy.Canary;
import rollout.strategy.PrometheusSource;

/** {@code rollout check}. */
@Command(
    name = "check",
    description = {
      "Ask for the rights that releases take, and print what is missing as a Role for kubectl. Exit"
          + " code: 0 nothing is missing, 3 something is. Writes nothing."
    },
    customSynopsis = {"rollout check --rbac [SERVICE] [FLAGS]", ""},
    sortOptions = false)
final class CheckCommand implements Action {
  private final Parts parts;

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "The Service; whatever is in the namespace unless said.")
  String service = "";

  @Option(
      names = "--rbac",
      description = "What you may do: the release, and the autoscalers and routes that are there.")
  boolean rbac;

  @Option(
      names = "--in-cluster",
      description = "Only what it takes to start releases with --in-cluster, and to follow them.")
  boolean inCluster;

  @Option(
      names = "--router",
      paramLabel = "ROUTER",
      completionCandidates = Choices.Routers.class,
      description = "This router, whether or not it has routes there.")
  @Nullable String router;

  @Option(
      names = "--prometheus",
      paramLabel = "URL",
      description = "Also to ask this Prometheus, when it is svc:NAMESPACE/NAME:PORT.")
  @Nullable String prometheus;

  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  CheckCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    if (!rbac) {
      throw UserError.of(
          "check",
          "what shall be checked? So far it can only ask for rights.",
          "Write: rollout check --rbac; all else of a release is checked by rollout plan");
    }
    String target = reader.label("SERVICE", service);
    Connect.Where where = connection.where(parts.console(), reader);
    Telling telling = output.telling(parts.console(), reader, target, where.namespace().orElse(""));
    RightsQuestion question =
        new RightsQuestion(
            Optional.of(target).filter(name -> !name.isEmpty()),
            inCluster,
            routerWord(reader),
            proxied(where, reader));
    reader.done();
    return new LookingVerb(parts, where, telling, output.verbose)
        .run(verbs -> show(verbs.rights(question), telling.json()));
  }

  private Optional<String> routerWord(FlagReader reader) {
    if (router != null && !Canary.ROUTERS.contains(router)) {
      reader.problem(
          "--router " + router,
          "no such router.",
          Near.hint(router, Canary.ROUTERS, "Write " + String.join(", ", Canary.ROUTERS)));
    }
    return Optional.ofNullable(router).filter(word -> !word.equals(Canary.AUTO));
  }

  /** The namespace of a Prometheus that the API server is asked for. */
  private Optional<String> proxied(Connect.Where where, FlagReader reader) {
    Optional<String> url =
        prometheus == null
            ? where.prometheusUrl()
            : Optional.of(reader.prometheus("--prometheus", prometheus));
    return url.flatMap(PrometheusSource::proxied);
  }

  private ExitCode show(RightsAnswer answer, boolean json) {
    Console console = parts.console();
    if (json) {
      answer
          .missing()
          .forEach(one -> one.rights().forEach(right -> console.out().println(json(one, right))));
    } else if (!answer.missing().isEmpty()) {
      console.out().print(RoleText.granting(answer.missing()));
    }
    console.out().flush();
    List<String> words = answer.asked().stream().map(Feature::word).toList();
    console
        .err()
        .println(
            (answer.missing().isEmpty() ? "Nothing is missing" : "Something is missing")
                + " in namespace "
                + answer.namespace()
                + ", asked for: "
                + String.join(", ", words)
                + ".");
    if (!answer.unseen().isEmpty()) {
      console
          .err()
          .println(
              "May not be listed, so nobody knows whether one takes further rights: "
                  + String.join(", ", answer.unseen())
                  + ".");
    }
    return answer.missing().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private static String json(Missing missing, Right right) {
    return Doc.of(
            "feature", missing.feature().word(),
            "namespace", missing.namespace(),
            "group", right.group(),
            "resources", right.resources(),
            "verbs", right.verbs())
        .json();
  }
}
