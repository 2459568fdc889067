package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.RefusedError;
import rollout.strategy.Canary;

/** Where the share of the pods is that of the requests, and where it is not. */
class PodShareTests {
  private static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");

  private static Canary canary(String router, Optional<Match> match, int percent) {
    return new Canary(
        List.of(new Canary.Weight(percent, Duration.ofMinutes(1), List.of())),
        router,
        List.of(),
        match,
        Optional.empty(),
        Optional.empty());
  }

  private static Surveyed byPods(int percent) {
    return Surveyed.shop().canary(canary(Canary.REPLICAS, Optional.empty(), percent));
  }

  private static String refusal(Surveyed surveyed) {
    return String.valueOf(catchThrowableOfType(RefusedError.class, surveyed::prepare).getMessage());
  }

  @Test
  void tenPointsOffAreNearEnoughAndElevenAreNot() {
    assertThat(byPods(15).prepare().release().shifting()).isPresent();
    assertThat(refusal(byPods(14))).contains("step 14 %: beside 3 pods of shop");
  }

  @Test
  void serviceThatPrefersNearPodsIsRefusedWithTheFieldThatSaysSo() {
    String field = "service.kubernetes.io/topology-mode";
    assertThat(
            refusal(
                byPods(50)
                    .service("shop", doc -> doc.with("Auto", "metadata", "annotations", field))))
        .contains("Service shop prefers near pods (topology-mode Auto)");
    assertThat(
            refusal(
                byPods(50)
                    .service(
                        "shop", doc -> doc.with("PreferClose", "spec", "trafficDistribution"))))
        .contains("Service shop prefers near pods (trafficDistribution PreferClose)");
  }

  @Test
  void serviceThatSendsToPodsThatAreNotReadyIsRefused() {
    assertThat(
            refusal(
                byPods(50)
                    .service("shop", doc -> doc.with(true, "spec", "publishNotReadyAddresses"))))
        .contains("Service shop sends to pods that are not ready (publishNotReadyAddresses)");
  }

  @Test
  void clientsOfAHeadlessServiceChooseForThemselvesWhichIsSaid() {
    Prepared headless =
        byPods(50).service("shop", doc -> doc.with("None", "spec", "clusterIP")).prepare();
    assertThat(headless.warnings()).anyMatch(one -> one.startsWith("Service shop is headless"));
    assertThat(byPods(50).prepare().warnings()).noneMatch(one -> one.contains("headless"));
  }

  @Test
  void chosenUsersGoAheadOfTheSharesWhereARouteCanTellThem() {
    Doc route =
        Doc.of(
            "metadata",
            Doc.of("name", "web", "namespace", "web", "uid", "u-web", "generation", 1),
            "spec",
            Doc.of(
                "parentRefs",
                List.of(Doc.of("name", "gateway")),
                "rules",
                List.of(
                    Doc.of(
                        "backendRefs", List.of(Doc.of("name", "shop", "port", 80, "weight", 1))))));
    Optional<Match> match = Optional.of(new Match(Match.Part.HEADER, "x-canary", "yes"));
    Release release =
        Surveyed.shop()
            .routes(HTTP_ROUTE, route)
            .canary(canary(Canary.AUTO, match, 50))
            .prepare()
            .release();
    assertThat(release.match()).isEqualTo(match);
    assertThat(Steps.forward(release))
        .containsSubsequence(new Step.Attach(), new Step.MatchUsers(), new Step.Shift(0, 50));
  }
}
