package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rollout.core.Decision.Act;
import rollout.core.Decision.Advance;
import rollout.core.Observation.Interrupt;
import rollout.core.Observation.Request;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Marks;
import rollout.plan.Step;

/** What a look says of people and signals; and what is known of the first version's pods. */
class ObservationTests {
  @ParameterizedTest
  @CsvSource({
    "promote, false, true",
    "resume, false, true",
    "pause, true, false",
    "rollback, false, false"
  })
  void wordThatHoldsAndWordThatLetsGo(String verb, boolean pauses, boolean goesOn) {
    Request request = new Request(verb, false, "ada");
    assertThat(request.pauses()).isEqualTo(pauses);
    assertThat(request.goesOn()).isEqualTo(goesOn);
  }

  @ParameterizedTest
  @CsvSource({
    "GO_BACK, false",
    "LEAVE, false",
    "GO_BACK_TERMINATED, true",
    "LEAVE_TERMINATED, true"
  })
  void onlyATerminatedProcessIsKilledSoon(Interrupt interrupt, boolean killed) {
    assertThat(interrupt.terminated()).isEqualTo(killed);
  }

  @Test
  void firstVersionGetsItsPodsAndIsReadyWithAllOfThem() {
    RolloutState start = Seen.in(Seen.install(), Step.StartInstalled.class);
    Seen none = Seen.at(start).candidate(doc -> doc.with(2, "spec", "replicas"));
    assertThat(ForwardSteps.startInstalled(none.sight()))
        .isEqualTo(new Act(Writes.scale(none.candidate(), 3), "the first version gets its pods"));
    assertThat(ForwardSteps.startInstalled(Seen.at(start).sight()))
        .isEqualTo(new Advance(start.next(Seen.NOW), "3 of 3 pods of shop ready"));
    Advance gone = (Advance) ForwardSteps.startInstalled(Seen.at(start).noCandidate().sight());
    assertThat(gone.why()).isEqualTo("Deployment shop was deleted or made anew by somebody else");
  }

  @Test
  void templateOfAFirstReleaseIsFoundInItsOwnReplicaSet() {
    RolloutState expose = Seen.in(Seen.install(), Step.Expose.class);
    assertThat(Decider.workload(expose, Seen.at(expose).look())).isEqualTo("shop-ccc");
    Seen other =
        Seen.at(expose)
            .noSet("rs-c")
            .set(Seen.replicaSet("mail-ccc", "rs-m", "m-uid", "ccc", Seen.NEW));
    assertThat(Decider.workload(expose, other.look())).isEmpty();
  }

  @Test
  void copyIsOneOnlyWithBothOfItsMarks() {
    Deployment plain = new Deployment(Seen.deployment("shop-fresh", "f-uid", 1, Seen.OLD));
    assertThat(FreshCopy.isOne(plain, "shop")).isFalse();
    Doc marked =
        plain
            .doc()
            .with(Marks.MANAGER, "metadata", "labels", Marks.MANAGED_BY)
            .with("shop", "metadata", "labels", Marks.TARGET);
    assertThat(FreshCopy.isOne(new Deployment(marked), "shop")).as("no role").isFalse();
  }
}
