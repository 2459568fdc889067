package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.document.Doc;
import rollout.model.Match;
import rollout.router.Route;
import rollout.strategy.Canary;
import rollout.strategy.RouteFile;

/** What a canary may ask for, and of what. */
class ShiftingRulesTests {
  private static Canary canary(String router, Optional<Integer> most, int... percents) {
    List<Canary.Stage> stages = new ArrayList<>();
    for (int percent : percents) {
      stages.add(new Canary.Weight(percent, Duration.ofMinutes(1), List.of()));
    }
    return new Canary(stages, router, List.of(), Optional.empty(), most, Optional.empty());
  }

  private static Canary replicas(int... percents) {
    return canary(Canary.REPLICAS, Optional.empty(), percents);
  }

  @Test
  void sharesThatThePodsCanMakeArePrepared() {
    Release release = Surveyed.shop().canary(replicas(25, 50)).prepare().release();
    assertThat(release.shifting().orElseThrow().byReplicas()).isTrue();
    assertThat(release.routed()).isFalse();
    assertThat(Steps.forward(release))
        .contains(new Step.Shift(0, 25), new Step.Watch(1, 50), new Step.Switch());
  }

  @Test
  void shareThatIsTooFarOffIsRefusedWithWhatWouldDo() {
    assertThat(Surveyed.shop().canary(replicas(5)).refusal())
        .contains("step 5 %: beside 3 pods of shop, 1 of the candidate would get 25 %")
        .contains("With 6 pods of shop one would be 14 %");
  }

