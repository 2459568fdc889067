package rollout.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rollout.model.Check;
import rollout.model.ManifestDoc;
import rollout.model.UserError;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.PrometheusSource;
import rollout.strategy.RouteFile;
import rollout.strategy.Scenario;
import rollout.strategy.Strategy;
import rollout.yaml.CheckExpressions;
import rollout.yaml.JobManifest;
import rollout.yaml.Manifests;
import rollout.yaml.RouteManifest;
import rollout.yaml.ScenarioYaml;
import rollout.yaml.StrategyYaml;

/** The files and expressions that flags give. What is wrong with them is in the reader. */
final class InputFiles {
  private static final String STDIN = "-";
  private final InputStream stdin;
  private final FlagReader reader;

  InputFiles(InputStream stdin, FlagReader reader) {
    this.stdin = stdin;
    this.reader = reader;
  }

  /** The strategy file. */
  Optional<Strategy> strategy(@Nullable String file) {
    return path("--strategy", file).flatMap(path -> reader.read(() -> StrategyYaml.read(path)));
  }

  /** The scenario file. */
  Optional<Scenario> scenario(@Nullable String file) {
    return path("--scenario", file).flatMap(path -> reader.read(() -> ScenarioYaml.read(path)));
  }

  /** A Job manifest. */
  Optional<JobFile> job(String flag, @Nullable String file) {
    return path(flag, file).flatMap(path -> reader.read(() -> JobManifest.read(path)));
  }

  /** The manifest of a route. */
  Optional<RouteFile> route(@Nullable String file) {
    return path("--route", file).flatMap(path -> reader.read(() -> RouteManifest.read(path)));
  }

  private Optional<Path> path(String flag, @Nullable String file) {
    if (file == null) {
      return Optional.empty();
    }
    if (file.equals(STDIN)) {
      reader.problem(flag + " -", "only -f reads stdin.", "Give a file");
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(file));
    } catch (InvalidPathException e) {
      reader.problem(flag, "this is no file name.", "Give a file");
      return Optional.empty();
    }
  }

  /** The documents of all files, in order. */
  Optional<Candidate> manifests(List<String> files) {
    if (Collections.frequency(files, STDIN) > 1) {
      reader.problem("-f -", "stdin can be read only once.", "Give -f - once");
      return Optional.empty();
    }
    List<ManifestDoc> documents = new ArrayList<>();
    for (String file : files) {
      if (file.equals(STDIN)) {
        reader.read(this::fromStdin).ifPresent(documents::addAll);
      } else {
        path("-f", file)
            .flatMap(path -> reader.read(() -> Manifests.read(path)))
            .ifPresent(documents::addAll);
      }
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(new Candidate.Manifests(documents));
  }

  private List<ManifestDoc> fromStdin() {
    try {
      return Manifests.read("stdin", stdin);
    } catch (IOException e) {
      throw UserError.of("-f -", "stdin can't be read: " + e.getMessage() + ".", "");
    }
  }

  /** The checks as flags say them. */
  List<Check> checks(List<String> expressions) {
    return reader.read(() -> CheckExpressions.parseAll(expressions)).orElse(List.of());
  }

  /** The Prometheus of the environment. */
  static Optional<String> prometheusOf(Console console, FlagReader reader) {
    return Optional.ofNullable(console.environment().get(ReleaseOptions.PROMETHEUS_VARIABLE))
        .filter(url -> !url.isBlank())
        .map(url -> reader.prometheus(ReleaseOptions.PROMETHEUS_VARIABLE, url));
  }

  /** The Prometheus to ask: the flag's, else the file's, else the environment's. */
  static Optional<PrometheusSource> source(
      Optional<String> flag, Optional<PrometheusSource> file, Optional<String> environment) {
    Duration timeout = file.map(PrometheusSource::timeout).orElse(PrometheusSource.TIMEOUT);
    Function<String, PrometheusSource> source = url -> new PrometheusSource(url, timeout);
    return flag.map(source).or(() -> file).or(() -> environment.map(source));
  }
}
