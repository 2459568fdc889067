package rollout.cli;

import picocli.CommandLine.Option;

/** {@code --help}, everywhere. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;
}
