package rollout.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which form, and how much. */
final class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      completionCandidates = Choices.Output.class,
      description = "json: one object a line on stdout, and nothing else there.")
  @Nullable String output;

  @Option(names = "--no-color", description = "No colours; NO_COLOR does the same.")
  boolean noColor;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say more about an error.")
  boolean verbose;

  /** Whether JSON is wanted. */
  boolean json(FlagReader reader) {
    if (output == null || output.equals("text")) {
      return false;
    }
    if (!output.equals("json")) {
      reader.problem("--output " + output, "no such form.", "Write text or json");
    }
    return true;
  }

  /** How to tell, about this target. */
  Telling telling(Console console, FlagReader reader, String service, String namespace) {
    return Telling.here(service, namespace, json(reader), colour(console));
  }

  private boolean colour(Console console) {
    String no = console.environment().getOrDefault("NO_COLOR", "");
    return console.terminal() && !noColor && no.isEmpty();
  }

  /** How to tell about words that could not be read. */
  static Telling guess(List<String> words) {
    boolean json = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      json |= word.equals("-ojson") || word.equals("-o=json") || word.equals("--output=json");
      boolean flag = word.equals("-o") || word.equals("--output");
      json |= flag && i + 1 < words.size() && words.get(i + 1).equals("json");
    }
    return Telling.here(service(words), "", json, false);
  }

  // The first word after the command and before any flag, where it can be a Service at all.
  private static String service(List<String> words) {
    int at = !words.isEmpty() && words.getFirst().equals("plan") ? 2 : 1;
    boolean there =
        at < words.size() && words.get(at).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    return there ? words.get(at) : "";
  }

  /** Whether the words ask for stack traces. */
  static boolean verbose(List<String> words) {
    return words.contains("-v") || words.contains("--verbose");
  }
}
