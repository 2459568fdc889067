package rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import rollout.core.Cause;
import rollout.sim.MetricsState;
import rollout.simulated.Chance;
import rollout.simulated.Reached;
import rollout.simulated.Seeds;

/**
 * Releases that chance makes, in a world in memory: strategies, versions, faults and people. {@code
 * -Dseeds=N} runs N of them, {@code -Dseed=N} one and tells its story.
 */
class SimulationTests {
  /** Many times what it takes to reach everything that must be reached. */
  private static final long USUAL = 5000;

  private static final long SEEDS = Long.getLong("seeds", USUAL);

  private static final Set<String> STEPS =
      Set.of(
          "claim",
          "create",
          "migrate",
          "pause",
          "pin",
          "prove",
          "remove-fresh",
          "self-test",
          "undo",
          "raise-floor",
          "start",
          "preview",
          "smoke",
          "verify",
          "hold",
          "shift-25",
          "watch-25",
          "gate",
          "attach",
          "shift-100",
          "unweigh",
          "detach",
          "remove-service",
          "switch",
          "retarget",
          "bake",
          "begin-settle",
          "settle",
          "switch-to-stable",
          "retarget-back",
          "drain",
          "remove-candidate",
          "lower-floor",
          "retire",
          "preview-back",
          "free",
          "traffic-back",
          "await-migration",
          "save-evidence",
          "restore");

  private static final Set<String> ENDS =
      Set.of(
          "DONE",
          "RETURNED",
          "ACCEPTED",
          "ROLLED_BACK",
          "ROLLED_BACK_PARTLY",
          "LOST",
          "NOT_SETTLED",
          "RefusedError",
          "crash");

  @Test
  void whateverHappensTheShopIsServedAndInTheEndAllIsAsItShouldBe() {
    Reached reached = new Reached();
    if (Long.getLong("seed") != null) {
      run(Seeds.one(), reached);
      return;
    }
    LongStream.rangeClosed(1, SEEDS).parallel().forEach(seed -> run(seed, reached));
    System.out.println(reached);
    // Nobody interrupts here; that has its own scenarios.
    Set<String> causes = new TreeSet<>(Arrays.stream(Cause.values()).map(Cause::word).toList());
    causes.removeAll(Set.of("interrupt", "refused"));
    if (SEEDS < USUAL) {
      return;
    }
    assertThat(reached.missing(STEPS, ENDS, causes, faults()))
        .as("never reached\n" + reached)
        .isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(named = "seed", matches = ".+")
  void storyOfOneSeed() {
    Chance chance = new Chance(Seeds.one());
    try {
      chance.run();
    } finally {
      System.out.println(chance.story());
      chance.tell(System.out::println);
    }
  }

  private static Set<String> faults() {
    Set<String> all =
        new TreeSet<>(
            Set.of(
                "Busy",
                "Unknown",
                "Conflict",
                "LoseAnswer",
                "Delay",
                "CrashBefore",
                "CrashAfter",
                "late watches",
                "watches end",
                "watches stall",
                "late controllers",
                "new leader",
                "somebody applies D",
                "somebody selects",
                "somebody scales D",
                "autoscaler",
                "somebody writes the scaler back",
                "somebody lowers the floor",
                "somebody deletes the scaler",
                "somebody writes a Secret",
                "somebody deletes a Secret",
                "somebody takes the right on Secrets away"));
    Arrays.stream(MetricsState.values()).forEach(state -> all.add("Prometheus " + state));
    return all;
  }

  private static void run(long seed, Reached reached) {
    Chance chance = new Chance(seed);
    try {
      reached.count(chance.run());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          String.join(", ", chance.story())
              + "\n"
              + e
              + "\n  again: "
              + Seeds.replay("SimulationTests", seed),
          e);
    }
  }
}
