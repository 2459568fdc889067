package rollout.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The commands in the examples, as a shell would hand them to the program. */
final class Scripts {
  private static final Pattern JENKINS_STEP =
      Pattern.compile("\\bsh\\b[^'\\n]*?(?:'''(.*?)'''|'([^'\\n]*)')", Pattern.DOTALL);
  private static final Pattern IN_COMMENT = Pattern.compile("(?m)^# {3}(rollout .*)$");
  private static final Pattern BEFORE = Pattern.compile("^(?:(?:if|then|else|do|exec|!) +)+");
  private static final String IMAGE = "registry.example/rollout:";

  private Scripts() {}

  /** The documents of a YAML file, by none of the program's own code. */
  static List<Object> documents(Path file) {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().setLabel(file.toString()).build())
        .loadAllFromString(text(file))
        .forEach(documents::add);
    return documents;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every rollout command of an example in its order, each as words. */
  static List<List<String>> commands(Path file, Map<String, String> variables) {
    List<List<String>> commands = new ArrayList<>();
    String name = file.getFileName().toString();
    if (name.endsWith(".yaml")) {
      documents(file).forEach(document -> walk(document, variables, commands));
      IN_COMMENT
          .matcher(text(file))
          .results()
          .forEach(found -> shell(found.group(1), variables, commands));
    } else if (name.equals("Jenkinsfile")) {
      Matcher step = JENKINS_STEP.matcher(text(file));
      while (step.find()) {
        String script = step.group(1) == null ? step.group(2) : step.group(1);
        shell(script.replace("\\\n", " "), variables, commands);
      }
    } else {
      shell(text(file), variables, commands);
    }
    return commands;
  }

  private static void walk(Object node, Map<String, String> variables, List<List<String>> found) {
    if (node instanceof List<?> list) {
      list.forEach(item -> walk(item, variables, found));
    } else if (node instanceof Map<?, ?> map) {
      boolean ours = String.valueOf(map.get("image")).startsWith(IMAGE);
      if (ours && map.get("args") instanceof List<?> args) {
        found.add(args.stream().map(arg -> filled(String.valueOf(arg), variables)).toList());
      }
      map.forEach(
          (key, value) -> {
            if (key.equals("run") || key.equals("script")) {
              List<?> scripts = value instanceof List<?> list ? list : List.of(value);
              scripts.forEach(script -> shell(String.valueOf(script), variables, found));
            } else {
              walk(value, variables, found);
            }
          });
    }
  }

  private static String filled(String text, Map<String, String> variables) {
    String filled = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      filled = filled.replace(variable.getKey(), variable.getValue());
    }
    return filled;
  }

  private static void shell(
      String script, Map<String, String> variables, List<List<String>> found) {
    String lines = filled(script, variables).replace("\\\n", " ").replaceAll("(?m)^\\s*#.*$", "");
    for (String part : lines.split("\\n|&&|\\|\\||;|\\|")) {
      String command = BEFORE.matcher(part.strip()).replaceFirst("");
      if (command.startsWith("rollout ")) {
        List<String> words = words(command);
        found.add(words.subList(1, words.size()));
      }
    }
  }

  /** Up to a redirection, without quotes. */
  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher found = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+").matcher(command);
    while (found.find() && !found.group().matches("[<>].*|[0-9]>.*")) {
      words.add(found.group().replaceAll("[\"']", ""));
    }
    return words;
  }
}
