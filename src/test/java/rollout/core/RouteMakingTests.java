package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Wait;
import rollout.document.Doc;
import rollout.model.Ref;
import rollout.plan.Materials;
import rollout.plan.Release;
import rollout.plan.Step;
import rollout.router.Route;

/** The route of the user's file: made where there is none, found again after a lost answer. */
class RouteMakingTests {
  private static final Ref REF = new Ref(Routes.HTTP_ROUTE, "web", "entry");
  private static final Route ROUTE = Routes.http("entry", "", Optional.of(1));
  private static final Release RELEASE = Seen.giving(ROUTE, REF);

  private static Doc route(String service, boolean accepted) {
    Doc condition = Doc.of("status", "True", "observedGeneration", 1);
    List<Doc> conditions =
        List.of(condition.with("Accepted", "type"), condition.with("ResolvedRefs", "type"));
    Doc parent = Doc.of("name", "gateway");
    Doc backend = Doc.of("name", service, "port", 80, "weight", 1);
    Doc bare =
        Doc.of(
            "metadata",
            Doc.of("name", "entry", "namespace", "web", "uid", "u-9", "generation", 1),
            "spec",
            Doc.of(
                "parentRefs",
                List.of(parent),
                "rules",
                List.of(Doc.of("backendRefs", List.of(backend)))));
    return accepted
        ? bare.with(
            List.of(Doc.of("parentRef", parent, "conditions", conditions)), "status", "parents")
        : bare;
  }

  private static final Materials MATERIALS =
      new Materials(
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          List.of(),
          Optional.of(route("shop", false).without("metadata", "uid")),
          Optional.empty());

  private static Seen seen() {
    return Seen.at(Seen.in(RELEASE, Step.CreateRoute.class)).materials(MATERIALS);
  }

  private static Seen made() {
    return Seen.at(Seen.in(RELEASE, Step.CreateRoute.class).made("HTTPRoute/entry", "u-9"));
  }

  private static String back(Decision decision) {
    return ((Advance) decision).next().going().orElseThrow().reason();
  }

  @Test
  void isMadeAsGiven() {
    assertThat(seen().decide())
        .isEqualTo(
            new Act(
                new Action.Make(
                    Routes.HTTP_ROUTE, MATERIALS.route().orElseThrow(), "requests to shop"),
                "there was none; it stays"));
  }

  @Test
  void ofALostAnswerIsKnownAgainAlsoWithoutItsFile() {
    Seen seen =
        Seen.at(Seen.in(RELEASE, Step.CreateRoute.class)).route(ROUTE, route("shop", false));
    assertThat(((Advance) seen.decide()).next().uids()).containsEntry("HTTPRoute/entry", "u-9");
  }

  @Test
  void ofSomebodyElseThatSendsElsewhereIsLeftAlone() {
    assertThat(back(seen().route(ROUTE, route("mail", true)).decide()))
        .isEqualTo("HTTPRoute entry was made by somebody else meanwhile, and not as in the file");
  }

  @Test
  void withoutItsFileItCannotBeMade() {
    assertThat(back(Seen.at(Seen.in(RELEASE, Step.CreateRoute.class)).decide()))
        .contains("HTTPRoute entry was never made, and its file is gone");
  }

  @Test
  void isWaitedForUntilItsRouterTakesIt() {
    assertThat(made().route(ROUTE, route("shop", false)).decide()).isInstanceOf(Wait.class);
    assertThat(((Advance) made().route(ROUTE, route("shop", true)).decide()).next().current())
        .isNotEqualTo(Optional.of(new Step.CreateRoute()));
  }

  @Test
  void thatIsDeletedMeanwhileSendsBack() {
    assertThat(back(made().decide()))
        .isEqualTo("HTTPRoute entry was deleted or made anew by somebody else");
  }

  @Test
  void isTheReleasesOwnOnlyWhereNoFileGaveIt() {
    assertThat(RELEASE.makes(ROUTE)).isFalse();
    assertThat(Seen.giving(ROUTE, new Ref(Routes.HTTP_ROUTE, "web", "other")).makes(ROUTE))
        .isTrue();
  }

  @Test
  void thatIsMadeAnewMeanwhileSendsBack() {
    Doc other = route("shop", true).with("u-10", "metadata", "uid");
    assertThat(back(made().route(ROUTE, other).decide()))
        .isEqualTo("HTTPRoute entry was deleted or made anew by somebody else");
  }

  @Test
  void thatDividesOtherwiseIsNotAsInTheFile() {
    Doc backend = Doc.of("name", "shop", "port", 80, "weight", 7);
    Doc weighed =
        route("shop", true).with(List.of(Doc.of("backendRefs", List.of(backend))), "spec", "rules");
    assertThat(back(seen().route(ROUTE, weighed).decide())).endsWith("and not as in the file");
  }

  @Test
  void withoutAUidItIsKnownByItsStateOrByWhereItSends() {
    Doc elsewhere = route("mail", true);
    Doc stamped =
        elsewhere.with(
            Map.of("rollout/state", Doc.of("percent", 25).json()), "metadata", "annotations");
    assertThat(mayBeOurs(RELEASE, route("shop", true))).isTrue();
    assertThat(mayBeOurs(RELEASE, elsewhere)).isFalse();
    assertThat(mayBeOurs(RELEASE, stamped)).isTrue();
    assertThat(mayBeOurs(Seen.giving(ROUTE, new Ref(Routes.HTTP_ROUTE, "web", "other")), elsewhere))
        .as("one that the release makes without a file")
        .isTrue();
  }

  private static boolean mayBeOurs(Release release, Doc live) {
    Sight sight = Seen.at(Seen.in(release, Step.CreateRoute.class)).sight();
    return RouteMaking.mayBeOurs(sight, live, ROUTE);
  }
}
