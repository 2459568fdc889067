package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.JobName;
import rollout.plan.Release.PreviewService;
import rollout.plan.Release.Proof;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Steered;
import rollout.plan.Step;
import rollout.router.Route;

/** One mark alone, somewhere in the namespace: what it tells of the release. */
class RecoveryRemainsTests {
  private static final Kind INGRESS = new Kind("networking.k8s.io/v1", "Ingress", "ingresses");
  private static final Doc SHOP = Remains.service("shop", Seen.ORIGINAL);
  private static final Doc STABLE = Seen.deployment("shop", "d-uid", 3, Seen.OLD);
  private static final Doc ON_SHOP =
      Writes.state(Seen.in(Seen.copy(), Step.Bake.class), Seen.SHOP, "switched", Seen.CANDIDATE);
  private static final Doc CLAIM = Writes.claim(Seen.in(Seen.copy(), Step.Bake.class));
  private static final Doc SWAPPED = CLAIM.with("swap", "promotion").with(5, "revision");
  private static final Route ROUTE = Routes.HTTP;

  private static Remains remains() {
    return new Remains().service(SHOP).deployment(STABLE);
  }

  private static Remains switched() {
    return new Remains().service(Remains.stamped("shop", Seen.CANDIDATE, ON_SHOP));
  }

  private static Remains claimed(Doc claim) {
    return new Remains().service(SHOP).deployment(Remains.claimed(STABLE, claim));
  }

  // ---- marks of others

  @Test
  void marksOfAnotherTargetTellNothing() {
    Doc state = ON_SHOP.with("cart", "target");
    Doc preview = state.with("preview", "phase");
    Remains others =
        new Remains()
            .service(SHOP)
            .service(Remains.stamped("cart", Seen.CANDIDATE, state))
            .service(Remains.stamped("cart-next", Seen.CANDIDATE, preview))
            .service(Remains.made(Remains.service("cart-preview", Seen.CANDIDATE), "cart"))
            .deployment(Remains.claimed(STABLE, CLAIM.with("cart", "target")))
            .routes(INGRESS, Remains.made(ingress("cart-canary"), "cart"), ingress("shop"));
    assertThat(others.found()).isEmpty();
  }

  // ---- Services

  @Test
  void furtherServicesAreKnownByTheTargetInTheirState() {
    Doc onAdmin = ON_SHOP.with(Map.of("app", "admin"), "original");
    Doc preview = ON_SHOP.with("preview", "phase");
    Release release =
        switched()
            .service(Remains.stamped("shop-admin", Seen.CANDIDATE, onAdmin))
            .service(Remains.stamped("cart", Seen.CANDIDATE, ON_SHOP.with("cart", "target")))
            .service(Remains.stamped("shop-next", Seen.CANDIDATE, preview))
            .service(Remains.service("mail", Seen.CANDIDATE))
            .release();
    Selector original = new Selector(Map.of("app", "admin"));
    assertThat(release.services())
        .containsExactly(
            new Steered("shop", "shop-uid", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE),
            new Steered("shop-admin", "shop-admin-uid", original, Seen.STABLE, Seen.CANDIDATE));
  }

  @Test
  void theNewestStampTellsWhoseReleaseItIs() {
    Doc newer = ON_SHOP.with(8, "epoch").with("you", "by");
    RolloutState found =
        switched().service(Remains.stamped("shop-admin", Seen.CANDIDATE, newer)).state();
    assertThat(found.epoch()).isEqualTo(8);
    assertThat(found.by()).isEqualTo("you");
  }

  @Test
  void aStateWithoutItsEpochTellsMoreThanNone() {
    Doc damaged = ON_SHOP.without("epoch").with("shop-blue", "stable", "name");
    Remains half = remains().service(Remains.stamped("shop-admin", Seen.CANDIDATE, damaged));
    assertThat(half.release().stable().name()).isEqualTo("shop-blue");
  }

  @Test
  void aPreviewOfTheUsersGetsItsSelectorBack() {
    Doc state =
        ON_SHOP.with("preview", "phase").with(Map.of("app", "shop", "stage", "next"), "original");
    Release release =
        new Remains()
            .service(Remains.service("mail", Seen.ORIGINAL))
            .service(Remains.stamped("cart-next", Seen.CANDIDATE, state.with("cart", "target")))
            .service(Remains.stamped("shop-admin", Seen.CANDIDATE, ON_SHOP))
            .service(Remains.stamped("shop-next", Seen.CANDIDATE, state))
            .service(SHOP)
            .release();
    Selector before = new Selector(Map.of("app", "shop", "stage", "next"));
    assertThat(release.preview())
        .contains(new PreviewService("shop-next", "shop-next-uid", before));
  }

  @Test
  void aPreviewOfTheProgramsIsKnownByItsLabels() {
    Doc made = Remains.made(Remains.service("shop-preview", Seen.CANDIDATE), "shop");
    PreviewService preview = remains().service(made).release().preview().orElseThrow();
    assertThat(preview.name()).isEqualTo("shop-preview");
    assertThat(preview.made()).isTrue();
  }

