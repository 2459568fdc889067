package rollout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import rollout.core.Outcome;
import rollout.run.Rollouts.Driving;
import sun.misc.Signal;

class InterruptsTests {
  private final Typed typed = new Typed();

  @Test
  void theFirstSignalAsksTheVerbToStopAndItsOutcomeIsTheExitCode() {
    CountDownLatch interrupted = new CountDownLatch(1);
    typed.verbs.onInterrupt = interrupted::countDown;
    typed.verbs.outcome =
        () -> {
          Signal.raise(new Signal("TERM"));
          await(interrupted);
          return RecordedVerbs.ended(Outcome.Result.ROLLED_BACK);
        };

    assertThat(typed.run("bluegreen", "shop", "--to", "b")).isEqualTo(4);
    assertThat(typed.verbs.asked)
        .containsSubsequence(new Driving(false, false), List.of("interrupt", true));
    assertThat(typed.halted).isEmpty();
    assertThat(typed.err()).contains("Told to end: traffic goes back first. Once more");
  }

  @Test
  void theSecondSignalEndsAtOnceAndSaysHowToFinish() {
    CountDownLatch halted = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    typed.onHalt = halted::countDown;
    typed.verbs.onInterrupt = interrupted::countDown;
    typed.verbs.outcome =
        () -> {
          // Not Ctrl-C: where the build runs in a shell's background, the virtual machine ignores
          // it.
          Signal.raise(new Signal("TERM"));
          await(interrupted);
          Signal.raise(new Signal("TERM"));
          await(halted);
          return RecordedVerbs.ended(Outcome.Result.DONE);
        };

    typed.run("bluegreen", "shop", "--to", "b");

    assertThat(typed.halted).containsExactly(143);
    assertThat(typed.err()).contains("rollout rollback shop");
    assertThat(typed.err().lines().toList().getLast()).isEqualTo("To go on: rollout resume shop");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