  @Test
  void shareOverTheMostIsRefused() {
    assertThat(Surveyed.shop().canary(canary(Canary.REPLICAS, Optional.of(20), 25)).refusal())
        .contains("over --max-effective-weight 20")
        .contains("With 4 pods of shop one would be 20 %");
    assertThat(
            Surveyed.shop()
                .canary(canary(Canary.REPLICAS, Optional.of(25), 25))
                .prepare()
                .release()
                .shifting())
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "trafficDistribution, PreferClose, prefers near pods",
    "internalTrafficPolicy, Local, keeps requests on their node",
    "externalTrafficPolicy, Local, keeps requests on their node",
    "sessionAffinity, ClientIP, keeps clients on their pods"
  })
  void serviceThatBendsTheShareIsRefused(String field, String value, String says) {
    assertThat(
            Surveyed.shop()
                .service("shop", doc -> doc.with(value, "spec", field))
                .canary(replicas(50))
                .refusal())
        .contains("Service shop " + says)
        .contains("Use rollout bluegreen, or a router");
  }

  @Test
  void autoscalerChangesTheShare() {
    Doc scaler =
        Doc.of(
            "metadata",
            Doc.of("name", "hpa", "uid", "u-1"),
            "spec",
            Doc.of("minReplicas", 2, "maxReplicas", 9, "scaleTargetRef", Doc.of("name", "shop")));
    assertThat(Surveyed.shop().autoscaler(scaler).canary(replicas(50)).refusal())
        .contains("HorizontalPodAutoscaler hpa changes the number of pods");
  }

  @Test
  void chosenUsersNeedARouter() {
    Canary chosen =
        new Canary(
            replicas(50).stages(),
            Canary.REPLICAS,
            List.of(),
            Optional.of(new Match(Match.Part.HEADER, "x-canary", "yes")),
            Optional.empty(),
            Optional.empty());
    assertThat(Surveyed.shop().canary(chosen).refusal())
        .contains("without a router nobody can tell the requests of chosen users");
  }

  private static Canary auto(int... percents) {
    return canary(Canary.AUTO, Optional.empty(), percents);
  }

  @Test
  void theRouteThatNamesTheServiceIsFound() {
    Release release =
        Surveyed.shop()
            .routes(
                Surveyed.HTTP_ROUTE,
                Surveyed.route("web", Surveyed.backend("shop", 1)),
                Surveyed.route("x", Surveyed.backend("mail", 1)))
            .canary(auto(5, 50))
            .prepare()
            .release();
    assertThat(release.shifting().orElseThrow().routes())
        .extracting(Route::name, Route::stable, Route::candidate)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("web", "shop", "shop-r2"));
    assertThat(Steps.forward(release))
        .containsSubsequence(
            new Step.Attach(),
            new Step.Shift(0, 5),
            new Step.Watch(0, 5),
            new Step.Shift(1, 50),
            new Step.Watch(1, 50),
            new Step.Shift(2, 100),
            new Step.Bake(),
            new Step.Switch(),
            new Step.Unweigh(),
            new Step.Detach(false),
            new Step.BeginSettle(),
            new Step.RemoveService(false));
    assertThat(Steps.back(release))
        .containsSubsequence(
            new Step.TrafficBack(),
            new Step.Detach(true),
            new Step.RemoveCandidate(true),
            new Step.RemoveService(true));
  }

  @Test
  void twoThatCouldBeMeantAreRefused() {
    assertThat(
            Surveyed.shop()
                .routes(
                    Surveyed.HTTP_ROUTE,
                    Surveyed.route("a", Surveyed.backend("shop", 1)),
                    Surveyed.route("b", Surveyed.backend("shop", 1)))
                .canary(auto(50))
                .refusal())
        .contains("HTTPRoute a and HTTPRoute b")
        .contains("--route-name");
  }

  private static Doc unstored(Doc route) {
    return route.without("metadata", "uid");
  }

  private static Canary giving(Doc route) {
    Canary plain = auto(50);
    Doc file =
        unstored(route)
            .with(Surveyed.HTTP_ROUTE.apiVersion(), "apiVersion")
            .with("HTTPRoute", "kind");
    return new Canary(
        plain.stages(),
        plain.router(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new RouteFile("route.yaml:1:1", file, Map.of())));
  }

  @Test
  void routeOfAFileThatIsNotThereIsMadeBeforeAnythingServes() {
    Doc route = Surveyed.route("web", Surveyed.backend("shop", 1));
    Prepared prepared =
        Surveyed.shop()
            .routes(Surveyed.HTTP_ROUTE, unstored(route))
            .given(route)
            .canary(giving(route))
            .prepare();
    Release release = prepared.release();
    assertThat(Steps.forward(release))
        .containsSubsequence(
            new Step.Create(), new Step.CreateRoute(), new Step.Pin(), new Step.Attach());
    assertThat(prepared.materials().route())
        .contains(
            giving(route).route().orElseThrow().object().with("web", "metadata", "namespace"));
    assertThat(prepared.warnings()).isEmpty();
    assertThat(Feature.besides(release))
        .contains(new Access("create", Surveyed.HTTP_ROUTE.group(), "httproutes"))
        .contains(new Access("patch", Surveyed.HTTP_ROUTE.group(), "httproutes"));
    Plan plan = Planner.plan(prepared);
    assertThat(plan.forward())
        .extracting(PlannedStep::says)
        .contains("create HTTPRoute web as its file has it; it stays");
    assertThat(plan.forward())
        .flatExtracting(PlannedStep::writes)
        .contains("create HTTPRoute web: requests to shop");
    assertThat(plan.notes()).anyMatch(note -> note.startsWith("HTTPRoute web is not deleted"));
  }

  @Test
  void routeThatIsThereIsUsedAsItStands() {
    Doc live = Surveyed.route("web", Surveyed.backend("shop", 1));
    Prepared same =
        Surveyed.shop()
            .routes(Surveyed.HTTP_ROUTE, live)
            .given(live)
            .canary(giving(live))
            .prepare();
    assertThat(same.release().given()).isEmpty();
    assertThat(same.materials().route()).isEmpty();
    assertThat(same.warnings()).noneMatch(one -> one.contains("route.yaml"));
    assertThat(Feature.besides(same.release()))
        .doesNotContain(new Access("create", Surveyed.HTTP_ROUTE.group(), "httproutes"));
    Doc other = Surveyed.route("web", Surveyed.backend("shop", 7));
    Prepared differs =
        Surveyed.shop()
            .routes(Surveyed.HTTP_ROUTE, live)
            .given(other)
            .canary(giving(other))
            .prepare();
    assertThat(differs.release().routes()).isEqualTo(same.release().routes());
    assertThat(differs.warnings())
        .contains(
            "HTTPRoute web is there already, and its spec is not that of route.yaml:1:1: it is used"
                + " as it stands, and not overwritten");
  }

  @Test
  void routeThatIsThereAndSendsElsewhereIsRefused() {
    Doc given = Surveyed.route("web", Surveyed.backend("shop", 1));
    assertThat(
            Surveyed.shop()
                .routes(Surveyed.HTTP_ROUTE, Surveyed.route("web", Surveyed.backend("mail", 1)))
                .canary(giving(given))
                .refusal())
        .contains("HTTPRoute web is there already, and sends nothing to Service shop.")
        .contains("give the route of route.yaml:1:1 another name");
  }

  @Test
  void theRouteOfTheFileIsMeantWhereSeveralCouldBe() {
    Doc given = Surveyed.route("web", Surveyed.backend("shop", 1));
    Prepared prepared =
        Surveyed.shop()
            .routes(
                Surveyed.HTTP_ROUTE,
                Surveyed.route("old", Surveyed.backend("shop", 1)),
                unstored(given))
            .given(given)
            .canary(giving(given))
            .prepare();
    assertThat(prepared.release().routes()).extracting(Route::name).containsExactly("web");
    assertThat(prepared.warnings())
        .anyMatch(one -> one.startsWith("HTTPRoute old sends to the Service too"));
  }

  @Test
  void shareThatAThirdServiceLeavesNoRoomForIsRefused() {
    assertThat(
            Surveyed.shop()
                .routes(
                    Surveyed.HTTP_ROUTE,
                    Surveyed.route("a", Surveyed.backend("shop", 2), Surveyed.backend("mail", 1)))
                .canary(auto(5))
                .refusal())
        .contains("HTTPRoute a: beside its other Services, the weights of shop are too small");
  }

  @Test
  void withoutARouteItIsByReplicasAndSaid() {
    Prepared prepared = Surveyed.shop().routes(Surveyed.HTTP_ROUTE).canary(auto(50)).prepare();
    assertThat(prepared.release().routed()).isFalse();
    assertThat(prepared.warnings()).anyMatch(one -> one.contains("no route sends to the Service"));
  }

  @Test
  void planSaysSharesAndWrites() {
    Plan byPods = Planner.plan(Surveyed.shop().canary(replicas(25)).prepare());
    assertThat(byPods.forward())
        .extracting(PlannedStep::says)
        .contains("25 % of the requests to shop-r2: 1 of 4 pods, effective 25 %");
    Plan routed =
        Planner.plan(
            Surveyed.shop()
                .routes(Surveyed.HTTP_ROUTE, Surveyed.route("web", Surveyed.backend("shop", 1)))
                .canary(auto(50))
                .prepare());
    assertThat(routed.forward())
        .flatExtracting(PlannedStep::writes)
        .contains(
            "create Service shop-r2: selector app=shop,rollout/revision=2",
            "patch HTTPRoute web: weights shop 50, shop-r2 50",
            "patch HTTPRoute web: shop-r2 out, rollout/state off",
            "delete Service shop-r2");
    assertThat(routed.back().getFirst().writes())
        .first()
        .isEqualTo("patch HTTPRoute web: weights shop 100, shop-r2 0");
  }
}