  @Test
  void aTargetThatAFirstReleaseMadeIsNoPreviewOfItself() {
    Doc own = Remains.made(SHOP, "shop");
    assertThat(new Remains().service(own).deployment(STABLE).found()).isEmpty();
    Doc stamped = Remains.made(Remains.stamped("shop", Seen.CANDIDATE, ON_SHOP), "shop");
    assertThat(new Remains().service(stamped).release().preview()).isEmpty();
  }

  // ---- a claim alone

  @Test
  void aClaimAloneTellsRevisionFormAndNames() {
    Release release =
        claimed(SWAPPED.with("shop-blue", "stable").with("shop-green", "candidate")).release();
    assertThat(release.revision()).isEqualTo(5);
    assertThat(release.form()).isEqualTo(Form.SWAP);
    assertThat(release.stable().name()).isEqualTo("shop-blue");
    assertThat(release.candidate().name()).isEqualTo("shop-green");
  }

  @Test
  void aStateAloneTellsRevisionAndForm() {
    Doc state = ON_SHOP.with("swap", "promotion").with(5, "revision");
    Release release =
        new Remains().service(Remains.stamped("shop", Seen.CANDIDATE, state)).release();
    assertThat(release.revision()).isEqualTo(5);
    assertThat(release.form()).isEqualTo(Form.SWAP);
  }

  @Test
  void aFormThatNobodyKnowsIsReadAsTheUsualOne() {
    Doc state = ON_SHOP.with("sideways", "promotion").with(5, "revision");
    Release release =
        new Remains().service(Remains.stamped("shop", Seen.CANDIDATE, state)).release();
    assertThat(release.form()).isEqualTo(Form.COPY);
  }

  // ---- what sizes stable

  @Test
  void aFloorThatNobodyHadSetIsNoneAgain() {
    Scaler none =
        new Scaler(Kind.AUTOSCALER, "shop", "h-uid", Optional.empty(), Scaler.Sizes.STABLE);
    RolloutState claimed = Seen.in(Seen.with(Seen.copy(), none), Step.Pin.class);
    RolloutState found = remains().scaler(Seen.autoscaler(2, "shop", claimed)).state();
    assertThat(found.release().scaler()).contains(none);
    assertThat(found.facts()).doesNotContainKey(ScalerSteps.FLOOR);
  }

  // ---- routes

  private static Doc ingress(String name) {
    Doc path = Doc.of("backend", Doc.of("service", Doc.of("name", "shop-r2")));
    return Doc.of(
        "metadata",
        Doc.of("name", name, "namespace", "web"),
        "spec",
        Doc.of("rules", List.of(Doc.of("http", Doc.of("paths", List.of(path))))));
  }

  @Test
  void theRoutesStandInTheClaimOrInTheStateOfTheTarget() {
    Release routed = Seen.routed(ROUTE, SteeredRoute.HEADER);
    RolloutState bakes = Seen.in(routed, Step.Bake.class);
    Doc state = Writes.state(bakes, Seen.SHOP, "switched", Seen.CANDIDATE);
    assertThat(claimed(Writes.claim(bakes)).release().shifting()).isEqualTo(routed.shifting());
    assertThat(
            new Remains()
                .service(Remains.stamped("shop", Seen.CANDIDATE, state))
                .release()
                .shifting())
        .isEqualTo(routed.shifting());
    assertThat(claimed(CLAIM).release().shifting()).isEmpty();
  }

  @Test
  void aCanaryIngressThatCameLateTellsOfARelease() {
    Shifting shifting =
        remains()
            .routes(INGRESS, ingress("shop"), Remains.made(ingress("shop-canary"), "shop"))
            .release()
            .shifting()
            .orElseThrow();
    assertThat(shifting.routes()).extracting(Route::name).containsExactly("shop-canary");
    assertThat(shifting.routes()).extracting(Route::candidate).containsExactly("shop-r2");
    assertThat(shifting.stages()).isEmpty();
  }

  // ---- the database

  @Test
  void aFreshPodOfStableAloneTellsOfARelease() {
    Doc fresh =
        Remains.made(Seen.deployment("shop-fresh", "f-uid", 1, Seen.OLD), "shop")
            .with(Map.of(Marks.ROLE, Marks.FRESH), "spec", "selector", "matchLabels");
    assertThat(remains().deployment(fresh).release().database().proof().flatMap(Proof::freshCopy))
        .contains("shop-fresh");
  }

  @Test
  void theMigrationIsTheJobOfThisRevision() {
    Release release =
        switched()
            .job(job("rollout-shop-r1-migrate", "spec-0"))
            .job(job("rollout-shop-r2-smoke", "spec-2"))
            .job(job("rollout-shop-r2-migrate", "spec-1"))
            .release();
    assertThat(release.migration()).contains(new JobName("rollout-shop-r2-migrate", "spec-1"));
    assertThat(switched().job(job("rollout-shop-r1-migrate", "spec-0")).release().migration())
        .isEmpty();
  }

  private static Doc job(String name, String hash) {
    return Doc.of("metadata", Doc.of("name", name, "annotations", Map.of(Marks.SPEC_HASH, hash)));
  }
}
