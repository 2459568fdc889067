package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Steered;

class SelectorsTests {
  private static Selector selector(String... labels) {
    Selector selector = new Selector(Map.of());
    for (String label : labels) {
      selector = selector.and(label.split("=")[0], label.split("=")[1]);
    }
    return selector;
  }

  private static Service service(Surveyed surveyed) {
    return surveyed.survey().service("shop").orElseThrow();
  }

  @Test
  void aCopyIsToldByRevisionAndStableByItsHash() {
    assertThat(Selectors.copy(service(Surveyed.shop()), "abc", 7, false))
        .isEqualTo(
            new Steered(
                "shop",
                "shop-s-uid",
                selector("app=shop"),
                selector("app=shop", "pod-template-hash=abc"),
                selector("app=shop", "rollout/revision=7")));
  }

  @Test
  void withoutAReplicaSetNothingCanBePinned() {
    assertThat(Selectors.copy(service(Surveyed.shop()), "", 7, false).stable())
        .isEqualTo(selector("app=shop"));
  }

  @Test
  void preparedTheTrackTellsAndTheOriginalIsSafe() {
    Surveyed surveyed =
        Surveyed.empty().service("shop", Map.of("app", "shop", Marks.TRACK, "stable"));
    Selector original = selector("app=shop", "rollout/track=stable");
    assertThat(Selectors.copy(service(surveyed), "abc", 7, true))
        .isEqualTo(
            new Steered(
                "shop",
                "shop-s-uid",
                original,
                original,
                selector("app=shop", "rollout/track=candidate")));
  }

  @Test
  void anAlsoServiceWithoutTheTrackIsPinnedByHashEvenThen() {
    assertThat(Selectors.copy(service(Surveyed.shop()), "abc", 7, true).stable())
        .isEqualTo(selector("app=shop", "pod-template-hash=abc"));
  }

  @Test
  void aSwapGoesByLabelsThatNoOtherPodCarries() {
    Surveyed surveyed =
        Surveyed.shop()
            .deployment("green", Map.of("app", "shop", "color", "green", "team", "web"), 0)
            .deployment("mail", Map.of("team", "web", "color", "red"), 1);
    assertThat(
            Selectors.swap(
                service(surveyed), surveyed.survey(), surveyed.deployment("green"), "abc", true))
        .contains(
            new Steered(
                "shop",
                "shop-s-uid",
                selector("app=shop"),
                selector("app=shop", "pod-template-hash=abc"),
                selector("color=green")));
  }

  @Test
  void aPodWithoutADeploymentCountsToo() {
    Surveyed surveyed =
        Surveyed.shop()
            .deployment("green", Map.of("app", "shop", "color", "green"), 0)
            .pod("odd", Map.of("color", "green"), Surveyed.owner("StatefulSet", "odd", "odd-uid"));
    assertThat(
            Selectors.swap(
                    service(surveyed),
                    surveyed.survey(),
                    surveyed.deployment("green"),
                    "abc",
                    false)
                .map(Steered::candidate))
        .contains(selector("app=shop", "color=green"));
  }
}
