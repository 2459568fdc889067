package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Match;
import rollout.plan.Step;
import rollout.router.Route;

class RouteGuardTests {
  private static final Route ROUTE = Routes.http("shop", "r-uid", Optional.empty());
  private static final RolloutState WATCHING =
      Seen.in(
          Seen.routed(ROUTE, new Match(Match.Part.HEADER, "x-canary", "yes")), Step.Watch.class);

  /** A route of these two weights that says of itself that 25 % was written. */
  private static Doc live(int stable, int candidate, String manager) {
    Doc rule =
        Doc.of(
            "backendRefs",
            List.of(
                Doc.of("name", "shop", "weight", stable),
                Doc.of("name", "shop-r2", "weight", candidate)));
    Doc entry =
        Doc.of("manager", manager, "time", "2026-01-01T11:59:00Z")
            .with(Doc.EMPTY, "fieldsV1", "f:spec");
    Doc live =
        Doc.of(
            "metadata",
            Doc.of("name", "shop", "uid", "r-uid", "managedFields", List.of(entry)),
            "spec",
            Doc.of("rules", List.of(rule)));
    return live.with(
        Map.of("rollout/state", Doc.of("percent", 25).json()), "metadata", "annotations");
  }

  private static Optional<String> drift(Doc live) {
    return RouteGuard.drift(Seen.at(WATCHING).route(ROUTE, live).sight());
  }

  @Test
  void weightsAsWrittenAreNoDrift() {
    assertThat(drift(live(75, 25, "argocd-controller"))).isEmpty();
  }

  @Test
  void toolThatWritesWeightsBackIsNamedWithWhatStopsIt() {
    assertThat(drift(live(100, 0, "argocd-controller")))
        .contains(
            "somebody (argocd-controller, 2026-01-01T11:59:00Z) changed the weights of HTTPRoute"
                + " shop to shop 100 %, shop-r2 0 %; 25 % was written. Argo CD: its Application"
                + " needs ignoreDifferences with jqPathExpressions .spec.rules[].backendRefs and"
                + " the sync option RespectIgnoreDifferences=true");
  }

  @Test
  void personWhoChangesWeightsIsNamedAlone() {
    assertThat(drift(live(40, 60, "kubectl-edit")).orElseThrow())
        .endsWith("to shop 40 %, shop-r2 60 %; 25 % was written");
  }

  @Test
  void aRouteThatIsGoneIsSaid() {
    assertThat(RouteGuard.drift(Seen.at(WATCHING).sight()))
        .contains("HTTPRoute shop was deleted or made anew by somebody else");
  }

  @Test
  void alsoNoneIsAShareThatWasWrittenButSilenceIsNot() {
    Doc changed = live(40, 60, "kubectl-edit");
    Doc none = Doc.of("rollout/state", Doc.of("percent", 0).json());
    assertThat(drift(changed.with(none, "metadata", "annotations")).orElseThrow())
        .endsWith("to shop 40 %, shop-r2 60 %; 0 % was written");
    assertThat(drift(changed.without("metadata", "annotations")).orElseThrow())
        .endsWith("to shop 40 %, shop-r2 60 %");
  }

  @Test
  void whoHoldsARouteStandsOnIt() {
    Doc live = live(75, 25, "rollout");
    assertThat(states(live)).containsExactly(Doc.of("percent", 25));
    assertThat(states(live.without("metadata", "annotations"))).isEmpty();
  }

  private static List<Doc> states(Doc live) {
    return RouteGuard.states(Seen.at(WATCHING).route(ROUTE, live).sight());
  }

  @Test
  void whoTakesOverStampsARouteAndLeavesItsShareAsItIs() throws Patch.Refused {
    Doc live = live(75, 25, "rollout");
    Decision decision = restamped(WATCHING, live).orElseThrow();
    Doc after = ((Action.Change) ((Decision.Act) decision).action()).patch().apply(live);
    assertThat(RouteText.state(after).textOrEmpty("by")).isEqualTo("me");
    assertThat(RouteText.percent(after)).isEqualTo(25);
    assertThat(after.doc("spec")).isEqualTo(live.doc("spec"));
    assertThat(restamped(WATCHING, after)).as("it is ours").isEmpty();
    assertThat(restamped(WATCHING, live.without("metadata", "annotations")))
        .as("nobody's yet")
        .isEmpty();
  }

  private static Optional<Decision> restamped(RolloutState state, Doc live) {
    return RouteGuard.restamp(Seen.at(state).route(ROUTE, live).sight());
  }
}
