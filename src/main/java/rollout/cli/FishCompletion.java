package rollout.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A completion script for fish, from the command model. */
final class FishCompletion {
  private final StringBuilder script =
      new StringBuilder("# Completions of rollout for fish.\ncomplete -c rollout -f\n");

  private FishCompletion() {}

  static String of(CommandSpec root) {
    FishCompletion completion = new FishCompletion();
    completion.command(root, List.of());
    return completion.script.toString();
  }

  private void command(CommandSpec spec, List<String> path) {
    Set<CommandLine> children = new LinkedHashSet<>(spec.subcommands().values());
    String here = condition(path, spec);
    for (CommandLine child : children) {
      for (String name : child.getCommandSpec().names()) {
        line(here + " -a " + name + describe(child.getCommandSpec().usageMessage().description()));
      }
    }
    for (OptionSpec option : spec.options()) {
      option(here, option);
    }
    for (CommandLine child : children) {
      List<String> below = new ArrayList<>(path);
      below.add(String.join(" ", child.getCommandSpec().names()));
      command(child.getCommandSpec(), below);
    }
  }

  private static String condition(List<String> path, CommandSpec spec) {
    List<String> terms = new ArrayList<>();
    for (String names : path) {
      terms.add("__fish_seen_subcommand_from " + names);
    }
    String children = String.join(" ", spec.subcommands().keySet());
    if (path.isEmpty()) {
      terms.add("__fish_use_subcommand");
    } else if (!children.isEmpty()) {
      terms.add("not __fish_seen_subcommand_from " + children);
    }
    return "-n '" + String.join("; and ", terms) + "'";
  }

  private void option(String here, OptionSpec option) {
    StringBuilder text = new StringBuilder(here);
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      text.append(argument(option.paramLabel()));
    }
    line(text + describe(option.description()));
  }

  // A label such as copy|swap lists the values; FILE wants a file; any other a word.
  private static String argument(String label) {
    if (label.contains("|")) {
      return " -x -a '" + label.replace('|', ' ') + "'";
    }
    return label.equals("FILE") ? " -r -F" : " -x";
  }

  private static String describe(String... description) {
    String first = String.join(" ", description).replace("%%", "%");
    return " -d '" + first.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private void line(String text) {
    script.append("complete -c rollout ").append(text).append('\n');
  }
}
