package rollout.yaml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.ManifestDoc;
import rollout.model.Problem;
import rollout.model.UserError;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.RouteFile;

/** The files that a strategy file names, looked for from its folder. */
final class LinkedFiles {
  private final Path strategy;
  private final Findings findings;

  LinkedFiles(Path strategy, Findings findings) {
    this.strategy = strategy;
    this.findings = findings;
  }

  /** The Job of a mapping with {@code file}. */
  Optional<JobFile> job(Fields block) {
    return block.text("file").flatMap(file -> read(file, block.at("file"), JobManifest::read));
  }

  /** The route of a mapping with {@code file}. */
  Optional<RouteFile> route(Fields block) {
    return block.text("file").flatMap(file -> read(file, block.at("file"), RouteManifest::read));
  }

  /** The candidate: images, a Deployment, or manifests. */
  Optional<Candidate> candidate(Fields block) {
    Optional<Candidate> image = block.images("image").map(Candidate.Image::new);
    Optional<Candidate> existing = block.text("deployment").map(Candidate.Existing::new);
    return image.or(() -> existing).or(() -> manifests(block));
  }

  /** The path of a file that is not read here: it may have a secret in it. */
  Optional<String> path(Fields block, String key) {
    Optional<Path> path = block.text(key).flatMap(file -> resolve(file, block.at(key)));
    return path.map(Path::toString);
  }

  private Optional<Candidate> manifests(Fields block) {
    if (!block.has("files")) {
      return Optional.empty();
    }
    List<ManifestDoc> documents = new ArrayList<>();
    for (Fields.Item item : block.list("files")) {
      read((String) item.value(), item.node(), Manifests::read).ifPresent(documents::addAll);
    }
    return Optional.of(new Candidate.Manifests(documents));
  }

  private <T> Optional<T> read(String file, Node at, Function<Path, T> reader) {
    return resolve(file, at).flatMap(path -> read(path, at, reader));
  }

  private <T> Optional<T> read(Path path, Node at, Function<Path, T> reader) {
    try {
      return Optional.of(reader.apply(path));
    } catch (UserError e) {
      for (Problem problem : e.problems()) {
        if (path.toString().equals(problem.place())) {
          findings.add(at, path + ": " + problem.wrong(), problem.right());
        } else {
          findings.add(at, problem);
        }
      }
      return Optional.empty();
    }
  }

  private Optional<Path> resolve(String file, Node at) {
    try {
      return Optional.of(strategy.resolveSibling(file));
    } catch (InvalidPathException e) {
      findings.add(at, "'" + Seen.cut(file) + "' is no file name here.", "Check the path.");
      return Optional.empty();
    }
  }
}
