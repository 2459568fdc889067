package rollout.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import rollout.plan.ToolJob;
import rollout.run.GuardOrder;
import rollout.run.GuardOrder.OnLostDriver;
import rollout.run.Rollouts.Driving;

/** Who drives: this process, or a Job in the cluster. */
final class InClusterOptions {
  private static final String IMAGE_VARIABLE = "ROLLOUT_IMAGE";
  private static final String SERVICE_ACCOUNT = "rollout";
  private static final Pattern LOGIN = Pattern.compile("[a-z]+://[^/@]*@");

  /** A guard only listens until it must act: it shall cost next to nothing. */
  private static final String SMALL =
      "-Xmx32m -Xss512k -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=24m";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec command;

  @Option(
      names = "--in-cluster",
      description = "Run as a Job in the cluster, follow it, and return its exit code.")
  boolean inCluster;

  @Option(
      names = "--job-image",
      paramLabel = "IMAGE",
      description = "Image of rollout for Jobs in the cluster; ROLLOUT_IMAGE unless said.")
  @Nullable String image;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Whose rights these Jobs have; rollout.")
  @Nullable String serviceAccount;

  @Option(
      names = "--job-secret",
      paramLabel = "SECRET",
      description =
          "With --in-cluster: the keys of this Secret are files in "
              + ToolJob.SECRETS
              + " there, for notify.")
  @Nullable String secret;

  @Option(
      names = "--guard",
      negatable = true,
      description =
          "A small Job goes on when the driver dies; with --in-cluster unless --no-guard is said.")
  @Nullable Boolean guard;

  @Option(
      names = "--on-lost-driver",
      paramLabel = "resume|rollback|hold",
      completionCandidates = Choices.OnLost.class,
      description =
          "What the guard does then; rollback before the switch is observed, resume after.")
  @Nullable String onLostDriver;

  /** The image that these Jobs run; what is missing is in the reader. */
  String image(String flag, Console console, FlagReader reader) {
    String found = image == null ? console.environment().getOrDefault(IMAGE_VARIABLE, "") : image;
    if (found.isEmpty()) {
      reader.problem(
          flag,
          "which image of rollout shall its Job run?",
          "Give --job-image, or set " + IMAGE_VARIABLE);
    }
    return found;
  }

  /** Whose rights they have. */
  String serviceAccount(FlagReader reader) {
    return serviceAccount == null
        ? SERVICE_ACCOUNT
        : reader.objectName("--service-account", serviceAccount);
  }

  /** The Secret whose keys the driver's pod gets as files; nobody reads it here. */
  Optional<String> secret(FlagReader reader) {
    return Optional.ofNullable(secret).map(name -> reader.objectName("--job-secret", name));
  }

  /** Whether the release gets a guard. */
  boolean guards() {
    return guard == null ? inCluster : guard;
  }

  /** How the release behaves as a process, with its guard. */
  Driving driving(ReleaseRequest asked, Console console, FlagReader reader) {
    Optional<OnLostDriver> onLost =
        reader.word("--on-lost-driver", onLostDriver, OnLostDriver.class);
    if (onLost.isPresent() && !guards()) {
      reader.problem("--on-lost-driver", "there is no guard to do it.", "Add --guard");
    }
    if (secret != null && !inCluster) {
      reader.problem("--job-secret", "no Job drives here that could read it.", "Add --in-cluster");
    }
    Driving plain = asked.driving();
    if (!guards()) {
      return plain;
    }
    List<String> words = new ArrayList<>(List.of("guard", asked.strategy().service()));
    if (onLostDriver != null) {
      words.addAll(List.of("--on-lost-driver", onLostDriver));
    }
    words.addAll(List.of("--output", "json"));
    Map<String, String> variables = new HashMap<>(prometheus(asked, reader));
    variables.put("JDK_JAVA_OPTIONS", SMALL);
    ToolJob job =
        new ToolJob(image("--guard", console, reader), serviceAccount(reader), words, variables);
    return new Driving(
        plain.leaveOnInterrupt(), plain.returnAtGate(), Optional.of(new GuardOrder(job)));
  }

  /** The Prometheus of a release, for a Job. */
  static Map<String, String> prometheus(ReleaseRequest asked, FlagReader reader) {
    Optional<String> url = asked.where().prometheusUrl();
    if (url.filter(one -> LOGIN.matcher(one).lookingAt()).isPresent()) {
      reader.problem(
          "--prometheus",
          "a login in the URL would stand in the Job for everybody to read.",
          "Use --prometheus svc:NAMESPACE/NAME:PORT, or a URL without a login");
    }
    return url.map(one -> Map.of(ReleaseOptions.PROMETHEUS_VARIABLE, one)).orElse(Map.of());
  }
}
