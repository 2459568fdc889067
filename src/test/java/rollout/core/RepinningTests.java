package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.RolloutState.Course;
import rollout.model.Service;
import rollout.plan.Step;

/** A selector that somebody writes back, how often it is put right, and who does it. */
class RepinningTests {
  private static RolloutState repinned(int times) {
    RolloutState state = Seen.in(Seen.copy(), Step.Verify.class);
    return state
        .noting("repinned", String.valueOf(times))
        .counting(state.tallies().noting("drift-" + times));
  }

  private static Decision again(RolloutState state) {
    Seen seen = Seen.at(state);
    seen.shop(seen.stamped(Seen.ORIGINAL, "pinned"));
    return Repinning.again(seen.sight(), seen.shop("shop"), Seen.SHOP, "so");
  }

  @Test
  void threeTimesItIsPinnedAgainAndThenTheReleaseGoesBack() {
    assertThat(again(repinned(2))).isInstanceOf(Act.class);
    assertThat(((Advance) again(repinned(3))).next().course()).isEqualTo(Course.BACK);
  }

  @Test
  void eachTimeIsCountedAndHoldsTheRelease() {
    Advance held = (Advance) Repinning.done(Seen.at(repinned(1)).sight()).orElseThrow();
    assertThat(held.next().facts()).containsEntry("repinned", "2").containsKey(Pausing.HELD);
    assertThat(Repinning.done(Seen.at(held.next()).sight())).as("once").isEmpty();
  }

  @Test
  void whoTakesOverWritesASelectorOnlyWhereAReadyPodHasIt() {
    RolloutState state = Seen.in(Seen.swap(), Step.Drain.class).takenOver(8, "you", Seen.NOW);
    Seen seen = Seen.at(state);
    Service live = new Service(Seen.at(Seen.in(Seen.swap(), Step.Drain.class)).shop("shop").doc());
    assertThat(Repinning.takenOver(seen.sight(), live, Seen.swap().target().candidate())).isTrue();
    seen.pods("c-", Seen::unready);
    assertThat(Repinning.takenOver(seen.sight(), live, Seen.swap().target().candidate())).isFalse();
  }
}
