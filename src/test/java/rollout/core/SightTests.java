package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Selector;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/** Whose objects a release takes for its own, among others of the same names and labels. */
class SightTests {
  private static final RolloutState BAKES = Seen.in(Seen.copy(), Step.Bake.class);
  private static final Map<String, String> HASHED =
      Map.of("app", "shop", Selector.TEMPLATE_HASH, "aaa");

  @Test
  void aServiceOfAnotherUidIsNotTheOneOfTheStart() {
    Steered others = new Steered("shop", "other", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    Steered unborn = new Steered("shop", "", Seen.ORIGINAL, Seen.STABLE, Seen.CANDIDATE);
    Sight sight = Seen.at(BAKES).sight();
    assertThat(sight.service(Seen.SHOP)).isPresent();
    assertThat(sight.service(others)).isEmpty();
    assertThat(sight.service(unborn)).as("there was none at the start").isPresent();
  }

  // ---- the candidate

  @Test
  void aCopyOfALostAnswerIsKnownByAllOfItsMarks() {
    RolloutState creates = Seen.in(Seen.copy(), Step.Create.class);
    Doc copy = Remains.copy("shop-r2", "2");
    assertThat(candidate(creates, copy)).isEqualTo("shop-r2-uid");
    assertThat(candidate(creates, copy.with("3", "metadata", "labels", Marks.REVISION)))
        .as("of another revision")
        .isEmpty();
    assertThat(candidate(creates, copy.with("helm", "metadata", "labels", Marks.MANAGED_BY)))
        .as("of somebody else")
        .isEmpty();
    assertThat(candidate(creates, copy.with("cart", "metadata", "labels", Marks.TARGET)))
        .as("for another target")
        .isEmpty();
  }

  private static String candidate(RolloutState state, Doc live) {
    return Seen.at(state).candidate(live).sight().candidateUid();
  }

  // ---- stable's pods

  @Test
  void stablesPodsAreThoseOfTheSetThatServed() {
    Seen seen = Seen.at(BAKES);
    seen.pods("s-2", Seen::unready);
    assertThat(seen.sight().stablePods())
        .extracting(Pod::name)
        .containsExactly("s-1", "s-2", "s-3");
    assertThat(seen.sight().stableReady()).extracting(Pod::name).containsExactly("s-1", "s-3");
  }

  @Test
  void aSetMadeAnewServesOnlyWithTheSameHashAndOwner() {
    Seen seen =
        Seen.at(BAKES)
            .noPods("s-")
            .set(Seen.replicaSet("shop-bbb", "rs-b", "d-uid", "bbb", Seen.NEW))
            .set(Seen.replicaSet("cart-aaa", "rs-x", "x-uid", "aaa", Seen.OLD))
            .set(Seen.replicaSet("shop-aaa", "rs-9", "d-uid", "aaa", Seen.OLD))
            .pod(Seen.pod("b-1", "rs-b", HASHED))
            .pod(Seen.pod("x-1", "rs-x", HASHED))
            .pod(Seen.pod("n-1", "rs-9", HASHED));
    assertThat(seen.sight().stablePods()).extracting(Pod::name).containsExactly("n-1");
  }

  @Test
  void theSetThatServedIsFoundBehindOthers() {
    Seen seen =
        Seen.at(BAKES)
            .noSet("rs-1")
            .set(Seen.replicaSet("shop-bbb", "rs-b", "d-uid", "bbb", Seen.NEW))
            .set(Seen.replicaSet("shop-aaa", "rs-9", "d-uid", "aaa", Seen.OLD));
    assertThat(seen.sight().setThatServed().map(ReplicaSet::uid)).contains("rs-9");
  }

  @Test
  void theCurrentSetOfStableIsOneOfItsOwn() {
    Seen seen =
        Seen.at(BAKES)
            .noSet("rs-1")
            .set(Seen.replicaSet("cart-aaa", "rs-x", "x-uid", "aaa", Seen.OLD))
            .set(Seen.replicaSet("shop-bbb", "rs-b", "d-uid", "bbb", Seen.NEW));
    assertThat(seen.sight().currentSetOfStable()).isEmpty();
    seen.set(Seen.replicaSet("shop-aaa", "rs-9", "d-uid", "aaa", Seen.OLD));
    assertThat(seen.sight().currentSetOfStable().map(ReplicaSet::uid)).contains("rs-9");
  }

  // ---- the fresh pod of stable

  @Test
  void theFreshCopyIsTheOneThatThisReleaseMade() {
    Doc plain = Remains.made(Seen.deployment("shop-fresh", "f-uid", 1, Seen.OLD), "shop");
    Doc fresh = plain.with(Map.of(Marks.ROLE, Marks.FRESH), "spec", "selector", "matchLabels");
    RolloutState made = BAKES.made("Deployment/shop-fresh", "f-uid");
    assertThat(Seen.at(made).freshCopy(fresh).sight().freshCopy()).isPresent();
    assertThat(Seen.at(BAKES).freshCopy(fresh).sight().freshCopy())
        .as("after a lost answer its marks are enough")
        .isPresent();
    assertThat(Seen.at(made).freshCopy(plain).sight().freshCopy()).as("no role").isEmpty();
    RolloutState another = BAKES.made("Deployment/shop-fresh", "g-uid");
    assertThat(Seen.at(another).freshCopy(fresh).sight().freshCopy())
        .as("made anew by somebody")
        .isEmpty();
  }
}
