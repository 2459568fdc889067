package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the README says of commands, flags and exit codes is what the program has: it stands between
 * marks, and {@code mvn test -Dtest=ReadmeTests -Dreadme=write} writes it anew.
 */
class ReadmeTests {
  private static final Path README = Path.of("README.md");
  private static final Pattern SHELL_LINE = Pattern.compile("(?m)^ *\\./rollout (.*)$");
  private static final String EVERYWHERE = "Every command that asks a cluster";

  /** A flag of so many commands is not worth their names. */
  private static final int MANY = 6;

  private static final Typed TYPED = new Typed();
  private static final CommandSpec ROOT = Shell.model(TYPED.console(), TYPED);

  @Test
  void tablesAreThoseOfTheProgram() throws IOException {
    String now = Files.readString(README);
    String right = now;
    for (Map.Entry<String, String> section : sections().entrySet()) {
      right = replaced(right, section.getKey(), section.getValue());
    }
    if ("write".equals(System.getProperty("readme"))) {
      Files.writeString(README, right);
    }
    assertThat(README).hasContent(right);
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void eachCommandLineShownIsUnderstood(String words) {
    Typed typed = new Typed();
    typed.run(words(words.startsWith("demo") ? words + " --fast" : words));
    assertThat(typed.err())
        .doesNotContain("no such", "has no value", "one word too many", "is a bug");
  }

  static List<String> commandLines() throws IOException {
    List<String> lines = new ArrayList<>();
    Matcher found = SHELL_LINE.matcher(Files.readString(README).replaceAll("\\\\\n\\s*", " "));
    while (found.find()) {
      lines.add(found.group(1).replaceFirst("\\s+#.*$", "").replaceFirst("[|>].*$", ""));
    }
    assertThat(lines).hasSizeGreaterThan(5);
    return lines;
  }

  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher found = Pattern.compile("['\"]([^'\"]*)['\"]|(\\S+)").matcher(line);
    while (found.find()) {
      words.add(found.group(1) == null ? found.group(2) : found.group(1));
    }
    return words.toArray(String[]::new);
  }

  private static Map<String, String> sections() {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("commands", commands());
    sections.put("flags", flags());
    sections.put("exit codes", exitCodes());
    return sections;
  }

  private static String replaced(String text, String section, String content) {
    String begin = "<!-- " + section + ": made by ReadmeTests -->\n";
    String end = "<!-- end -->";
    int from = text.indexOf(begin);
    assertThat(from).as("README.md has the mark %s", begin).isNotNegative();
    int to = text.indexOf(end, from);
    return text.substring(0, from + begin.length()) + content + text.substring(to);
  }

  private static Set<CommandLine> children(CommandSpec spec) {
    return new LinkedHashSet<>(spec.subcommands().values());
  }

  private static String commands() {
    StringBuilder table = new StringBuilder("| command | what it does |\n|---|---|\n");
    for (CommandLine child : children(ROOT)) {
      CommandSpec spec = child.getCommandSpec();
      String names =
          spec.names().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
      row(table, names, String.join(" ", spec.usageMessage().description()));
    }
    return table.toString();
  }

  /** Those of several commands once, under the names of all; each command's own under its name. */
  private static String flags() {
    Map<String, List<OptionSpec>> tables = new LinkedHashMap<>();
    tables.put(EVERYWHERE, new ArrayList<>());
    for (CommandLine child : children(ROOT)) {
      for (OptionSpec option : child.getCommandSpec().options()) {
        List<OptionSpec> table = tables.computeIfAbsent(title(option), key -> new ArrayList<>());
        if (table.stream().noneMatch(known -> row(known).equals(row(option)))) {
          table.add(option);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    tables.forEach((title, options) -> table(text, title, options));
    return text.toString();
  }

  /** The commands that have it, with the same meaning. */
  private static String title(OptionSpec option) {
    List<String> commands = new ArrayList<>();
    for (CommandLine child : children(ROOT)) {
      CommandSpec spec = child.getCommandSpec();
      if (spec.options().stream().anyMatch(one -> row(one).equals(row(option)))) {
        commands.add("`" + spec.qualifiedName() + "`");
      }
    }
    boolean everywhere = commands.contains("`rollout list`") && commands.size() > MANY;
    return everywhere ? EVERYWHERE : String.join(", ", commands);
  }

  private static void table(StringBuilder text, String title, List<OptionSpec> options) {
    text.append("**").append(title).append("**\n\n| flag | meaning; the default |\n|---|---|\n");
    options.forEach(option -> text.append(row(option)));
    text.append('\n');
  }

  private static String row(OptionSpec option) {
    String argument = option.arity().max() > 0 ? " " + option.paramLabel() : "";
    String flag =
        Arrays.stream(option.names())
            .map(name -> "`" + name + (name.startsWith("--") ? argument : "") + "`")
            .collect(Collectors.joining(", "));
    StringBuilder text = new StringBuilder();
    row(text, flag, String.join(" ", option.description()).replace("%%", "%"));
    return text.toString();
  }

  private static String exitCodes() {
    StringBuilder table =
        new StringBuilder("| code | meaning | where is the traffic |\n|---|---|---|\n");
    for (ExitCode code : ExitCode.values()) {
      row(table, Integer.toString(code.number()), code.meaning(), code.traffic());
    }
    return table.toString();
  }

  private static void row(StringBuilder table, String... cells) {
    for (String cell : cells) {
      table.append("| ").append(cell.replace("|", "\\|").replace("<", "&lt;")).append(' ');
    }
    table.append("|\n");
  }
}
