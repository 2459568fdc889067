package rollout.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rollout.demo.Simulation;
import rollout.strategy.Scenario;
import rollout.strategy.Strategy;

/** {@code rollout simulate}. */
@Command(
    name = "simulate",
    description = {
      "Try a strategy file on a cluster in memory, in virtual time: the same program, whatever the"
          + " scenario does to it. Exits as the release does; one seed gives one story."
    },
    sortOptions = false)
final class SimulateCommand implements Action {
  private final Parts parts;

  @Option(
      names = {"-s", "--strategy"},
      paramLabel = "FILE",
      description = "Strategy file.")
  @Nullable String strategy;

  @Option(
      names = "--scenario",
      paramLabel = "FILE",
      description = "Scenario file: how the versions behave, and what happens.")
  @Nullable String scenario;

  @Option(names = "--seed", paramLabel = "N", description = "What chance does; 1 unless said.")
  @Nullable String seed;

  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  SimulateCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    InputFiles files = new InputFiles(parts.console().in(), reader);
    if (strategy == null) {
      reader.problem("which strategy?", "Give one: --strategy FILE");
    }
    if (scenario == null) {
      reader.problem("which scenario?", "Give one: --scenario FILE; or see: rollout demo --help");
    }
    Optional<Strategy> asked = files.strategy(strategy);
    asked
        .filter(one -> one.candidate().isEmpty())
        .ifPresent(
            one ->
                reader.problem(
                    String.valueOf(strategy),
                    "names no candidate.",
                    "Add for example 'candidate: {image: {shop: \"registry.example/shop:2.0\"}}'"));
    Optional<Scenario> played = files.scenario(scenario);
    long number = seed(reader);
    String service = asked.map(Strategy::service).orElse("");
    Telling telling = output.telling(parts.console(), reader, service, Simulation.namespace());
    reader.done();
    return new SimulatedVerb(parts, telling, output.verbose)
        .run(asked.orElseThrow().in(Simulation.namespace()), played.orElseThrow(), number, 0);
  }

  private long seed(FlagReader reader) {
    if (seed == null) {
      return 1;
    }
    try {
      return Long.parseLong(seed);
    } catch (NumberFormatException e) {
      reader.problem("--seed " + seed, "this is no whole number.", "Write for example --seed 7");
      return 1;
    }
  }
}
