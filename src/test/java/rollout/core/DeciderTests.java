package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import rollout.core.Decision.Finish;
import rollout.core.Outcome.Result;
import rollout.core.RolloutState.Course;
import rollout.plan.Release;
import rollout.plan.Step;

class DeciderTests {
  private static RolloutState ended(Release release) {
    RolloutState last = Seen.in(release, Step.Claim.class);
    while (last.current().isPresent()) {
      last = last.next(Seen.NOW);
    }
    return last;
  }

  @Test
  void aGoodCopyEndsOnStable() {
    RolloutState end = ended(Seen.copy());
    String says = "done: traffic of shop is all on shop (revision 2), observed";
    Seen seen = Seen.at(Seen.in(Seen.copy(), Step.Free.class));
    assertThat(Decider.decide(end, seen.shop(seen.service(Seen.ORIGINAL)).look()))
        .isEqualTo(
            new Finish(
                new Outcome(Result.DONE, 2, "all on shop (revision 2), observed", says),
                true,
                says));
  }

  @Test
  void aGoodSwapEndsOnTheCandidate() {
    RolloutState end = ended(Seen.swap());
    Seen seen = Seen.at(Seen.in(Seen.swap(), Step.Free.class));
    Finish finish =
        (Finish)
            Decider.decide(end, seen.shop(seen.service(Seen.swap().target().candidate())).look());
    assertThat(finish.outcome().traffic()).isEqualTo("all on shop-green (revision 2), observed");
    assertThat(Decider.workload(end, seen.look())).isEqualTo("shop-green");
  }

  @Test
  void aGoodCopysTemplateIsFoundInStablesReplicaSet() {
    Seen seen = Seen.at(Seen.in(Seen.copy(), Step.Free.class));
    assertThat(Decider.workload(seen.state(), seen.look())).isEqualTo("shop-aaa");
  }

  @Test
  void aReleaseThatWentBackSaysWhyAndWhereTrafficIs() {
    RolloutState end = Seen.back(Seen.copy(), Step.Bake.class, Step.Free.class).next(Seen.NOW);
    Seen seen = Seen.at(end).stable(doc -> doc.without("metadata", "annotations"));
    String says = "rolled back: it crashed. Traffic: all on shop, observed";
    assertThat(Decider.decide(end, seen.shop(seen.service(Seen.ORIGINAL)).look()))
        .isEqualTo(
            new Finish(
                new Outcome(Result.ROLLED_BACK, 2, "all on shop, observed", says), true, says));
  }

  @Test
  void theRunnerCanGiveUpOnlyWhereThereIsAWayBack() {
    RolloutState bake = Seen.in(Seen.copy(), Step.Bake.class);
    assertThat(Decider.giveUp(bake, Observation.nothing(Seen.NOW), Cause.REFUSED, "no"))
        .hasValueSatisfying(advance -> assertThat(advance.next().course()).isEqualTo(Course.BACK));
    RolloutState drain = Seen.in(Seen.copy(), Step.Drain.class);
    assertThat(Decider.giveUp(drain, Observation.nothing(Seen.NOW), Cause.REFUSED, "no")).isEmpty();
  }
}
