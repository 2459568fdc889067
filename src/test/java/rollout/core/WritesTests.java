package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.core.Action.Change;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Kind;
import rollout.model.Match;
import rollout.model.Ref;
import rollout.model.Service;
import rollout.plan.Release.Steered;
import rollout.plan.Step;
import rollout.router.Route;

class WritesTests {
  private static final String PINNED =
      "{'target':'shop','revision':2,'epoch':7,'by':'me','way':'forward','phase':'pinned','promotion':'copy',"
          + "'stable':{'name':'shop','uid':'d-uid','replicas':3,'replicaSet':'shop-aaa'},"
          + "'candidate':{'name':'shop-r2','uid':'c-uid','replicas':0},"
          + "'original':{'app':'shop'},'pinned':{'app':'shop','pod-template-hash':'aaa'},"
          + "'switched':{'app':'shop','rollout/revision':'2'},"
          + "'now':{'app':'shop','pod-template-hash':'aaa'}}";
  private static final String CLAIM =
      "{'target':'shop','revision':2,'epoch':7,'by':'me','way':'forward',"
          + "'promotion':'copy','stable':'shop','candidate':'shop-r2'}";

  private final RolloutState forward = Seen.in(Seen.copy(), Step.Pin.class);
  private final RolloutState back = Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class);
  private final Seen seen = Seen.at(forward);

  /** JSON with single quotes; a JSON text within it stands in {@code <>}. */
  private static String json(String text) {
    StringBuilder all = new StringBuilder();
    boolean inner = false;
    for (char c : text.toCharArray()) {
      switch (c) {
        case '<', '>' -> {
          inner = c == '<';
          all.append('"');
        }
        case '\'' -> all.append(inner ? "\\\"" : "\"");
        default -> all.append(c);
      }
    }
    return all.toString();
  }

  private static String wayBack(String text) {
    return text.replace("forward", "back");
  }

  @Test
  void steersForwardOnTheVersionThatWasSeenAndMakesTheFirstAnnotation() {
    Change change = Writes.steer(seen.shop("shop"), forward, Seen.SHOP, "pinned", Seen.STABLE);
    assertThat(change.patch().json())
        .isEqualTo(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'20'},"
                    + "{'op':'add','path':'/metadata/annotations','value':{'rollout/state':<"
                    + PINNED
                    + ">}},"
                    + "{'op':'add','path':'/spec/selector','value':"
                    + "{'app':'shop','pod-template-hash':'aaa'}}]"));
    assertThat(change)
        .isEqualTo(
            new Change(
                new Ref(Kind.SERVICE, "web", "shop"),
                change.patch(),
                "app=shop",
                "app=shop,pod-template-hash=aaa",
                true,
                true));
  }

  @Test
  void leavesASelectorAloneThatIsAsWanted() {
    Change change =
        Writes.steer(
            new Service(seen.stamped(Seen.STABLE, "other")),
            forward,
            Seen.SHOP,
            "pinned",
            Seen.STABLE);
    assertThat(change.patch().json())
        .isEqualTo(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'20'},"
                    + "{'op':'add','path':'/metadata/annotations/rollout~1state','value':<"
                    + PINNED
                    + ">}]"));
    assertThat(change.traffic()).isFalse();
    assertThat(change.mustBeFresh()).isFalse();
  }

  @Test
  void steersBackTestingOnlyUidAndStampAndRaisesTheStampInTheSameRequest() {
    Service live = new Service(seen.stamped(Seen.CANDIDATE, "switched"));
    Change change = Writes.steerBack(live, back, Seen.SHOP, Seen.STABLE);
    String before =
        PINNED
            .replace("'phase':'pinned'", "'phase':'switched'")
            .replace(
                "'now':{'app':'shop','pod-template-hash':'aaa'}",
                "'now':{'app':'shop','rollout/revision':'2'}");
    assertThat(change.patch().json())
        .isEqualTo(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'s-uid'},"
                    + "{'op':'test','path':'/metadata/annotations/rollout~1state','value':<"
                    + before
                    + ">},"
                    + "{'op':'add','path':'/metadata/annotations/rollout~1state','value':<"
                    + wayBack(PINNED).replace("'phase':'pinned'", "'phase':'back'")
                    + ">},"
                    + "{'op':'add','path':'/spec/selector','value':"
                    + "{'app':'shop','pod-template-hash':'aaa'}}]"));
    assertThat(change.traffic()).isTrue();
    assertThat(change.mustBeFresh()).as("a way back waits for no look").isFalse();
  }

  @Test
  void steersBackAServiceWithoutAnyAnnotation() {
    Change change =
        Writes.steerBack(new Service(seen.service(Seen.CANDIDATE)), back, Seen.SHOP, Seen.STABLE);
    assertThat(change.patch().json())
        .startsWith(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'s-uid'},"
                    + "{'op':'test','path':'/metadata/annotations','value':null},"
                    + "{'op':'add','path':'/metadata/annotations','value':{'rollout/state':"));
  }

  @Test
  void steersBackAServiceWithOtherAnnotationsThatWasNeverStamped() {
    Service live =
        new Service(
            seen.service(Seen.CANDIDATE)
                .with(java.util.Map.of("a", "b"), "metadata", "annotations"));
    assertThat(Writes.steerBack(live, back, Seen.SHOP, Seen.STABLE).patch().json())
        .startsWith(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'s-uid'},"
                    + "{'op':'test','path':'/metadata/annotations/rollout~1state','value':null},"
                    + "{'op':'add','path':'/metadata/annotations/rollout~1state','value':"));
  }

  @Test
  void firstStampThatMovesNothingIsOfWhatWasSeen() {
    Service live = new Service(seen.service(Seen.ORIGINAL));
    assertThat(Writes.steerBack(live, back, Seen.SHOP, Seen.ORIGINAL).patch().json())
        .startsWith(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'20'},"
                    + "{'op':'test','path':'/metadata/uid','value':'s-uid'},"
                    + "{'op':'add','path':'/metadata/annotations','value':{'rollout/state':"));
  }

  @Test
  void aLaterStampMakesAWriteBackFail() {
    Service live = new Service(seen.stamped(Seen.CANDIDATE, "switched"));
    Patch patch = Writes.steerBack(live, back, Seen.SHOP, Seen.STABLE).patch();
    RolloutState other = forward.takenOver(8, "other", Seen.NOW);
    Service theirs = new Service(Seen.at(other).stamped(Seen.CANDIDATE, "switched"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> patch.apply(theirs.doc()))
        .isInstanceOf(Patch.Refused.class);
  }

  @Test
  void freesAServiceAndLeavesNothingOfOurs() throws Patch.Refused {
    Service live =
        new Service(seen.stamped(Seen.STABLE, "pinned").with("b", "metadata", "annotations", "a"));
    Change change = Writes.free(live, Seen.ORIGINAL, false);
    assertThat(change.patch().json())
        .isEqualTo(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'20'},"
                    + "{'op':'add','path':'/spec/selector','value':{'app':'shop'}},"
                    + "{'op':'remove','path':'/metadata/annotations/rollout~1state'}]"));
    assertThat(change.patch().apply(live.doc()))
        .isEqualTo(
            seen.service(Seen.ORIGINAL)
                .with(java.util.Map.of("a", "b"), "metadata", "annotations"));
  }

  @Test
  void claimsOnTheVersionThatWasSeen() {
    Change change =
        Writes.claim(
            new Deployment(Seen.deployment("shop", "d-uid", 3, Seen.OLD)),
            forward,
            Patch.none().put(true, "spec", "paused"),
            "paused: false",
            "paused: true");
    assertThat(change.patch().json())
        .isEqualTo(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'10'},"
                    + "{'op':'add','path':'/metadata/annotations/rollout~1claim','value':<"
                    + CLAIM
                    + ">},"
                    + "{'op':'add','path':'/spec/paused','value':true}]"));
  }

  @Test
  void claimsBackByUidAndClaimOnly() {
    Deployment live = new Deployment(seen.claimed(Seen.deployment("shop", "d-uid", 3, Seen.OLD)));
    assertThat(Writes.claimBack(live, back, Patch.none(), "", "").patch().json())
        .isEqualTo(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'d-uid'},"
                    + "{'op':'test','path':'/metadata/annotations/rollout~1claim','value':<"
                    + CLAIM
                    + ">},"
                    + "{'op':'add','path':'/metadata/annotations/rollout~1claim','value':<"
                    + wayBack(CLAIM)
                    + ">}]"));
  }

  @Test
  void unclaimsAndUnpausesInOneRequest() {
    Deployment live =
        new Deployment(
            seen.claimed(Seen.deployment("shop", "d-uid", 3, Seen.OLD))
                .with(true, "spec", "paused"));
    assertThat(Writes.unclaim(live, SettleSteps.unpaused(live), true, "", "").patch().json())
        .isEqualTo(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'d-uid'},"
                    + "{'op':'test','path':'/metadata/annotations/rollout~1claim','value':<"
                    + CLAIM
                    + ">},"
                    + "{'op':'remove','path':'/spec/paused'},"
                    + "{'op':'remove','path':'/metadata/annotations/rollout~1claim'}]"));
  }

  @Test
  void scalesForwardByVersionAndBackByUid() {
    Deployment live = seen.stable();
    assertThat(Writes.scale(live, 5).patch().json())
        .isEqualTo(
            json(
                "[{'op':'replace','path':'/metadata/resourceVersion','value':'10'},"
                    + "{'op':'add','path':'/spec/replicas','value':5}]"));
    assertThat(Writes.scaleBack(live, 0).patch().json())
        .isEqualTo(
            json(
                "[{'op':'test','path':'/metadata/uid','value':'d-uid'},"
                    + "{'op':'add','path':'/spec/replicas','value':0}]"));
  }

  @Test
  void routesStandOnTheTargetAlone() {
    Route route = Routes.TRAEFIK;
    Match match = new Match(Match.Part.HEADER, "x-canary", "yes");
    RolloutState state = Seen.in(Seen.routed(route, match), Step.Pin.class);
    Steered admin = new Steered("admin", "a-uid", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    assertThat(Writes.state(state, Seen.SHOP, "pinned", Seen.STABLE).has("shifting")).isTrue();
    assertThat(Writes.state(state, admin, "pinned", Seen.STABLE).has("shifting")).isFalse();
  }
}
