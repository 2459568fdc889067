package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Phase;
import rollout.model.Selector;
import rollout.plan.Step;
import rollout.strategy.Canary;

/** A share by the number of pods: pods first, then both versions behind the Service. */
class CanaryStepsTests {
  private final RolloutState shift =
      Seen.in(
          Canaries.byPods(new Canary.Weight(25, Duration.ofSeconds(30), List.of())),
          Step.Shift.class);

  /** One pod of the candidate beside three of stable. */
  private Seen quarter() {
    Doc status =
        Doc.of(
            "observedGeneration", 1,
            "replicas", 1,
            "updatedReplicas", 1,
            "availableReplicas", 1);
    return Seen.at(shift)
        .candidate(doc -> doc.with(1, "spec", "replicas").with(status, "status"))
        .noPods("c-2")
        .noPods("c-3");
  }

  private Seen both() {
    Seen seen = quarter();
    return seen.shop(seen.stamped(Seen.ORIGINAL, "both"));
  }

  private static String back(Decision decision) {
    return ((Advance) decision)
        .next()
        .going()
        .map(going -> going.cause() + ": " + going.reason())
        .orElseThrow();
  }

  @Test
  void podsComeBeforeTheRequests() {
    Seen none = Seen.at(shift).candidate(doc -> doc.with(0, "spec", "replicas"));
    assertThat(none.decide())
        .isEqualTo(new Act(Writes.scale(none.candidate(), 1), "pods for 25 % before the requests"));
    Seen unready = quarter().pods("c-", Seen::unready);
    assertThat(CanarySteps.shift(unready.sight(), 25))
        .isInstanceOfSatisfying(
            Wait.class, wait -> assertThat(wait.why()).startsWith("waiting for the candidate"));
    assertThat(back(CanarySteps.shift(Seen.at(shift).noCandidate().sight(), 25)))
        .isEqualTo("DRIFT: Deployment shop-r2 was deleted or made anew by somebody else");
  }

  @Test
  void serviceSelectsBothVersionsByOneWrite() {
    Seen seen = quarter();
    for (Doc before :
        List.of(
            seen.stamped(Seen.STABLE, "pinned"),
            seen.stamped(Seen.ORIGINAL, "pinned"),
            seen.stamped(Seen.STABLE, "both"))) {
      seen.shop(before);
      assertThat(CanarySteps.shift(seen.sight(), 25))
          .isEqualTo(
              new Act(
                  Writes.steer(seen.shop("shop"), shift, Seen.SHOP, "both", Seen.ORIGINAL),
                  "both versions serve shop from here on"));
    }
    assertThat(back(CanarySteps.shift(quarter().noService().sight(), 25)))
        .isEqualTo("DRIFT: Service shop is gone");
  }

  @Test
  void shareIsGivenWhenTheEndpointsShowTwiceBoth() {
    assertThat(both().decide().why()).startsWith("seen once: ");
    Advance done = (Advance) both().decideAfterTwoLooks();
    assertThat(done.why()).isEqualTo("observed: 3 endpoints of shop, 1 of shop-r2");
    assertThat(done.events())
        .containsExactly(
            new Event(
                Event.TRAFFIC,
                Phase.SHIFT,
                "25 % asked for, 25 % of new connections go to shop-r2, by its share of the pods",
                Doc.of("requested", 25, "effective", 25, "observed", 25)));
  }

  @Test
  void shareThatTheEndpointsDoNotShowSendsBackInTheEnd() {
    Seen seen = both().endpoints("shop", "s-1", "s-2", "s-3");
    Duration limit = Duration.ofMinutes(11);
    assertThat(seen.decide())
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(limit),
                "waiting until the pods of both versions are behind the Service"));
    assertThat(back(seen.after(limit).decide()))
        .isEqualTo(
            "DEADLINE: the share did not show in the endpoints: 3 endpoints of shop, 0 of"
                + " shop-r2");
  }

  @Test
  void podThatTheServiceNeverSelectsIsNotMissed() {
    Seen seen = both().pod(Seen.pod("s-9", "rs-1", Map.of("app", "debug")));
    assertThat(seen.decideAfterTwoLooks().why()).startsWith("observed: ");
    Doc selected = Seen.pod("s-8", "rs-1", Map.of("app", "shop", Selector.TEMPLATE_HASH, "aaa"));
    Seen more = both().pod(selected).endpoints("shop", "s-1", "s-2", "s-3", "c-1");
    assertThat(more.decide()).as("one of them is missing").isInstanceOf(Wait.class);
  }
}
