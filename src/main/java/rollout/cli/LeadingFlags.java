package rollout.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags that every command has may also be written in front of it, as with kubectl: {@code rollout
 * -n web status shop}.
 */
final class LeadingFlags {
  private LeadingFlags() {}

  /** The words with such flags put behind the command; as they are where that cannot be done. */
  static List<String> behind(List<String> words, Set<String> commands) {
    CommandSpec common =
        CommandSpec.create()
            .addMixin("connection", CommandSpec.forAnnotatedObject(new ConnectionOptions()))
            .addMixin("output", CommandSpec.forAnnotatedObject(new OutputOptions()));
    int at = 0;
    while (at < words.size() && words.get(at).startsWith("-")) {
      OptionSpec option = option(common, words.get(at));
      if (option == null) {
        return words;
      }
      boolean valueFollows = option.arity().min() > 0 && isName(option, words.get(at));
      at += valueFollows ? 2 : 1;
    }
    if (at >= words.size() || !commands.contains(words.get(at))) {
      return words;
    }
    List<String> ordered = new ArrayList<>();
    ordered.add(words.get(at));
    ordered.addAll(words.subList(at + 1, words.size()));
    ordered.addAll(words.subList(0, at));
    return ordered;
  }

  /** The flag that a word is, or begins with: {@code -n}, {@code -nweb}, {@code --output=json}. */
  private static @Nullable OptionSpec option(CommandSpec common, String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    OptionSpec whole = common.findOption(name);
    boolean cluster = whole == null && !word.startsWith("--") && word.length() > 2;
    return cluster ? common.findOption(word.substring(0, 2)) : whole;
  }

  private static boolean isName(OptionSpec option, String word) {
    return List.of(option.names()).contains(word);
  }
}
