package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.Match;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** When a route gets the candidate, when a share counts as given, and when it is let go of. */
class RouteStepsTests {
  private static final Route ROUTE = Routes.TRAEFIK;
  private static final Release RELEASE =
      Seen.routed(ROUTE, new Match(Match.Part.HEADER, "x-canary", "yes"));

  /** What Traefik takes at most. */
  private static final Duration SETTLES = Duration.ofSeconds(10);

  private static final Duration MOMENT = Duration.ofMillis(1);

  /** The route at this share; below 0 without the candidate. */
  private static Doc live(int percent) {
    List<Doc> services = new ArrayList<>();
    services.add(Doc.of("name", "shop", "weight", percent < 0 ? 100 : 100 - percent));
    if (percent >= 0) {
      services.add(Doc.of("name", "shop-r2", "weight", percent));
    }
    return Doc.of(
        "metadata",
        Doc.of("name", "shop", "namespace", "web", "uid", "r-uid", "resourceVersion", "7"),
        "spec",
        Doc.of("weighted", Doc.of("services", services)));
  }

  private static Doc stamped(RolloutState state, int percent) throws Patch.Refused {
    Doc bare = live(percent);
    return RouteText.stamped(state, bare, ROUTE, percent).apply(bare);
  }

  private static Seen attaching() {
    Doc service =
        Doc.of("metadata", Doc.of("name", "shop-r2"))
            .with(Seen.CANDIDATE.doc(), "spec", "selector");
    return Seen.at(Seen.in(RELEASE, Step.Attach.class)).shop(service).route(ROUTE, live(-1));
  }

  @Test
  void candidateIsListedWhenItsServiceReachesItsPods() {
    assertThat(RouteSteps.attach(attaching().sight())).isInstanceOf(Act.class);
  }

  @Test
  void candidateWithoutAReadyPodIsNotListedNotEvenAtNothing() {
    Seen seen = attaching().pods("c-", Seen::unready);
    assertThat(RouteSteps.attach(seen.sight())).isInstanceOf(Wait.class);

    Seen late = attaching().pods("c-", Seen::unready).after(Timings.OBSERVE.plus(MOMENT));
    assertThat(RouteSteps.attach(late.sight()))
        .isInstanceOfSatisfying(
            Advance.class,
            back -> {
              assertThat(back.next().course()).isEqualTo(RolloutState.Course.BACK);
              assertThat(back.why()).contains("does not reach the candidate");
            });
  }

  @Test
  void candidateSomeOfWhosePodsItsServiceDoesNotReachIsNotListed() {
    Seen seen = attaching().endpoints("shop-r2", "c-1");
    assertThat(RouteSteps.attach(seen.sight())).isInstanceOf(Wait.class);
  }

  @Test
  void shareThatNothingMeasuresCountsAfterTheRoutersTimeAndIsNotCalledObserved()
      throws Patch.Refused {
    RolloutState begun = Seen.in(RELEASE, Step.Shift.class);
    RolloutState state = begun.noting(RouteSteps.SINCE, "25@" + begun.step() + " " + Seen.NOW);
    Doc route = stamped(state, 25);
    Seen early = Seen.at(state).route(ROUTE, route).after(SETTLES.minus(MOMENT));
    assertThat(RouteSteps.weigh(early.sight(), 25)).isInstanceOf(Wait.class);

    Seen due = Seen.at(state).route(ROUTE, route).after(SETTLES);
    assertThat(RouteSteps.weigh(due.sight(), 25))
        .isInstanceOfSatisfying(
            Advance.class,
            shifted -> {
              Event event =
                  shifted.events().stream()
                      .filter(one -> one.type().equals(Event.TRAFFIC))
                      .findFirst()
                      .orElseThrow();
              assertThat(event.fields().members()).containsOnlyKeys("requested", "effective");
              assertThat(event.message()).contains("no metrics tell");
            });
  }

  @Test
  void candidateThatIsOutOfTheRouteKeepsItsPodsForAsLongAsTheRouterTakes() throws Patch.Refused {
    RolloutState begun = Seen.in(RELEASE, Step.Detach.class);
    RolloutState state = begun.noting(RouteSteps.SINCE, "out " + Seen.NOW);
    Seen listed = Seen.at(state).route(ROUTE, stamped(state, 0));
    assertThat(RouteSteps.detach(listed.sight())).isInstanceOf(Act.class);

    Seen early = Seen.at(state).route(ROUTE, live(-1)).after(SETTLES.minus(MOMENT));
    assertThat(RouteSteps.detach(early.sight())).isInstanceOf(Wait.class);

    Seen due = Seen.at(state).route(ROUTE, live(-1)).after(SETTLES);
    assertThat(RouteSteps.detach(due.sight())).isInstanceOf(Advance.class);
  }
}
