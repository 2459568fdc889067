package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Decision.Gate;
import rollout.core.Decision.Wait;
import rollout.core.RolloutState.Course;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Selector;
import rollout.plan.Materials;
import rollout.plan.Release;
import rollout.plan.Step;

class ForwardStepsTests {
  private static RolloutState in(Class<? extends Step> step) {
    return Seen.in(Seen.copy(), step);
  }

  private static Doc copy(String hash) {
    return Seen.deployment("shop-r2", "c-uid", 0, Seen.NEW)
        .with(hash, "metadata", "annotations", Marks.SPEC_HASH);
  }

  private static Materials deployment(Doc body) {
    return new Materials(
        Optional.of(body),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<String> back(Decision decision) {
    return decision instanceof Advance advance && advance.next().course() == Course.BACK
        ? advance.next().going().map(going -> going.cause() + ": " + going.reason())
        : Optional.empty();
  }

  @Test
  void claimsStableByAnAnnotationOnly() {
    Seen seen = Seen.at(in(Step.Claim.class));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.claim(
                    seen.stable(), seen.state(), Patch.none(), "", "claimed for revision 2"),
                "one release at a time works on Deployment shop"));
    Seen claimed = seen.stable(seen::claimed);
    assertThat(claimed.decide())
        .isEqualTo(new Advance(seen.state().next(Seen.NOW), "claimed shop"));
  }

  @Test
  void claimsTheUsersCandidateToo() {
    Seen seen = Seen.at(Seen.in(Seen.swap(), Step.Claim.class));
    Seen half = seen.stable(seen::claimed);
    assertThat(half.decide())
        .isInstanceOfSatisfying(
            Act.class, act -> assertThat(act.action().object().name()).isEqualTo("shop-green"));
  }

