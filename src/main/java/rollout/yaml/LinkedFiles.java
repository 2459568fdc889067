package rollout.yaml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.ManifestDoc;
import rollout.model.Problem;
import rollout.model.UserError;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;

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

  /** The candidate: images, a Deployment, or manifests. */
  Optional<Candidate> candidate(Fields block) {
    Optional<Candidate> image = block.images("image").map(Candidate.Image::new);
    Optional<Candidate> existing = block.text("deployment").map(Candidate.Existing::new);
    return image.or(() -> existing).or(() -> manifests(block));
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
    @Nullable Path path = resolve(file);
    if (path == null) {
      findings.add(at, "'" + Seen.cut(file) + "' is no file name here.", "Check the path.");
      return Optional.empty();
    }
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

  private @Nullable Path resolve(String file) {
    try {
      return strategy.resolveSibling(file);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
