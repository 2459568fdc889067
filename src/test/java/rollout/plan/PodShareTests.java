package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.model.Match;
import rollout.strategy.Canary;

/** Where the share of the pods is that of the requests, and where it is not. */
class PodShareTests {
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

  @Test
  void tenPointsOffAreNearEnoughAndElevenAreNot() {
    assertThat(byPods(15).prepare().release().shifting()).isPresent();
    assertThat(byPods(14).refusal()).contains("step 14 %: beside 3 pods of shop");
  }

  @Test
  void serviceThatPrefersNearPodsIsRefusedWithTheFieldThatSaysSo() {
    String field = "service.kubernetes.io/topology-mode";
    assertThat(
            byPods(50)
                .service("shop", doc -> doc.with("Auto", "metadata", "annotations", field))
                .refusal())
        .contains("Service shop prefers near pods (topology-mode Auto)");
    assertThat(
            byPods(50)
                .service("shop", doc -> doc.with("PreferClose", "spec", "trafficDistribution"))
                .refusal())
        .contains("Service shop prefers near pods (trafficDistribution PreferClose)");
  }

  @Test
  void serviceThatSendsToPodsThatAreNotReadyIsRefused() {
    assertThat(
            byPods(50)
                .service("shop", doc -> doc.with(true, "spec", "publishNotReadyAddresses"))
                .refusal())
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
    Optional<Match> match = Optional.of(new Match(Match.Part.HEADER, "x-canary", "yes"));
    Release release =
        Surveyed.shop()
            .routes(Surveyed.HTTP_ROUTE, Surveyed.route("web", Surveyed.backend("shop", 1)))
            .canary(canary(Canary.AUTO, match, 50))
            .prepare()
            .release();
    assertThat(release.match()).isEqualTo(match);
    assertThat(Steps.forward(release))
        .containsSubsequence(new Step.Attach(), new Step.MatchUsers(), new Step.Shift(0, 50));
  }
}
