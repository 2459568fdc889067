package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.core.Scraped.answers;
import static rollout.core.Scraped.series;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import rollout.model.MetricAnswer.Series;
import rollout.model.MetricNames;
import rollout.model.MetricQuery;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** When the requests are asked for the candidate's share, and what a round of metrics says. */
class ShareInMetricsTests {
  private static final Route ROUTE = Routes.HTTP;
  private static final Release ROUTED = Seen.routed(ROUTE, SteeredRoute.HEADER);
  private static final Instant WRITTEN = Scraped.NOW.minusSeconds(40);

  /** Every 10 s; the first sample is from before the weights, the second one from their time. */
  private static final Series ONE = series("g-1", "", 4, 10, 0, 100, 110, 120, 130);

  private static final Series TWO = series("g-2", "", 4, 10, 0, 50, 60, 70, 70);
  private static final Series STABLE = series("s-1", "", 4, 10, 0, 400, 400, 405, 410);

  private static RolloutState in(Class<? extends Step> step) {
    return Seen.in(Seen.counted(ROUTED, Scraped.NAMES), step);
  }

  private static RolloutState shifting() {
    return in(Step.Shift.class).noting(RouteSteps.SINCE, "25@shift-25 " + WRITTEN);
  }

  private static Sight sight(RolloutState state, Scraped answers) {
    return Seen.at(state).round(answers.round()).sight();
  }

  private static Scraped scraped() {
    return answers().with("share/candidate", ONE, TWO).with("share/stable", STABLE);
  }

  @Test
  void isAskedForWhereRoutesShiftAndMetricsCountRequests() {
    MetricNames countless = new MetricNames("mine", "", "", "e", "b", 1, "");
    assertThat(ObservedShare.asked(in(Step.Shift.class))).isTrue();
    assertThat(ObservedShare.asked(in(Step.Watch.class))).as("a share that is there").isFalse();
    assertThat(ObservedShare.asked(Seen.in(ROUTED, Step.Shift.class))).as("no names").isFalse();
    assertThat(ObservedShare.asked(Seen.in(Seen.counted(ROUTED, countless), Step.Shift.class)))
        .as("names of errors alone")
        .isFalse();
  }

  @Test
  void isAskedForOnTheWayBackToo() {
    Release routed = Seen.counted(ROUTED, Scraped.NAMES);
    Release unrouted = Seen.counted(Seen.copy(), Scraped.NAMES);
    assertThat(ObservedShare.asked(Seen.back(routed, Step.Watch.class, Step.TrafficBack.class)))
        .isTrue();
    assertThat(ObservedShare.asked(Seen.back(unrouted, Step.Bake.class, Step.TrafficBack.class)))
        .as("without routes the endpoints tell")
        .isFalse();
  }

  @Test
  void asksForAllRequestsOfBothVersions() {
    assertThat(ObservedShare.queries(shifting(), Scraped.SUBJECT))
        .containsExactly(
            new MetricQuery("share/candidate", "t{namespace=\"shop\",pod=~\"g-1|g-2\"}[2m]"),
            new MetricQuery("share/stable", "t{namespace=\"shop\",pod=~\"s-1\"}[2m]"));
  }

  @Test
  void isTheGrowthOfAllPodsSinceTheRoutersHaveTheWeights() {
    assertThat(ObservedShare.in(sight(shifting(), scraped())))
        .contains(new ObservedShare(30 + 20, 10, true));
  }

  @Test
  void withoutAnyRequestThereIsNoShare() {
    Series idle = series("g-1", "", 4, 10, 100, 100, 100, 100, 100);
    Series still = series("s-1", "", 4, 10, 7, 7, 7, 7, 7);
    Scraped none = answers().with("share/candidate", idle).with("share/stable", still);
    assertThat(ObservedShare.in(sight(shifting(), none))).isEmpty();
    assertThat(ObservedShare.in(sight(shifting(), none.with("share/stable", STABLE))))
        .contains(new ObservedShare(0, 10, true));
  }

  @Test
  void aRoundFromBeforeTellsNothingThoughItsClockIsAhead() {
    Series ahead = series("g-1", "", -9, 10, 0, 100, 110, 120, 130);
    Scraped early = answers().with("share/candidate", ahead).with("share/stable", STABLE);
    Sight sight = sight(shifting(), early);
    assertThat(ObservedShare.in(sight, Scraped.NOW.minusSeconds(5))).isPresent();
    assertThat(ObservedShare.in(sight, Scraped.NOW)).isPresent();
    assertThat(ObservedShare.in(sight, Scraped.NOW.plusMillis(1))).isEmpty();
  }

  @Test
  void aRoundThatDidNotAskForTheCandidateTellsNothing() {
    Scraped half = answers().with("share/stable", STABLE);
    assertThat(ObservedShare.in(sight(shifting(), half))).isEmpty();
    assertThat(ObservedShare.in(Seen.at(shifting()).sight())).as("no round yet").isEmpty();
  }

  @Test
  void aStepThatDoesNotAskIsToldNothing() {
    RolloutState watches = in(Step.Watch.class).noting(RouteSteps.SINCE, "25@shift-25 " + WRITTEN);
    assertThat(ObservedShare.in(sight(watches, scraped()))).isEmpty();
  }
}
