package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.plan.Step;
import rollout.router.Route;

class RouteGuardTests {
  private static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");
  private static final Route ROUTE =
      new Route(
          "gateway-api",
          HTTP_ROUTE,
          "web",
          false,
          "shop",
          "r-uid",
          "shop",
          "shop-r2",
          List.of(new Route.Place("rule 0", Optional.empty(), 100)));
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
}
