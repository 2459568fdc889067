package rollout.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rollout.core.RolloutState.GoingBack;
import rollout.model.Schema;
import rollout.plan.Form;
import rollout.plan.Release;
import rollout.plan.Release.Database;
import rollout.plan.Step;
import rollout.router.Route;

/** What a state says of its release: who has the requests, and where the database stands. */
class RolloutStateTests {
  private static final Route ROUTE = Routes.HTTP;
  private static final Release ROUTED = Seen.routed(ROUTE, SteeredRoute.HEADER);
  private static final Schema BEFORE = new Schema(4, 2);
  private static final Schema AFTER = new Schema(6, 3);
  private static final Release MIGRATING =
      Seen.with(
          Seen.copy(),
          new Database(
              Optional.of(Seen.MIGRATION),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              "",
              0,
              BEFORE,
              AFTER));

  // ---- requests

  @Test
  void theShareIsTheLastThatWasAskedFor() {
    assertThat(Seen.in(ROUTED, Step.MatchUsers.class).share()).isZero();
    assertThat(Seen.in(ROUTED, Step.Shift.class).share()).isEqualTo(25);
    assertThat(Seen.in(ROUTED, Step.Watch.class).share()).isEqualTo(25);
    assertThat(Seen.in(ROUTED, Step.Bake.class).share()).isEqualTo(100);
  }

  @Test
  void theSwitchAsksForAll() {
    assertThat(Seen.in(Seen.copy(), Step.Verify.class).share()).isZero();
    assertThat(Seen.in(Seen.copy(), Step.Switch.class).share()).isEqualTo(100);
    assertThat(Seen.in(Seen.copy(), Step.Drain.class).share()).isEqualTo(100);
  }

  @Test
  void goingBackNothingIsAskedForTheCandidate() {
    assertThat(Seen.back(ROUTED, Step.Watch.class, Step.TrafficBack.class).share()).isZero();
    assertThat(Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class).serves())
        .isEqualTo("all on shop");
  }

  @Test
  void whoServesIsSaidWithPercentsOnlyWhereBothDo() {
    assertThat(Seen.in(ROUTED, Step.MatchUsers.class).serves()).isEqualTo("all on shop");
    assertThat(Seen.in(ROUTED, Step.Watch.class).serves())
        .isEqualTo("75 % on shop, 25 % on shop-r2");
    assertThat(Seen.in(ROUTED, Step.Bake.class).serves()).isEqualTo("all on shop-r2");
  }

  // ---- the database

  private static RolloutState failed(RolloutState state) {
    GoingBack going = state.going().orElseThrow();
    return state.going(
        new GoingBack(
            Cause.JOB,
            "the Job failed",
            going.leftAt(),
            going.shifted(),
            going.detected(),
            going.decided(),
            going.written(),
            going.observed()));
  }

  private static RolloutState left(Class<? extends Step> step) {
    return Seen.back(MIGRATING, step, Step.TrafficBack.class);
  }

  @Test
  void theDatabaseIsMigratedWhenTheJobLiesBehind() {
    assertThat(Seen.in(MIGRATING, Step.Create.class).migrated()).isFalse();
    assertThat(Seen.in(MIGRATING, Step.RunJob.class).migrated()).isFalse();
    assertThat(Seen.in(MIGRATING, Step.PauseStable.class).migrated()).isTrue();
    assertThat(Seen.in(Seen.copy(), Step.Bake.class).migrated()).as("no migration").isFalse();
  }

  @Test
  void aMigrationThatRanOnWhileTheReleaseWentBackHasMigratedUnlessItFailed() {
    assertThat(left(Step.Create.class).migrated()).isFalse();
    assertThat(left(Step.RunJob.class).migrated()).isTrue();
    assertThat(failed(left(Step.RunJob.class)).migrated()).isFalse();
    assertThat(failed(left(Step.Verify.class)).migrated()).as("another Job failed, later").isTrue();
  }

  @Test
  void theSchemaIsTheNewOneOnceItIsMigrated() {
    assertThat(Seen.in(MIGRATING, Step.RunJob.class).schema()).isEqualTo(BEFORE);
    assertThat(Seen.in(MIGRATING, Step.PauseStable.class).schema()).isEqualTo(AFTER);
  }

  @Test
  void aContractionThatIsUnderWayKeepsOldVersionsOutAlready() {
    Release contracting = Seen.with(MIGRATING, Form.CONTRACT);
    RolloutState runs = Seen.in(contracting, Step.RunJob.class);
    assertThat(Seen.in(contracting, Step.Create.class).schema()).isEqualTo(BEFORE);
    assertThat(runs.schema()).isEqualTo(new Schema(4, 3));
    assertThat(runs.next(Seen.NOW).schema()).isEqualTo(AFTER);
  }

  // ---- the journal

  @Test
  void trafficIsFirstUntilItIsWrittenBack() {
    RolloutState written = Seen.back(Seen.copy(), Step.Bake.class, Step.TrafficBack.class);
    GoingBack going = written.going().orElseThrow();
    RolloutState turned =
        written.going(
            new GoingBack(
                going.cause(),
                going.reason(),
                going.leftAt(),
                going.shifted(),
                going.detected(),
                going.decided(),
                Optional.empty(),
                Optional.empty()));
    assertThat(turned.trafficFirst()).isTrue();
    assertThat(written.trafficFirst()).isFalse();
    assertThat(turned.next(Seen.NOW).trafficFirst()).isFalse();
    assertThat(Seen.in(Seen.copy(), Step.Claim.class).trafficFirst()).isFalse();
  }

  @Test
  void talliesAreNotInTheJournalButFactsAre() {
    RolloutState bakes = Seen.in(Seen.copy(), Step.Bake.class);
    assertThat(bakes.tried().sameInJournal(bakes)).isTrue();
    assertThat(bakes.noting("floor", "3").sameInJournal(bakes)).isFalse();
  }
}
