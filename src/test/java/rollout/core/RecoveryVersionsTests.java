package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rollout.document.Doc;
import rollout.model.Selector;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/** Which Deployments and which ReplicaSet are the two versions, by what is left of a release. */
class RecoveryVersionsTests {
  private static final Doc STABLE = Seen.deployment("shop", "d-uid", 3, Seen.OLD);
  private static final Doc ON_SHOP =
      Writes.state(Seen.in(Seen.copy(), Step.Bake.class), Seen.SHOP, "switched", Seen.CANDIDATE);

  private static Remains behind(Selector selector) {
    return new Remains().service(Remains.service("shop", selector));
  }

  /** The target has the state of the release on it. */
  private static Remains stamped() {
    return new Remains().service(Remains.stamped("shop", Seen.CANDIDATE, ON_SHOP));
  }

  // ---- the revision

  @Test
  void theHighestCopyTellsTheRevision() {
    Remains two =
        behind(Seen.ORIGINAL)
            .deployment(Remains.copy("shop-r3", "3"))
            .deployment(Remains.copy("shop-r4", "4"))
            .deployment(Remains.copy("shop-rx", "x"));
    assertThat(two.release().revision()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "12345678901", "-1"})
  void aLabelThatIsNoNumberTellsNoRevision(String label) {
    Remains odd = behind(Seen.ORIGINAL).deployment(Remains.copy("shop-r2", label));
    assertThat(odd.release().revision()).isEqualTo(8);
  }

  @Test
  void withoutACopyItIsTheOneBeforeTheNextAndNeverNone() {
    assertThat(behind(Seen.STABLE).nextRevision(9).release().revision()).isEqualTo(8);
    assertThat(behind(Seen.STABLE).nextRevision(1).release().revision()).isEqualTo(1);
  }

  // ---- stable

  @Test
  void withoutAnyNameStableIsWhatTheServiceMeans() {
    Doc cart = Seen.template("cart:v1", Map.of("app", "cart"));
    Remains nameless =
        behind(Seen.CANDIDATE)
            .deployment(Remains.copy("shop-r2", "2"))
            .deployment(Seen.deployment("cart", "cart-uid", 3, cart))
            .deployment(Seen.deployment("web-shop", "d-uid", 4, Seen.OLD));
    Stable stable = nameless.release().stable();
    assertThat(stable.name()).isEqualTo("web-shop");
    assertThat(stable.uid()).isEqualTo("d-uid");
    assertThat(stable.replicas()).isEqualTo(4);
  }

  @Test
  void ofTwoThatItMeansTheOneWithMorePodsIsStable() {
    Remains two =
        behind(Seen.CANDIDATE)
            .deployment(Seen.deployment("shop-old", "o-uid", 1, Seen.OLD))
            .deployment(Seen.deployment("shop-now", "d-uid", 3, Seen.OLD))
            .set("o-uid", "old", Seen.OLD, 1)
            .set("d-uid", "aaa", Seen.OLD, 3);
    assertThat(two.release().stable().name()).isEqualTo("shop-now");
  }

  @Test
  void aSwapIsPinnedWhereItsSelectorSaysMore() {
    Steered plain = Seen.swap().target();
    Steered pinned = new Steered("shop", "s-uid", plain.original(), Seen.STABLE, plain.candidate());
    assertThat(swap(plain).pinned()).isFalse();
    assertThat(swap(pinned).pinned()).isTrue();
  }

  private static Stable swap(Steered steered) {
    RolloutState bakes = Seen.in(Seen.with(Seen.swap(), steered), Step.Bake.class);
    Doc state = Writes.state(bakes, steered, "switched", steered.candidate());
    return new Remains()
        .service(Remains.stamped("shop", steered.candidate(), state))
        .release()
        .stable();
  }

  // ---- the ReplicaSet that served

  @Test
  void theStateNamesTheSetThatServed() {
    Remains both =
        stamped()
            .deployment(STABLE)
            .set("d-uid", "bbb", Seen.OLD, 3)
            .set("d-uid", "aaa", Seen.NEW, 0);
    assertThat(both.release().stable().replicaSet()).isEqualTo("shop-aaa");
  }

  @Test
  void withoutANameItIsTheOneWhoseHashTheTargetSelects() {
    Remains both =
        behind(Seen.STABLE)
            .deployment(STABLE)
            .set("d-uid", "bbb", Seen.OLD, 3)
            .set("d-uid", "aaa", Seen.NEW, 0);
    assertThat(both.release().stable().hash()).isEqualTo("aaa");
  }

  @Test
  void withoutAHashItIsTheOneWithTheMostReadyPods() {
    Remains three =
        behind(Seen.CANDIDATE)
            .deployment(STABLE)
            .set("d-uid", "ccc", Seen.OLD, 0)
            .set("d-uid", "aaa", Seen.NEW, 1)
            .set("d-uid", "bbb", Seen.NEW, 2);
    assertThat(three.release().stable().hash()).isEqualTo("bbb");
  }

  @Test
  void withoutReadyPodsItIsTheOneOfTheTemplate() {
    Remains none =
        behind(Seen.CANDIDATE)
            .deployment(STABLE)
            .set("d-uid", "aaa", Seen.NEW, 0)
            .set("d-uid", "bbb", Seen.OLD, 0);
    assertThat(none.release().stable().hash()).isEqualTo("bbb");
    assertThat(none.release().stable().templateHash()).isEqualTo(Seen.hash(Seen.OLD));
  }

  // ---- the candidate

  @Test
  void aCopyAloneIsTheCandidateWhateverItsName() {
    Remains left =
        behind(Seen.ORIGINAL).deployment(STABLE).deployment(Remains.copy("shop-next", "2"));
    assertThat(left.release().candidate().name()).isEqualTo("shop-next");
    assertThat(left.release().candidate().templateHash())
        .isEqualTo(Seen.copy().candidate().templateHash());
  }

  @Test
  void onlyACandidateOfTheUsersIsKnownByItsUid() {
    Doc copied = Remains.copy("shop-r2", "2");
    assertThat(stamped().deployment(copied).release().candidate().uid()).isEmpty();

    RolloutState bakes = Seen.in(Seen.swap(), Step.Bake.class);
    Steered shop = Seen.swap().target();
    Doc state = Writes.state(bakes, shop, "switched", shop.candidate());
    Remains swap = new Remains().service(Remains.stamped("shop", shop.candidate(), state));
    assertThat(swap.release().candidate().uid()).as("by the state").isEqualTo("c-uid");
    swap.deployment(Seen.deployment("shop-green", "new-uid", 3, Seen.NEW));
    assertThat(swap.release().candidate().uid()).as("as it is").isEqualTo("new-uid");
  }
}
