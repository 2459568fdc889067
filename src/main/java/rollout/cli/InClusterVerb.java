package rollout.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.ManifestDoc;
import rollout.model.Phase;
import rollout.plan.ToolJob;
import rollout.run.DriverOrder;
import rollout.run.JobEnd;
import rollout.run.Rollouts.Driving;
import rollout.strategy.Candidate;
import rollout.yaml.FilesRead;

/**
 * A release whose driver is a Job: the same command line, with the files that it names taken along.
 */
final class InClusterVerb {
  /** What is about this process only, or said in another way. */
  private static final Set<String> HERE =
      Set.of(
          "--in-cluster",
          "--job-image",
          "--service-account",
          "--job-secret",
          "--guard",
          "--kubeconfig",
          "--context",
          "--namespace",
          "--output",
          "--no-color",
          "--dry-run");

  private static final Set<String> FILES =
      Set.of("--strategy", "--filename", "--migrate", "--smoke", "--route");

  /** Less than a ConfigMap may hold in all, since names and labels count too. */
  private static final int MOST_BYTES = 1_000_000;

  private static final String STDIN = "stdin.yaml";

  private final Parts parts;
  private final InClusterOptions options;
  private final ReleaseRequest asked;
  private final FilesRead read;
  private final FlagReader reader;

  /**
   * @param asked what the command line means here: it is checked before anything is made
   * @param read what was read for it
   */
  InClusterVerb(
      Parts parts,
      InClusterOptions options,
      ReleaseRequest asked,
      FilesRead read,
      FlagReader reader) {
    this.parts = parts;
    this.options = options;
    this.asked = asked;
    this.read = read;
    this.reader = reader;
  }

  ExitCode run(boolean verbose) {
    Map<Path, String> places = places();
    Map<String, String> files = new LinkedHashMap<>();
    read.texts().forEach((path, text) -> files.put(place(places, path), text));
    read.stdin().ifPresent(text -> files.put(STDIN, text));
    check(files);
    ToolJob plain =
        new ToolJob(
            options.image("--in-cluster", parts.console(), reader),
            options.serviceAccount(reader),
            List.of(),
            InClusterOptions.prometheus(asked, reader));
    ToolJob job = plain.adding(words(places, plain).toArray(String[]::new));
    notified();
    // A guard that could not be asked for there is said here.
    Driving unused = options.driving(asked, parts.console(), reader);
    Optional<String> secret = options.secret(reader);
    reader.done();
    DriverOrder order =
        new DriverOrder(
            asked.strategy().service(), asked.strategy().namespace(), job, files, secret);
    return follow(order, verbose);
  }

  /** Files lie to each other as they do here, so that what one says of another holds there too. */
  private Map<Path, String> places() {
    @Nullable Path top = null;
    for (Path file : read.texts().keySet()) {
      Path folder = file.getParent();
      top = top == null ? folder : common(top, folder);
    }
    Map<Path, String> places = new HashMap<>();
    for (Path file : read.texts().keySet()) {
      places.put(file, top == null ? file.toString() : top.relativize(file).toString());
    }
    return places;
  }

  private static @Nullable Path common(Path one, @Nullable Path other) {
    @Nullable Path shared = one;
    while (shared != null && other != null && !other.startsWith(shared)) {
      shared = shared.getParent();
    }
    return shared;
  }

  private static String place(Map<Path, String> places, Path path) {
    return places.getOrDefault(path, path.toString());
  }

  private void check(Map<String, String> files) {
    long bytes =
        files.values().stream()
            .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    if (bytes > MOST_BYTES) {
      reader.problem(
          "--in-cluster",
          "the files of this release have "
              + bytes / 1024
              + " KiB, and a ConfigMap holds 1024 at most.",
          "Name fewer manifests: what does not change need not be given");
    }
    if (asked.strategy().candidate().orElse(null) instanceof Candidate.Manifests manifests) {
      for (ManifestDoc one : manifests.documents()) {
        if (one.object().textOrEmpty("kind").equals("Secret")) {
          reader.problem(
              one.place(),
              "a Secret would be copied into a ConfigMap for everybody to read.",
              "Leave Secrets out of -f with --in-cluster; apply them before");
        }
      }
    }
  }

  /** What subscribers need is a secret: it comes from where secrets are, and is not read here. */
  private void notified() {
    asked.strategy().subscribers().stream()
        .flatMap(subscriber -> subscriber.files().stream())
        .distinct()
        .filter(file -> options.secret == null || !isSecret(file))
        .forEach(
            file ->
                reader.problem(
                    "notify",
                    "the Job's pod does not have " + file + ".",
                    "Put it into a Secret, write "
                        + ToolJob.SECRETS
                        + "/KEY instead, and say --job-secret SECRET"));
  }

  private static boolean isSecret(String file) {
    return Path.of(ToolJob.SECRETS).equals(Path.of(file).normalize().getParent());
  }

  /** The command line that the Job runs. */
  private List<String> words(Map<Path, String> places, ToolJob job) {
    CommandSpec command = Objects.requireNonNull(options.command);
    List<String> words = new ArrayList<>();
    words.add(command.name());
    // One that is repeated is matched as often, each time with all of its values.
    for (ArgSpec one : new LinkedHashSet<>(command.commandLine().getParseResult().matchedArgs())) {
      switch (one) {
        case PositionalParamSpec word -> words.addAll(1, word.originalStringValues());
        case OptionSpec option when !HERE.contains(option.longestName()) ->
            words.addAll(words(option, places));
        default -> {}
      }
    }
    if (options.guards()) {
      words.addAll(List.of("--guard", "--job-image", job.image()));
      words.addAll(List.of("--service-account", job.serviceAccount()));
    }
    words.addAll(List.of("--output", "json"));
    return words;
  }

  private static List<String> words(OptionSpec option, Map<Path, String> places) {
    String name = option.longestName();
    if (option.arity().max() == 0) {
      return List.of(name);
    }
    List<String> words = new ArrayList<>();
    for (String value : option.originalStringValues()) {
      words.add(name);
      words.add(FILES.contains(name) ? there(value, places) : value);
    }
    return words;
  }

  private static String there(String file, Map<Path, String> places) {
    String place = file.equals("-") ? STDIN : place(places, FilesRead.key(Path.of(file)));
    return ToolJob.FOLDER + "/" + place;
  }

  private ExitCode follow(DriverOrder order, boolean verbose) {
    Telling telling = asked.telling();
    try (Backend.Connection connection = parts.backend().look(asked.where(), telling)) {
      JobEnd end;
      try (Interrupts interrupts =
          Interrupts.asking(connection.verbs(), telling.service(), parts.console())) {
        end = connection.verbs().releaseInCluster(order);
      } catch (RuntimeException | Error e) {
        return new ErrorReport(parts.console(), verbose).report(e, telling, connection.progress());
      }
      ExitCode code = code(end);
      connection.progress().tell(result(end, code));
      return code;
    }
  }

  private static ExitCode code(JobEnd end) {
    return end.detached() ? ExitCode.INTERRUPTED : ExitCode.of(end.exitCode()).orElse(ExitCode.BUG);
  }

  private static Event result(JobEnd end, ExitCode code) {
    Doc fields =
        end.fields().isEmpty()
            ? Doc.of(
                "exitCode",
                code.number(),
                "outcome",
                end.detached() ? "detached" : "error",
                "revision",
                0,
                "traffic",
                "said by: rollout status")
            : end.fields().with(code.number(), "exitCode");
    return new Event(Event.RESULT, Phase.DONE, end.message(), fields);
  }
}
