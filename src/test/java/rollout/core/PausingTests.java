package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Event;
import rollout.model.Measure;
import rollout.model.MetricRound;
import rollout.plan.Step;

class PausingTests {
  private final RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);

  private static RolloutState next(Decision decision) {
    return ((Advance) decision).next();
  }

  private static Doc gate(Decision decision) {
    Event event = ((Advance) decision).events().getFirst();
    assertThat(event.type()).isEqualTo(Event.GATE);
    return event.fields();
  }

  @Test
  void aPauseIsNotedOnceAndKeepsTheNextStepFromBeingEntered() {
    Seen over = Seen.at(bake).after(Duration.ofHours(1)).request("pause", false);
    Decision first = over.decide();
    assertThat(first.why()).isEqualTo("paused by ada");
    assertThat(gate(first)).isEqualTo(Doc.of("name", "pause", "state", "waiting"));
    RolloutState paused = next(first);
    assertThat(paused.step()).isEqualTo(bake.step());
    assertThat(Pausing.held(paused)).isFalse();
    assertThat(Decider.decide(paused, over.look()))
        .isEqualTo(
            new Gate(
                Seen.NOW.plus(Duration.ofHours(25)),
                "paused by ada; to go on: rollout resume shop"));
  }

  @Test
  void whatTheStepItselfMustDoIsDone() {
    RolloutState start = Seen.in(Seen.copy(), Step.StartCandidate.class);
    RolloutState paused = start.noting(Pausing.SINCE, Seen.NOW.toString());
    Seen small = Seen.at(start).candidate(doc -> doc.with(0, "spec", "replicas"));
    assertThat(Decider.decide(paused, small.request("pause", false).look()))
        .isInstanceOf(Act.class);
  }

  @Test
  void pastTheGatesTimeItGoesBack() {
    RolloutState paused = bake.noting(Pausing.SINCE, Seen.NOW.toString());
    Seen late = Seen.at(bake).request("pause", false).after(Duration.ofHours(24));
    RolloutState back = next(Decider.decide(paused, late.look()));
    assertThat(back.course()).isEqualTo(Course.BACK);
    assertThat(back.going().orElseThrow().cause()).isEqualTo(Cause.DEADLINE);
    assertThat(back.going().orElseThrow().reason())
        .isEqualTo("paused by ada, and nobody resumed it in time");
  }

  @Test
  void withoutTheRequestItGoesOn() {
    RolloutState paused = bake.noting(Pausing.SINCE, Seen.NOW.toString());
    Decision goesOn = Decider.decide(paused, Seen.at(bake).look());
    assertThat(goesOn.why()).isEqualTo("resumed");
    assertThat(gate(goesOn)).isEqualTo(Doc.of("name", "pause", "state", "passed"));
    assertThat(next(goesOn)).isEqualTo(bake);
    Decision asked = Decider.decide(paused, Seen.at(bake).request("resume", false).look());
    assertThat(asked.why()).isEqualTo("resumed by ada");
  }

  @Test
  void whatMustBePutRightHoldsUntilSomebodySaysGo() {
    RolloutState held = bake.noting(Pausing.HELD, "held: somebody did it");
    assertThat(Pausing.held(held)).isTrue();
    assertThat(Pausing.heldBy(held)).contains("held: somebody did it");
    assertThat(Pausing.heldBy(bake)).isEmpty();
    RolloutState noted = next(Decider.decide(held, Seen.at(bake).look()));
    Seen over = Seen.at(bake).after(Duration.ofHours(1));
    assertThat(Decider.decide(noted, over.look()))
        .isInstanceOfSatisfying(
            Gate.class, gate -> assertThat(gate.why()).startsWith("held: somebody did it; to go"));
    Seen asked = Seen.at(bake).request("promote", false);
    assertThat(next(Decider.decide(noted, asked.look()))).isEqualTo(bake);
    assertThat(Pausing.resumed(noted)).isEqualTo(bake);
  }

  @Test
  void neitherSettlingNorTheWayBackIsHeld() {
    assertThat(Pausing.possible(bake)).isTrue();
    assertThat(Pausing.possible(Seen.in(Seen.copy(), Step.BeginSettle.class))).isFalse();
    assertThat(Pausing.possible(Seen.back(Seen.copy(), Step.Bake.class, Step.Free.class)))
        .isFalse();
    RolloutState settle = Seen.in(Seen.copy(), Step.SettleStable.class);
    assertThat(Seen.at(settle).request("pause", false).decide())
        .isEqualTo(Seen.at(settle).decide());
  }

  @Test
  void checksAreJudgedWhileItIsPaused() {
    Check check = Check.of("errors", new Measure.Expression("e"), 10);
    RolloutState watched =
        Seen.in(Seen.with(Seen.copy(), Seen.terms(check)), Step.Bake.class)
            .noting(Pausing.SINCE, Seen.NOW.toString());
    MetricRound round =
        new MetricRound(Seen.NOW, Seen.NOW, Map.of("value/errors", Scraped.value("", 1)));
    Seen seen = Seen.at(watched).request("pause", false).round(round);
    Decision judged = seen.decide();
    assertThat(judged.why()).isEqualTo("judged a round of checks");
    assertThat(next(judged).step()).isEqualTo(watched.step());
  }
}
