package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.document.Doc;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.plan.Release.Steered;
import rollout.plan.Step;

/** Which of the objects that are there are those of the release. */
class SightTests {
  private final RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);

  private static Doc set(String uid, String owner, String hash, Doc template) {
    return Seen.replicaSet(uid, uid, owner, hash, template);
  }

  private static Doc pod(String name, String owner) {
    return Seen.pod(name, owner, Map.of("app", "shop"));
  }

  @Test
  void serviceMadeAnewIsAnotherOne() {
    Seen seen = Seen.at(bake);
    assertThat(seen.sight().service(Seen.SHOP)).isPresent();
    seen.shop(seen.service(Seen.ORIGINAL).with("another", "metadata", "uid"));
    assertThat(seen.sight().service(Seen.SHOP)).isEmpty();
    Steered made = new Steered("shop", "", Seen.ORIGINAL, Seen.ORIGINAL, Seen.ORIGINAL);
    assertThat(seen.sight().service(made)).as("a first release makes it").isPresent();
  }

  @Test
  void candidateThatSomebodyElseMadeIsNotThatOfALostAnswer() {
    RolloutState create = Seen.in(Seen.copy(), Step.Create.class);
    Map<String, String> ours =
        Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop", Marks.REVISION, "2");
    Doc made = Seen.deployment("shop-r2", "x-uid", 3, Seen.NEW).with(ours, "metadata", "labels");
    assertThat(Seen.at(create).candidate(made).sight().candidateUid()).isEqualTo("x-uid");
    for (String mark : ours.keySet()) {
      Doc other = made.with("other", "metadata", "labels", mark);
      assertThat(Seen.at(create).candidate(other).sight().candidateUid()).as(mark).isEmpty();
    }
  }

  @Test
  void stablesPodsAreThoseOfTheTemplateThatServed() {
    Sight sight =
        Seen.at(bake)
            .set(set("again", "d-uid", "aaa", Seen.OLD))
            .set(set("newer", "d-uid", "bbb", Seen.NEW))
            .set(set("foreign", "other", "aaa", Seen.OLD))
            .pod(pod("x-1", "again"))
            .pod(pod("x-2", "newer"))
            .pod(pod("x-3", "foreign"))
            .pod(pod("x-4", "nobody"))
            .pods("s-1", Seen::unready)
            .sight();
    assertThat(sight.stablePods())
        .extracting(Pod::name)
        .containsExactly("s-1", "s-2", "s-3", "x-1");
    assertThat(sight.stableReady()).extracting(Pod::name).containsExactly("s-2", "s-3", "x-1");
  }

  @Test
  void setThatServedIsNoOtherOne() {
    Seen seen = Seen.at(bake);
    assertThat(seen.sight().setThatServed()).map(ReplicaSet::uid).contains("rs-1");
    Seen gone = seen.noSet("rs-1");
    assertThat(gone.sight().setThatServed()).isEmpty();
    assertThat(gone.set(set("again", "d-uid", "aaa", Seen.OLD)).sight().setThatServed())
        .as("the same template")
        .map(ReplicaSet::uid)
        .contains("again");
  }

  @Test
  void currentSetOfStableIsItsOwnAndHasItsTemplate() {
    Seen seen =
        Seen.at(bake)
            .noSet("rs-1")
            .set(set("foreign", "other", "aaa", Seen.OLD))
            .set(set("newer", "d-uid", "bbb", Seen.NEW));
    assertThat(seen.sight().currentSetOfStable()).isEmpty();
    assertThat(seen.set(set("again", "d-uid", "aaa", Seen.OLD)).sight().currentSetOfStable())
        .map(ReplicaSet::uid)
        .contains("again");
  }

  private static Doc fresh(String uid) {
    return Seen.deployment("shop-fresh", uid, 1, Seen.OLD)
        .with(Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop"), "metadata", "labels")
        .with(Marks.FRESH, "spec", "selector", "matchLabels", Marks.ROLE);
  }

  private static Optional<String> found(RolloutState state, Doc live) {
    return Seen.at(state).freshCopy(live).sight().freshCopy().map(one -> one.uid());
  }

  @Test
  void freshCopyIsTheOneOfThisRelease() {
    assertThat(found(bake, fresh("f-uid"))).contains("f-uid");
    RolloutState made = bake.made("Deployment/shop-fresh", "f-uid");
    assertThat(found(made, fresh("f-uid"))).contains("f-uid");
    assertThat(found(made, fresh("another"))).isEmpty();
    assertThat(found(bake, fresh("f-uid").with("cart", "metadata", "labels", Marks.TARGET)))
        .as("that of another Service")
        .isEmpty();
  }

  @Test
  void trafficIsToldInThePartsThatPeopleKnow() {
    Seen seen = Seen.at(bake).pod(pod("x-1", "nobody"));
    seen.endpoints("shop", "s-1", "c-1", "c-2", "x-1");
    assertThat(seen.sight().traffic()).isEqualTo("1 endpoints of shop, 2 of shop-r2, 1 of others");
    assertThat(seen.sight().observedPercent()).isEqualTo(50);
    assertThat(seen.endpoints("shop").sight().observedPercent()).isEqualTo(-1);
  }

  @Test
  void sendsOnlyWhereAllOfThemAndNoOthersTakeTraffic() {
    Seen seen = Seen.at(bake).pods("c-3", Seen::unready);
    Sight all = seen.endpoints("shop", "c-1", "c-2").sight();
    assertThat(all.sendsOnlyTo("shop", all.candidateReady())).isTrue();
    Sight listed = seen.endpoints("shop", "c-1", "c-2", "c-3").sight();
    assertThat(listed.sendsOnlyTo("shop", listed.candidateReady()))
        .as("a Service may list pods that are not ready")
        .isTrue();
    Sight one = seen.endpoints("shop", "c-1").sight();
    assertThat(one.sendsOnlyTo("shop", one.candidateReady())).isFalse();
    Sight mixed = seen.endpoints("shop", "c-1", "c-2", "s-1").sight();
    assertThat(mixed.sendsOnlyTo("shop", mixed.candidateReady())).isFalse();
    Sight none = seen.endpoints("shop").sight();
    assertThat(none.sendsOnlyTo("shop", List.of())).isFalse();
  }
}
