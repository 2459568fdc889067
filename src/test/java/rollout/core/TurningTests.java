package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Advance;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.model.Way;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.strategy.Canary;

class TurningTests {
  private static Course course(Release release, Class<? extends Step> step) {
    RolloutState state = Seen.in(release, step);
    return Turning.back(Seen.at(state).sight(), Cause.PERSON, "no").next().course();
  }

  private static boolean possible(Release release, Class<? extends Step> step) {
    return Turning.possible(Seen.in(release, step));
  }

  @Test
  void remembersWhereAndWhyItTurned() {
    RolloutState state = Seen.in(Seen.copy(), Step.Switch.class);
    Instant detected = Seen.NOW.minusSeconds(1);
    Advance advance = Turning.back(Seen.at(state).sight(), Cause.HEALTH, "bad", detected);
    assertThat(advance)
        .isEqualTo(
            new Advance(
                state.back(
                    Course.BACK,
                    new GoingBack(
                        Cause.HEALTH,
                        "bad",
                        state.step(),
                        true,
                        detected,
                        Seen.NOW,
                        Optional.empty(),
                        Optional.empty()),
                    Seen.NOW),
                "bad",
                List.of()));
    assertThat(advance.next().way()).isEqualTo(Way.BACK);
    assertThat(advance.next().trafficFirst()).isTrue();
  }

  @Test
  void theWayBackIsAnotherWhileACopySettles() {
    assertThat(course(Seen.copy(), Step.Claim.class)).isEqualTo(Course.BACK);
    assertThat(course(Seen.copy(), Step.Bake.class)).isEqualTo(Course.BACK);
    assertThat(course(Seen.copy(), Step.BeginSettle.class)).isEqualTo(Course.BACK_FROM_SETTLE);
    assertThat(course(Seen.copy(), Step.SettleStable.class)).isEqualTo(Course.BACK_FROM_SETTLE);
    assertThat(course(Seen.install(), Step.Expose.class)).isEqualTo(Course.BACK);
  }

  @Test
  void nothingGoesBackFromSettledOn() {
    assertThat(possible(Seen.copy(), Step.SettleStable.class)).isTrue();
    assertThat(possible(Seen.copy(), Step.SwitchToStable.class)).isFalse();
    assertThat(possible(Seen.copy(), Step.Free.class)).isFalse();
    assertThat(possible(Seen.swap(), Step.Bake.class)).isTrue();
    assertThat(possible(Seen.swap(), Step.BeginSettle.class)).isFalse();
  }

  @Test
  void aReleaseThatGoesBackStillKnowsWhatItHadPassed() {
    RolloutState back = Seen.back(Seen.copy(), Step.Pin.class, Step.Free.class);
    assertThat(back.passed(Step.PauseStable.class)).isTrue();
    assertThat(back.passed(Step.Pin.class)).as("in progress when it turned").isFalse();
    assertThat(back.reached(Step.Pin.class)).isFalse();
    assertThat(back.passed(Step.Free.class))
        .as("of the way back, not of the way forward")
        .isFalse();
    RolloutState later = Seen.back(Seen.copy(), Step.StartCandidate.class, Step.TrafficBack.class);
    assertThat(later.passed(Step.Pin.class)).isTrue();
    assertThat(later.takenOver(9, "other", Seen.NOW).passed(Step.Pin.class)).isTrue();
  }

  @Test
  void aFirstReleaseHasNoTrafficToWriteFirst() {
    RolloutState state = Seen.in(Seen.install(), Step.Expose.class);
    assertThat(Turning.back(Seen.at(state).sight(), Cause.JOB, "no").next().trafficFirst())
        .isFalse();
  }

  @Test
  void firstShareOfACanaryIsProductionTraffic() {
    Release canary = Canaries.byPods(new Canary.Weight(25, Duration.ofSeconds(30), List.of()));
    for (Class<? extends Step> step : List.of(Step.Verify.class, Step.Shift.class)) {
      RolloutState state = Seen.in(canary, step);
      GoingBack going =
          Turning.back(Seen.at(state).sight(), Cause.PERSON, "no").next().going().orElseThrow();
      assertThat(going.shifted()).as(step.getSimpleName()).isEqualTo(step == Step.Shift.class);
    }
  }
}
