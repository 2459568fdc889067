package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.model.Check;
import rollout.model.Measure;
import rollout.model.Verdict;
import rollout.plan.Step;

/** What does not let a release go on: an old answer, another word, a pod that is not ready. */
class ShiftEdgesTests {
  private static RolloutState verifies(Check.OnFail onFail) {
    Check check =
        new Check("errors", new Measure.Expression("e"), 10, 0, Duration.ofSeconds(5), 2, onFail);
    return Seen.in(Seen.with(Seen.copy(), Seen.terms(check)), Step.Verify.class);
  }

  private static RolloutState told(RolloutState state, int fails, Verdict verdict, Instant at) {
    return state.counting(
        Tallies.NONE.judged(Map.of("errors", fails), Map.of("errors", verdict), at));
  }

  @Test
  void anAnswerFromBeforeTheStepIsNone() {
    Verdict good = new Verdict.Pass(1, 10, 0, "1, allowed below 10");
    RolloutState verifies = verifies(Check.OnFail.ROLLBACK);
    RolloutState old = told(verifies, 0, good, Seen.NOW.minusSeconds(1));
    assertThat(ShiftSteps.verify(Seen.at(old).sight()).why()).isEqualTo("waiting for the checks");
    RolloutState fresh = told(verifies, 0, good, Seen.NOW);
    assertThat(ShiftSteps.verify(Seen.at(fresh).sight()).why()).isEqualTo("no check objects");
  }

  @Test
  void aCheckThatHoldsIsPassedByThatWordAlone() {
    Verdict bad = new Verdict.Fail(99, 10, 0, "99, allowed below 10");
    RolloutState held = told(verifies(Check.OnFail.HOLD), 2, bad, Seen.NOW);
    Seen seen = Seen.at(held).request("pause", false);
    assertThat(ShiftSteps.verify(seen.sight())).isInstanceOf(Wait.class);
    assertThat(ShiftSteps.verify(seen.request("promote", false).sight()))
        .isInstanceOf(Advance.class);
  }

  @Test
  void aPodThatIsNotReadyAnyMoreHoldsTheSwitchAndThenSendsBack() {
    Seen seen = Seen.at(Seen.in(Seen.copy(), Step.Switch.class)).pods("c-1", Seen::unready);
    assertThat(ShiftSteps.switchOver(seen.sight()))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "waiting for the candidate: 2 of 3 pods ready"));
    Advance late = (Advance) ShiftSteps.switchOver(seen.after(Duration.ofMinutes(10)).sight());
    assertThat(late.next().going().orElseThrow().reason())
        .isEqualTo("not ready any more: pod c-1 is not ready: probe failed");
  }

  // ---- status

  private static Status status(String state, String detail) {
    return new Status(
        "shop",
        "web",
        state,
        2,
        "bake",
        "bake",
        "shop demo:v1",
        "shop-r2 demo:v2",
        "all",
        Optional.of("me"),
        true,
        Optional.of(Seen.NOW),
        "",
        List.of(detail));
  }

  @Test
  void aStatusIsNewsWhenMoreThanItsDetailsHaveChanged() {
    Status before = status("running", "for 3 s");
    assertThat(before.says(status("running", "for 4 s"))).isTrue();
    assertThat(before.says(status("held", "for 3 s"))).isFalse();
  }
}
