package rollout.cli;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rollout.demo.Demos;
import rollout.demo.Simulation;
import rollout.model.Near;
import rollout.strategy.Scenario;
import rollout.yaml.ScenarioYaml;

/** {@code rollout demo}. */
@Command(
    name = "demo",
    description = {
      "Watch a release: the same program on a cluster in memory. Nothing to install, no network."
          + " Exits as the release does."
    },
    sortOptions = false)
final class DemoCommand implements Action {
  private static final int SPEED = 10;
  private static final long SEED = 1;
  private static final String CANARY = "canary";
  private static final List<String> KINDS = List.of("bluegreen", CANARY);
  private final Parts parts;

  @Parameters(
      paramLabel = "bluegreen|canary",
      arity = "0..1",
      description = "The kind of release; bluegreen unless said.")
  @Nullable String kind;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      completionCandidates = Choices.Scenarios.class,
      description = "What happens: ${COMPLETION-CANDIDATES}; good unless said.")
  @Nullable String scenario;

  @Option(names = "--fast", description = "At once, rather than at a pace to follow.")
  boolean fast;

  @Mixin OutputOptions output = new OutputOptions();
  @Mixin HelpOption help = new HelpOption();

  DemoCommand(Parts parts) {
    this.parts = parts;
  }

  @Override
  public ExitCode run(FlagReader reader) {
    if (kind != null && !KINDS.contains(kind)) {
      reader.problem(
          "demo " + kind,
          "no such kind of release.",
          "Write: rollout demo bluegreen, or rollout demo canary");
    }
    boolean stepwise = CANARY.equals(kind);
    String name = scenario == null ? Demos.NAMES.getFirst() : scenario;
    if (!Demos.NAMES.contains(name)) {
      String near = Near.to(name, Demos.NAMES).map(one -> "Did you mean " + one + "? ").orElse("");
      reader.problem(
          "--scenario " + name,
          "no such scenario.",
          near + "There are: " + String.join(", ", Demos.NAMES));
    }
    Telling telling = output.telling(parts.console(), reader, "shop", Simulation.namespace());
    reader.done();
    Scenario played = ScenarioYaml.read(name + ".yaml", Demos.open(name));
    introduce(
        telling.json() ? parts.console().err() : parts.console().out(), name, stepwise, played);
    return new SimulatedVerb(parts, telling, output.verbose)
        .run(stepwise ? Demos.canary(name) : Demos.strategy(name), played, SEED, fast ? 0 : SPEED);
  }

  private void introduce(PrintWriter out, String name, boolean stepwise, Scenario played) {
    out.println(
        "A cluster in memory: Service shop, "
            + played.shop().replicas()
            + " pods of shop:1.0, "
            + played.shop().requestsPerSecond()
            + " requests a second. What happens: "
            + played.says()
            + "."
            + (fast ? "" : " Time runs " + SPEED + " times faster."));
    out.println("$ " + (stepwise ? Demos.CANARY_COMMAND : Demos.command(name)));
    out.flush();
  }
}
