package rollout.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rollout.document.Doc;
import rollout.model.Near;
import rollout.model.UserError;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What kubeconfig files say together: of what several say, the first one's word counts. */
final class KubeConfig {
  private static final int LARGEST_FILE_BYTES = 16 << 20;
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private final String place;
  private final String currentContext;
  private final Map<String, Entry> contexts;
  private final Map<String, Entry> clusters;
  private final Map<String, Entry> users;

  /**
   * A cluster, user or context.
   *
   * @param folder what its relative paths are relative to
   */
  record Entry(String name, Doc value, Path folder) {
    /** The path at a member, resolved. */
    Optional<Path> file(String member) {
      return value.text(member).filter(text -> !text.isEmpty()).map(folder::resolve);
    }

    /** The text at a member, when it isn't empty. */
    Optional<String> text(String member) {
      return value.text(member).filter(text -> !text.isEmpty());
    }
  }

  private KubeConfig(List<Path> files, List<Doc> contents) {
    place = String.join(", ", files.stream().map(Path::toString).toList());
    currentContext =
        contents.stream()
            .map(content -> content.textOrEmpty("current-context"))
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
    contexts = entries(files, contents, "contexts", "context");
    clusters = entries(files, contents, "clusters", "cluster");
    users = entries(files, contents, "users", "user");
  }

  private static Map<String, Entry> entries(
      List<Path> files, List<Doc> contents, String list, String member) {
    Map<String, Entry> found = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      Path parent = files.get(i).toAbsolutePath().getParent();
      Path folder = parent == null ? Path.of("/") : parent;
      for (Doc item : contents.get(i).docs(list)) {
        String name = item.textOrEmpty("name");
        found.putIfAbsent(name, new Entry(name, item.doc(member), folder));
      }
    }
    return found;
  }

  /**
   * Reads the files.
   *
   * @throws UserError when one cannot be read
   */
  static KubeConfig read(List<Path> files) {
    List<Doc> contents = new ArrayList<>();
    files.forEach(file -> contents.add(content(file)));
    return new KubeConfig(files, contents);
  }

  private static Doc content(Path file) {
    String place = file.toString();
    try {
      if (Files.isDirectory(file)) {
        throw UserError.of(place, "is a directory.", "A kubeconfig file is needed.");
      }
      if (!Files.exists(file)) {
        throw UserError.of(place, "is not there.", "Name a kubeconfig file that exists.");
      }
      if (Files.size(file) > LARGEST_FILE_BYTES) {
        throw UserError.of(place, "is too large for a kubeconfig file.", "");
      }
      String text = Files.readString(file);
      return text.isBlank() ? Doc.EMPTY : Doc.of(parsed(text));
    } catch (JacksonException e) {
      throw notAKubeconfig(place, e.getLocation());
    } catch (IOException e) {
      throw UserError.of(place, "cannot be read.", "Look at its permissions and its encoding.");
    }
  }

  private static Map<String, @Nullable Object> parsed(String text) {
    return YAMLMapper.builder().build().readValue(text, OBJECT);
  }

  // The parser's own message quotes the file, and with it perhaps a password.
  private static UserError notAKubeconfig(String place, @Nullable TokenStreamLocation where) {
    boolean isKnown = where != null && where.getLineNr() > 0;
    String line = where != null && isKnown ? ":" + where.getLineNr() : "";
    return UserError.of(place + line, "is not a kubeconfig file: its YAML is invalid.", "");
  }

  /** Whether no cluster is in it. */
  boolean isEmpty() {
    return clusters.isEmpty();
  }

  /** The files, for messages. */
  String place() {
    return place;
  }

  /**
   * The context of a name, or the current one.
   *
   * @throws UserError when it isn't there
   */
  Entry context(Optional<String> wanted) {
    String name = wanted.orElse(currentContext);
    if (name.isEmpty()) {
      throw UserError.of(
          place, "names no current context.", "Choose one by --context: " + names(contexts));
    }
    Entry context = contexts.get(name);
    if (context == null) {
      String near = Near.hint(name, contexts.keySet(), "There are: " + names(contexts));
      throw UserError.of(place, "has no context " + name + ".", near);
    }
    return context;
  }

  private static String names(Map<String, Entry> entries) {
    return entries.isEmpty() ? "(none)" : String.join(", ", entries.keySet());
  }

  /** The cluster of a context. */
  Entry cluster(Entry context) {
    return referred(context, "cluster", clusters);
  }

  /** The user of a context; one without anything when the context names none. */
  Entry user(Entry context) {
    return context.text("user").isEmpty()
        ? new Entry("", Doc.EMPTY, context.folder())
        : referred(context, "user", users);
  }

  private Entry referred(Entry context, String member, Map<String, Entry> entries) {
    String name = context.value().textOrEmpty(member);
    Entry entry = entries.get(name);
    if (entry == null) {
      throw UserError.of(
          place,
          "has no " + member + " " + name + ", which context " + context.name() + " names.",
          "There are: " + names(entries));
    }
    return entry;
  }
}