  @Test
  void createsTheCopyAsItWasPrepared() {
    Seen seen = Seen.at(in(Step.Create.class)).materials(deployment(copy("h")));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(new Action.Make(Kind.DEPLOYMENT, copy("h"), "no pods yet"), "made inert"));
  }

  @Test
  void knowsItsOwnObjectAgainAfterALostAnswer() {
    Seen seen =
        Seen.at(in(Step.Create.class)).materials(deployment(copy("h"))).candidate(copy("h"));
    assertThat(seen.decide())
        .isEqualTo(
            new Advance(
                seen.state().made("Deployment/shop-r2", "c-uid"), "made: Deployment shop-r2"));
  }

  @Test
  void doesNotTakeSomebodyElsesObjectOfTheSameName() {
    Seen seen =
        Seen.at(in(Step.Create.class)).materials(deployment(copy("h"))).candidate(copy("other"));
    assertThat(back(seen.decide()))
        .contains("REFUSED: Deployment shop-r2 exists already and is not of this release");
  }

  @Test
  void aNewDriverWithoutTheManifestGoesBack() {
    assertThat(back(Seen.at(in(Step.Create.class)).decide()))
        .contains(
            "REFUSED: Deployment shop-r2 was never made, and its manifest is gone with the process"
                + " that had it");
  }

  @Test
  void pausesThenWaitsForTheControllerThenComparesTheTemplate() {
    Seen seen = Seen.at(in(Step.PauseStable.class));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.claim(
                    seen.stable(),
                    seen.state(),
                    Patch.none().put(true, "spec", "paused"),
                    "paused: false",
                    "paused: true"),
                "an apply by somebody else must not replace the pods that serve"));
    Seen paused = seen.stable(doc -> doc.with(true, "spec", "paused"));
    assertThat(paused.decide()).isEqualTo(new Advance(seen.state().next(Seen.NOW), "paused shop"));
    Seen unseen = paused.stable(doc -> doc.with(2, "metadata", "generation"));
    assertThat(unseen.decide())
        .isEqualTo(new Wait(Seen.NOW.plusSeconds(60), "waiting until the pause is observed"));
  }

  @Test
  void goesBackWhenStableWasChangedBeforeThePause() {
    Seen seen =
        Seen.at(in(Step.PauseStable.class))
            .stable(doc -> doc.with(true, "spec", "paused").with(Seen.NEW, "spec", "template"));
    assertThat(back(seen.decide()))
        .contains("DRIFT: stable changed: somebody gave Deployment shop another template");
  }

  @Test
  void goesBackWhenThePodsThatServedAreGoneBeforeThePin() {
    Seen seen =
        Seen.at(in(Step.PauseStable.class))
            .stable(doc -> doc.with(true, "spec", "paused"))
            .noPods("s-");
    assertThat(back(seen.decide()))
        .contains("DRIFT: stable changed: ReplicaSet shop-aaa has no ready pod left");
  }

  @Test
  void pinsAndSeesThatTheEndpointsStay() {
    Seen seen = Seen.at(in(Step.Pin.class));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.steer(seen.shop("shop"), seen.state(), Seen.SHOP, "pinned", Seen.STABLE),
                "the candidate's pods must not match until they are proven"));
    Seen pinned = seen.shop(seen.stamped(Seen.STABLE, "pinned"));
    assertThat(pinned.decideAfterTwoLooks())
        .isEqualTo(new Advance(seen.state().next(Seen.NOW), "pinned"));
  }

  @Test
  void aPinThatLosesAnEndpointIsNotDone() {
    Seen seen = Seen.at(in(Step.Pin.class));
    seen.shop(seen.stamped(Seen.STABLE, "pinned")).endpoints("shop", "s-1", "s-2");
    assertThat(seen.decide()).isInstanceOf(Wait.class);
    assertThat(back(seen.after(Duration.ofSeconds(61)).decide()))
        .contains(
            "DEADLINE: the pinned Services are not as they must be: 2 endpoints of shop, 0 of"
                + " shop-r2");
  }

  @Test
  void aServiceThatListsPodsThatAreNotReadyIsPinnedAllTheSame() {
    Seen seen = Seen.at(in(Step.Pin.class)).pods("s-3", Seen::unready);
    seen.shop(seen.stamped(Seen.STABLE, "pinned")).endpoints("shop", "s-1", "s-2", "s-3");
    assertThat(seen.decideAfterTwoLooks().why()).isEqualTo("pinned");
  }

  @Test
  void aStableWithoutReadyPodsIsPinnedWithoutEndpoints() {
    Release release =
        Seen.with(
            Seen.copy(),
            new Release.Stable(
                "shop",
                "d-uid",
                3,
                "aaa",
                "shop-aaa",
                "rs-1",
                Seen.hash(Seen.OLD),
                false,
                true,
                Seen.WAS));
    Seen seen = Seen.at(Seen.in(release, Step.Pin.class)).noPods("s-");
    seen.shop(seen.stamped(Seen.STABLE, "pinned"));
    assertThat(seen.decideAfterTwoLooks().why()).isEqualTo("pinned");
  }

  @Test
  void givesTheCandidateAsManyPodsAsStableHasNow() {
    Seen seen =
        Seen.at(in(Step.StartCandidate.class)).stable(doc -> doc.with(4, "spec", "replicas"));
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                Writes.scale(seen.candidate(), 4),
                "the candidate gets as many pods as stable has"));
  }

  @Test
  void waitsUntilEveryPodIsReadyAndAvailable() {
    Seen seen = Seen.at(in(Step.Verify.class));
    RolloutState starting = in(Step.StartCandidate.class);
    assertThat(Decider.decide(starting, seen.look()))
        .isEqualTo(new Advance(starting.next(Seen.NOW), "3 of 3 pods of shop-r2 ready"));
    Seen almost = seen.candidate(doc -> doc.with(2, "status", "availableReplicas"));
    assertThat(Decider.decide(starting, almost.look()))
        .isEqualTo(
            new Wait(
                Seen.NOW.plus(Duration.ofMinutes(10)),
                "waiting for the candidate: 2 of 3 pods ready"));
  }

  @Test
  void aCandidateInTheMiddleOfItsOwnRolloutIsNotReady() {
    RolloutState starting = in(Step.StartCandidate.class);
    Seen seen =
        Seen.at(in(Step.Verify.class)).candidate(doc -> doc.with(1, "status", "updatedReplicas"));
    assertThat(Decider.decide(starting, seen.look())).isInstanceOf(Wait.class);
  }

  @Test
  void aCandidateThatIsNotReadyInTimeGoesBackWithTheReason() {
    RolloutState starting = in(Step.StartCandidate.class);
    Seen seen =
        Seen.at(in(Step.Verify.class))
            .pods("c-2", Seen::unready)
            .after(Duration.ofMinutes(10).plusMillis(1));
    assertThat(back(Decider.decide(starting, seen.look())))
        .contains("HEALTH: not ready in time: pod c-2 is not ready: probe failed");
  }

  @Test
  void aPersonPassesTheHold() {
    Release.Terms terms = Seen.terms();
    Release held =
        Seen.with(
            Seen.copy(),
            new Release.Terms(
                true,
                terms.bake(),
                List.of(),
                Optional.empty(),
                terms.limits(),
                terms.onNoData(),
                terms.onUndecided(),
                false));
    RolloutState hold = Seen.in(held, Step.Hold.class);
    Advance told = (Advance) Seen.at(hold).decide();
    assertThat(told.events())
        .singleElement()
        .satisfies(e -> assertThat(e.type()).isEqualTo("gate"));
    assertThat(Decider.decide(told.next(), Seen.at(hold).look()))
        .isEqualTo(
            new Gate(
                Seen.NOW.plus(Duration.ofHours(24)), "waiting for a person: rollout promote shop"));
    assertThat(Seen.at(hold).request("promote", false).decide().why()).isEqualTo("promoted by ada");
    assertThat(ForwardSteps.hold(Seen.at(hold).request("resume", false).sight()).why())
        .isEqualTo("waiting for a person");
    assertThat(back(Seen.at(hold).after(Duration.ofHours(25)).decide()))
        .contains("DEADLINE: nobody promoted it in time");
  }

  // ---- preview

  private static final Release PREVIEWED =
      Seen.with(
          Seen.copy(),
          Optional.of(new Release.PreviewService("shop-r2", "", new Selector(Map.of()))),
          Optional.empty());

  private static Doc preview(Selector selector, Map<String, String> labels) {
    return Doc.of(
        "metadata",
        Doc.of(
            "name", "shop-r2",
            "namespace", "web",
            "uid", "p-uid",
            "resourceVersion", "40",
            "labels", labels),
        "spec",
        Doc.of("selector", selector.doc()));
  }

  private static final Map<String, String> OURS =
      Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, "shop");

  @Test
  void thePreviewMustReachTheCandidateAndNothingElse() {
    RolloutState state = Seen.in(PREVIEWED, Step.Preview.class);
    Seen seen = Seen.at(state).shop(preview(Seen.CANDIDATE, OURS));
    assertThat(seen.decide())
        .isInstanceOfSatisfying(
            Act.class, act -> assertThat(act.action().object().name()).isEqualTo("shop-r2"));
  }

  @Test
  void aServiceThatSomebodyMadeUnderThePreviewsNameIsNotTaken() {
    RolloutState state = Seen.in(PREVIEWED, Step.Preview.class);
    assertThat(back(Seen.at(state).shop(preview(Seen.ORIGINAL, Map.of())).decide()))
        .contains("DRIFT: somebody made a Service shop-r2 meanwhile");
  }

  @Test
  void aPreviewThatWasMadeGoesEvenIfItWasNeverStamped() {
    RolloutState state = Seen.back(PREVIEWED, Step.Preview.class, Step.PreviewBack.class);
    assertThat(Seen.at(state).shop(preview(Seen.CANDIDATE, OURS)).decide())
        .isInstanceOfSatisfying(
            Act.class,
            act ->
                assertThat(act.action())
                    .isInstanceOfSatisfying(
                        Action.Remove.class,
                        remove -> assertThat(remove.uid()).isEqualTo("p-uid")));
    assertThat(Seen.at(state).shop(preview(Seen.ORIGINAL, Map.of())).decide().why())
        .isEqualTo("the preview is as it was");
  }

  // ---- first release

  @Test
  void theServiceOfAFirstReleaseComesLast() {
    RolloutState expose = Seen.in(Seen.install(), Step.Expose.class);
    Doc service = Doc.of("metadata", Doc.of("name", "shop"));
    Materials materials =
        new Materials(
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.of(service),
            Optional.empty(),
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    Seen seen = Seen.at(expose).materials(materials);
    assertThat(seen.decide())
        .isEqualTo(
            new Act(
                new Action.Make(Kind.SERVICE, service, "selector app=shop"),
                "the version is ready: the Service comes last"));
    Seen there = seen.shop(seen.service(Seen.ORIGINAL));
    assertThat(there.decideAfterTwoLooks().why()).startsWith("observed: ");
  }
}
