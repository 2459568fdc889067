package rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import rollout.sim.Call;
import rollout.simulated.Crashes;
import rollout.simulated.Crashes.Kill;
import rollout.simulated.Crashes.Story;
import rollout.simulated.Crashes.Then;

/**
 * Every call of every story is the last of its program once, before it is sent, after it was done,
 * and with its answer lost; then somebody goes on. {@code -Dcrashes=all} plays each of them with
 * everybody who may go on, {@code -Dcrash=STORY/CALL/KILL/THEN} one.
 */
class CrashTests {
  private static final boolean ALL = System.getProperty("crashes", "").equals("all");

  @Test
  void whereverItIsKilledSomebodyBringsItToItsEnd() {
    List<Crashes> wanted = new ArrayList<>();
    for (Story story : Story.values()) {
      wanted.addAll(of(story));
    }
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    wanted.parallelStream().forEach(one -> play(one, failed));
    System.out.println(wanted.size() + " crashes");
    assertThat(failed.stream().sorted().limit(20).toList())
        .as(failed.size() + " of " + wanted.size() + " ended wrong")
        .isEmpty();
  }

  private static List<Crashes> of(Story story) {
    List<Crashes> all = new ArrayList<>();
    int turn = 0;
    for (Call call : Crashes.calls(story)) {
      for (Kill kill : Kill.values()) {
        boolean counts = call.write() || (ALL && kill == Kill.BEFORE);
        if (!counts) {
          // The world is the same after a read as before it.
          continue;
        }
        List<Then> then = Arrays.asList(Then.values());
        if (kill == Kill.ANSWER_LOST || kill == Kill.FROZEN) {
          then = List.of(Then.RESUME);
        } else if (!ALL) {
          then = List.of(then.get(turn++ % then.size()));
        }
        then.forEach(who -> all.add(new Crashes(story, call.number(), kill, who)));
      }
    }
    return all;
  }

  private static void play(Crashes one, Queue<String> failed) {
    try {
      one.run();
    } catch (AssertionError | RuntimeException e) {
      failed.add(one + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "crash", matches = ".+")
  void oneOfThem() {
    Crashes.of(System.getProperty("crash")).run();
  }
}
