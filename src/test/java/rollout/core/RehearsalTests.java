package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Ref;
import rollout.plan.Form;
import rollout.plan.JobRole;
import rollout.plan.Materials;
import rollout.plan.Release;
import rollout.plan.Release.Steered;
import rollout.router.Route;

/**
 * What a server is asked about before a release begins, so that nothing is refused in its midst.
 */
class RehearsalTests {
  private static final Doc STABLE = Seen.deployment("shop", "d-uid", 3, Seen.OLD);

  private static Doc named(String name) {
    return Doc.of("metadata", Doc.of("name", name, "namespace", "web"));
  }

  private static Route route(String uid) {
    return Routes.http("entry", uid, Optional.of(1));
  }

  private static Doc entry(String name, String uid) {
    Doc backend = Doc.of("name", "shop", "weight", 1);
    Doc meta = Doc.of("name", name, "namespace", "web", "resourceVersion", "40");
    return Doc.of(
        "metadata",
        uid.isEmpty() ? meta : meta.with(uid, "uid"),
        "spec",
        Doc.of("rules", List.of(Doc.of("backendRefs", List.of(backend)))));
  }

  private static Remains remains() {
    return new Remains().service(Remains.service("shop", Seen.ORIGINAL)).deployment(STABLE);
  }

  private static List<Action> writes(Release release, Remains remains, Materials materials) {
    return Rehearsal.writes(
        RolloutState.begin(release, Seen.NOW, 7, "me"), remains.survey(), materials);
  }

  private static List<String> said(List<Action> actions) {
    return actions.stream().map(one -> one.verb() + " " + one.object()).toList();
  }

  private static Doc applied(Action action, Doc live) {
    try {
      return ((Action.Change) action).patch().apply(live);
    } catch (Patch.Refused e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyServiceIsTriedOnTheWayForwardAndBack() {
    Steered admin = new Steered("shop-admin", "a-uid", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    Steered gone = new Steered("shop-old", "o-uid", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    Remains remains = remains().service(Remains.service("shop-admin", Seen.ORIGINAL));
    List<Action> all =
        writes(Seen.with(Seen.copy(), Seen.SHOP, admin, gone), remains, Materials.NONE);
    assertThat(all.subList(0, 4))
        .extracting(one -> one.object().name() + " to " + one.to())
        .containsExactly(
            "shop to " + Seen.CANDIDATE,
            "shop to " + Seen.STABLE,
            "shop-admin to " + Seen.CANDIDATE,
            "shop-admin to " + Seen.STABLE);
    assertThat(all).hasSize(5);
    assertThat(applied(all.getLast(), STABLE).isTrue("spec", "paused"))
        .as("stable can be paused")
        .isTrue();
  }

  @Test
  void whereNoVersionMovesNothingIsSteeredOrPaused() {
    assertThat(writes(Seen.with(Seen.copy(), Form.CONTRACT), remains(), Materials.NONE)).isEmpty();
  }

  @Test
  void theFloorThatRisesIsTriedOnWhatSizesStable() {
    Doc other = Seen.autoscaler(2, "shop").with("other-uid", "metadata", "uid");
    Doc live = Seen.autoscaler(2, "shop");
    Remains remains = remains().scaler(other).scaler(live);
    List<Action> all = writes(Seen.scaled(), remains, Materials.NONE);
    assertThat(applied(all.getLast(), live).number(0, "spec", "minReplicas")).isEqualTo(3);
    assertThat(writes(Seen.scaled(), remains().scaler(other), Materials.NONE))
        .as("one of another uid is none of the release's")
        .hasSize(3);
  }

  @Test
  void allThatWillBeMadeIsTried() {
    Materials materials =
        new Materials(
            Optional.of(named("shop-r2")),
            Optional.empty(),
            Map.of(JobRole.MIGRATE, named("migrate")),
            Optional.of(named("shop-new")),
            Optional.of(named("shop-preview")),
            Map.of("files", named("files")),
            List.of(named("shop-r2").with("Service", "kind")),
            Optional.empty(),
            Optional.empty());
    assertThat(said(writes(Seen.copy(), new Remains(), materials)))
        .containsExactly(
            "create Deployment shop-r2",
            "create Service shop-r2",
            "create Job migrate",
            "create ConfigMap files",
            "create Service shop-new",
            "create Service shop-preview");
  }

  // ---- routes

  private static List<Action> routes(Release release, Doc... live) {
    return writes(release, new Remains().routes(Routes.HTTP_ROUTE, live), Materials.NONE);
  }

  @Test
  void theCandidatesServiceIsTriedInTheRoute() {
    Doc live = entry("entry", "r-uid");
    List<Action> all =
        routes(
            Seen.routed(route("r-uid"), SteeredRoute.HEADER),
            entry("other", "r-uid").with("41", "metadata", "resourceVersion"),
            entry("entry", "of-another").with("42", "metadata", "resourceVersion"),
            live);
    assertThat(said(all)).containsExactly("patch HTTPRoute entry");
    assertThat(((Action.Change) all.getFirst()).patch().json())
        .as("as it was read")
        .contains("\"/metadata/resourceVersion\",\"value\":\"40\"");
    Doc attached = applied(all.getFirst(), live);
    assertThat(attached.docs("spec", "rules").getFirst().docs("backendRefs"))
        .extracting(one -> one.textOrEmpty("name") + " " + one.number(-1, "weight"))
        .containsExactly("shop 100", "shop-r2 0");
    assertThat(RouteText.percent(attached)).isZero();
  }

  @Test
  void aRouteFromAFileIsTriedAsItWillBe() {
    Ref ref = new Ref(Routes.HTTP_ROUTE, "web", "entry");
    List<Action> all = routes(Seen.giving(route(""), ref), entry("entry", ""));
    assertThat(said(all)).containsExactly("create HTTPRoute entry");
    assertThat(((Action.Make) all.getFirst()).body().json()).contains("shop-r2");
  }

  @Test
  void aRouteOfTheReleasesOwnIsAmongWhatIsMade() {
    Release own = Seen.routed(route(""), SteeredRoute.HEADER);
    assertThat(routes(own, entry("entry", ""))).isEmpty();
  }
}
