package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.plan.Step;

class EndsTests {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static Decision observed(RolloutState state, Seen seen, boolean holds) {
    Sight sight = new Sight(state, seen.look());
    return Ends.observed(
        sight,
        holds,
        LIMIT,
        "it holds",
        () -> Ends.done(sight, "observed"),
        () -> Ends.done(sight, "late"));
  }

  private final RolloutState state = Seen.in(Seen.copy(), Step.Pin.class);
  private final RolloutState once = state.counting(state.tallies().seen(Seen.NOW));

  @Test
  void goingBackAFreshListMustShowThatNothingIsThere() {
    assertThat(Ends.absent(Seen.at(state).watched().sight(), "none"))
        .as("forward nobody but this driver makes it")
        .isEqualTo(new Advance(state.next(Seen.NOW), "none"));
    RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.RemoveCandidate.class);
    assertThat(Ends.absent(Seen.at(back).watched().sight(), "none"))
        .isEqualTo(new Wait(Seen.NOW, true, "a fresh list must show: none"));
    assertThat(Ends.absent(Seen.at(back).sight(), "none"))
        .isEqualTo(new Advance(back.next(Seen.NOW), "none"));
  }

  @Test
  void oneLookIsNotEnough() {
    assertThat(observed(state, Seen.at(state), true))
        .isEqualTo(new Advance(once, "seen once: it holds"));
  }

  @Test
  void theSecondLookIsDueHalfASecondLaterAndFresh() {
    assertThat(observed(once, Seen.at(state).after(Duration.ofMillis(499)), true))
        .isEqualTo(new Wait(Seen.NOW.plusMillis(500), true, "a second look: it holds"));
  }

  @Test
  void aSecondLookFromTheWatchIsNotEnough() {
    Seen later = Seen.at(state).after(Duration.ofMillis(500)).watched();
    assertThat(observed(once, later, true))
        .isEqualTo(new Wait(Seen.NOW.plusMillis(500), true, "a second look: it holds"));
  }

  @Test
  void aFreshSecondLookIs() {
    Seen later = Seen.at(state).after(Duration.ofMillis(500));
    assertThat(observed(once, later, true))
        .isEqualTo(new Advance(once.next(Seen.NOW.plusMillis(500)), "observed"));
  }

  @Test
  void aBreakBeginsAnew() {
    assertThat(observed(once, Seen.at(state).after(Duration.ofMillis(500)), false))
        .isEqualTo(
            new Advance(state.counting(once.tallies().unseen()), "not seen any more: it holds"));
  }

  @Test
  void waitsUntilTheLimitAndIsLateAfterIt() {
    assertThat(observed(state, Seen.at(state).after(LIMIT.minusMillis(1)), false))
        .isEqualTo(new Wait(Seen.NOW.plus(LIMIT), "waiting until it holds"));
    assertThat(observed(state, Seen.at(state).after(LIMIT), false).why()).isEqualTo("late");
  }
}
