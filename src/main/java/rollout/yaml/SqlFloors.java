package rollout.yaml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;
import rollout.model.Problem;
import rollout.model.Schema;

/** What migration files say of themselves: {@code -- rollout: contract floor=42}. */
final class SqlFloors {
  /** Files that a pattern may look through; a home folder by mistake is no migration folder. */
  private static final int MOST_FILES = 20_000;

  private static final Pattern CONTRACT =
      Pattern.compile("\\s*--\\s*rollout:\\s*contract\\b\\s*(?:floor\\s*=\\s*(\\S*))?.*");

  private final Path folder;
  private final Findings findings;

  /**
   * @param strategy the file that the patterns stand in: they begin in its folder
   */
  SqlFloors(Path strategy, Findings findings) {
    Path parent = strategy.toAbsolutePath().normalize().getParent();
    this.folder = parent == null ? Path.of("/") : parent;
    this.findings = findings;
  }

  /** The greatest floor that any of the files declares; 0: none does. */
  long floor(List<Fields.Item> patterns) {
    long floor = 0;
    for (Fields.Item pattern : patterns) {
      List<Path> files = files((String) pattern.value(), pattern.node());
      if (files.isEmpty()) {
        findings.add(
            pattern.node(),
            "no file matches '" + Seen.cut((String) pattern.value()) + "'.",
            "Patterns begin in the folder of this file: 'db/migration/*.sql'.");
      }
      for (Path file : files) {
        floor = Math.max(floor, floor(file, pattern.node()));
      }
    }
    return floor;
  }

  /** The names of all files that are meant. */
  List<String> names(List<Fields.Item> patterns) {
    List<Path> files =
        patterns.stream()
            .flatMap(pattern -> files((String) pattern.value(), pattern.node()).stream())
            .toList();
    files.forEach(file -> FilesRead.file(file, ""));
    return files.stream().map(file -> file.getFileName().toString()).distinct().toList();
  }

  private List<Path> files(String pattern, Node at) {
    // Only what follows is a pattern: the folders that lead there may have any name.
    List<String> parts = List.of(pattern.split("/"));
    Path start = folder;
    int named = 0;
    while (named < parts.size() - 1 && Files.isDirectory(start.resolve(parts.get(named)))) {
      start = start.resolve(named == 0 && pattern.startsWith("/") ? "/" : parts.get(named));
      named++;
    }
    Path from = start.normalize();
    String rest = String.join("/", parts.subList(named, parts.size()));
    try (Stream<Path> all = Files.walk(from, FileVisitOption.FOLLOW_LINKS).limit(MOST_FILES)) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
      return all.filter(file -> matcher.matches(from.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException | java.io.UncheckedIOException | IllegalArgumentException e) {
      findings.add(
          at, "'" + Seen.cut(pattern) + "' cannot be looked through.", "Check the pattern.");
      return List.of();
    }
  }

  private long floor(Path file, Node at) {
    long floor = 0;
    List<String> lines;
    try {
      lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      findings.add(at, file + " cannot be read.", "Check its permissions.");
      return 0;
    }
    FilesRead.file(
        file,
        lines.stream()
            .filter(line -> CONTRACT.matcher(line).matches())
            .collect(Collectors.joining("\n")));
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = CONTRACT.matcher(lines.get(i));
      if (!line.matches()) {
        continue;
      }
      String said = line.group(1) == null ? "" : line.group(1);
      if (Schema.isNumber(said)) {
        floor = Math.max(floor, Long.parseLong(said));
      } else {
        findings.add(
            at,
            new Problem(
                file + ":" + (i + 1) + ":" + (lines.get(i).indexOf("--") + 1),
                "a contract "
                    + (said.isEmpty()
                        ? "without a floor."
                        : "whose floor '" + Seen.cut(said) + "' is no number."),
                "Write '-- rollout: contract floor=42': versions built with less cannot run"
                    + " after it."));
      }
    }
    return floor;
  }
}
