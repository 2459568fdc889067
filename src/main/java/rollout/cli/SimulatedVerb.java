package rollout.cli;

import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import rollout.core.Outcome;
import rollout.demo.Simulation;
import rollout.port.Progress;
import rollout.strategy.Scenario;
import rollout.strategy.Strategy;

/** A release on a cluster in memory, told like any other. */
record SimulatedVerb(Parts parts, Telling telling, boolean verbose) {
  private static final long NANOS_OF_A_MILLI = 1_000_000;

  /**
   * Plays it.
   *
   * @param speed how many times faster than a clock; 0: as fast as can be
   */
  ExitCode run(Strategy strategy, Scenario scenario, long seed, int speed) {
    Console console = parts.console();
    boolean json = telling.json();
    DemoView view = new DemoView(json ? console.err() : console.out(), console.terminal() && !json);
    Function<InstantSource, Progress> progress =
        clock -> view.above(parts.backend().progress(telling, clock));
    try {
      Simulation simulation = new Simulation(strategy, scenario, seed, progress, view);
      if (speed > 0) {
        simulation.pace(millis -> LockSupport.parkNanos(millis * NANOS_OF_A_MILLI / speed));
      }
      Outcome outcome = simulation.run();
      ExitCode exit = ExitCode.of(outcome.result());
      view.end();
      simulation.progress().tell(DrivenVerb.result(outcome, exit, simulation.took()));
      return exit;
    } catch (RuntimeException e) {
      return new ErrorReport(console, verbose)
          .report(e, telling, parts.backend().progress(telling));
    }
  }
}
