package rollout.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;

class StepsTests {
  private static List<String> ids(List<Step> steps) {
    return steps.stream().map(Step::id).toList();
  }

  private static Surveyed full() {
    return Surveyed.shop()
        .migrate(Surveyed.job(Map.of("job", "migrate")))
        .smoke(Surveyed.job(Map.of("job", "smoke")));
  }

  @Test
  void aCopyWithEverything() {
    Release release = full().prepare().release();
    assertThat(ids(Steps.forward(release)))
        .containsExactly(
            "claim",
            "create",
            "migrate",
            "pause",
            "pin",
            "prove",
            "remove-fresh",
            "start",
            "preview",
            "smoke",
            "verify",
            "switch",
            "bake",
            "begin-settle",
            "settle",
            "switch-to-stable",
            "drain",
            "remove-candidate",
            "preview-back",
            "free");
    assertThat(ids(Steps.back(release)))
        .containsExactly(
            "traffic-back",
            "await-migration",
            "save-evidence",
            "preview-back",
            "remove-fresh",
            "remove-candidate",
            "free");
    assertThat(ids(Steps.backFromSettle(release)))
        .containsExactly("restore", "save-evidence", "preview-back", "remove-candidate", "free");
  }

  @Test
  void aPlainCopy() {
    assertThat(ids(Steps.forward(Surveyed.shop().prepare().release())))
        .doesNotContain("migrate", "preview", "smoke", "hold", "preview-back");
  }

  private static Surveyed swap(String service) {
    return Surveyed.empty()
        .service("shop", Map.of("app", "shop", service, service))
        .deployment("blue", Map.of("app", "shop", "color", "blue", service, service), 3)
        .deployment("green", Map.of("app", "shop", "color", "green", "all", "all"), 0)
        .to("green");
  }

  @Test
  void aSwapPausesOnlyWhereTheCandidatesPodsWouldMatch() {
    assertThat(ids(Steps.forward(swap("own").prepare().release())))
        .containsExactly(
            "claim",
            "create",
            "pin",
            "start",
            "verify",
            "switch",
            "bake",
            "begin-settle",
            "drain",
            "retire",
            "free");
    assertThat(ids(Steps.forward(swap("all").prepare().release()))).contains("pause");
  }

  @Test
  void aFirstReleaseHasItsServiceLastOfTheObjects() {
    Doc service =
        Doc.of(
            "kind", "Service",
            "metadata", Doc.of("name", "shop"),
            "spec", Doc.of("selector", Surveyed.SHOP));
    Release release =
        Surveyed.empty()
            .manifests(Surveyed.manifest("shop", "demo:v1"), service)
            .migrate(Surveyed.job(Map.of("job", "migrate")))
            .prepare()
            .release();
    assertThat(ids(Steps.forward(release))).containsExactly("create", "migrate", "start", "expose");
    assertThat(ids(Steps.back(release)))
        .containsExactly("await-migration", "save-evidence", "uninstall");
  }

  @Test
  void theMigrationComesBeforeAnyPodOfTheCandidateAndTheSwitchAfterEveryProof() {
    List<String> ids = ids(Steps.forward(full().prepare().release()));
    assertThat(ids.indexOf("migrate")).isLessThan(ids.indexOf("start"));
    assertThat(ids.indexOf("pause")).isLessThan(ids.indexOf("pin"));
    assertThat(ids.indexOf("pin")).isLessThan(ids.indexOf("start"));
    assertThat(ids.indexOf("verify")).isLessThan(ids.indexOf("switch"));
  }
}
