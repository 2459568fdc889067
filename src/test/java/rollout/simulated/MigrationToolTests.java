package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.migration.MigrationState;
import rollout.migration.MigrationText;
import rollout.migration.Standing;
import rollout.model.Event;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.RefusedError;
import rollout.sim.Behaviour;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.strategy.Preset;

/** A tool that the program knows is asked where the database stands, before and after. */
@ExtendWith(Seeds.class)
class MigrationToolTests {
  private static final String[] TWO_FILES = {"1_orders.up.sql", "2_note.up.sql"};

  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();

  private void says(String... lines) {
    scene
        .world()
        .behaviour(
            Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofSeconds(2)).log(List.of(lines)));
  }

  private Wish wish() {
    return new Wish().tool(Preset.GOLANG_MIGRATE, TWO_FILES);
  }

  private List<String> jobsInTheEnd() {
    scene.world().pass(Duration.ofMinutes(1));
    return jobs();
  }

  private List<String> jobs() {
    return scene.world().list(Query.all(Kind.JOB, World.NAMESPACE)).stream()
        .map(job -> job.textOrEmpty("metadata", "name"))
        .toList();
  }

  /** As an Event names the Job that has this in its name. */
  private Doc job(String part) {
    return scene.world().list(Query.all(Kind.JOB, World.NAMESPACE)).stream()
        .map(Job::new)
        .filter(job -> job.name().contains(part))
        .map(job -> Doc.of("kind", "Job", "name", job.name(), "uid", job.uid()))
        .findFirst()
        .orElseThrow();
  }

  /** From the moment its Job is there, the image of the migration behaves otherwise. */
  private void migrating(Runnable behaviour) {
    scene.watch().migrates();
    scene.when(() -> jobs().contains("rollout-shop-r1-migrate"), behaviour);
  }

  private List<String> notes() {
    return driver.events(Event.NOTE).stream().map(Event::message).toList();
  }

  private List<String> findings() {
    return driver.events(Event.NOTE).stream()
        .filter(event -> event.fields().isTrue("warning"))
        .map(Event::message)
        .toList();
  }

  private void assertRefused(String... parts) {
    String before = scene.deployment().doc().json();
    Ending ending = driver.release(wish());
    assertThat(ending.error()).containsInstanceOf(RefusedError.class);
    assertThat(ending.error().orElseThrow().getMessage()).contains(parts);
    assertThat(scene.deployment().doc().json()).isEqualTo(before);
    assertThat(jobsInTheEnd()).isEmpty();
  }

  @Test
  void whereTheDatabaseStandsIsToldBeforeAndAfter() {
    says("1");
    migrating(() -> says("2"));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(notes())
        .containsSubsequence("database: at 1, pending 2", "database: at 2, nothing pending");
    assertThat(notes()).as("asked twice").filteredOn(one -> one.startsWith("database:")).hasSize(2);
    assertThat(findings()).isEmpty();
    assertThat(jobsInTheEnd()).containsExactly("rollout-shop-r1-migrate");
  }

  @Test
  void migrationThatDidNothingIsAFinding() {
    scene.watch().migrates();
    says("1");
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(findings())
        .contains(
            "database: at 1, pending 2. The migration has not done all: is it the right image?");
  }

  @Test
  void databaseThatIsDirtyAfterwardsIsAFinding() {
    says("1");
    migrating(() -> says("2 (dirty)"));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("database: at 2")
        .contains("dirty");
  }

  @Test
  void databaseThatCannotBeAskedAfterwardsIsAFinding() {
    scene.watch().migrates();
    says("1");
    Ref migrate = new Ref(Kind.JOB, World.NAMESPACE, "rollout-shop-r1-migrate");
    scene.when(
        () -> new Job(scene.world().find(migrate).orElse(Doc.EMPTY)).succeeded(),
        () -> scene.world().behaviour(Scene.MIGRATION, Behaviour.good().cannotPull()));
    scene.afterwards().released(driver.release(wish().bake(Duration.ofMinutes(3))), Scene.NEW);
    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith("database: state unknown: ")
        .contains("cannot start: ErrImagePull");
  }

  @Test
  void dirtyDatabaseIsRefusedWithTheRepairLine() {
    says("2 (dirty)");
    assertRefused(
        "migration 2 is dirty: nobody knows how much of it is done (golang-migrate)",
        "Done: migrate force 2.");
  }

  @Test
  void databaseAheadOfTheImageIsRefused() {
    says("3");
    assertRefused(
        "the database is ahead of the image: 3 (golang-migrate)", "Release an image that has 3");
  }

  @Test
  void databaseThatIsDownIsNamedAsSuch() {
    scene
        .world()
        .behaviour(
            Scene.MIGRATION,
            Behaviour.good()
                .exits(1, Duration.ofSeconds(1))
                .log(List.of("error: failed to open database: dial tcp: connection refused")));
    assertRefused(
        "the database does not say where it stands, by golang-migrate: error: failed to open"
            + " database: dial tcp: connection refused",
        "rollout migration status shop");
  }

  @Test
  void imageThatCannotBePulledIsNamedAsSuch() {
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().cannotPull());
    assertRefused("the database does not say where it stands", "cannot start: ErrImagePull");
  }

  @Test
  void statusAsksAndLeavesNothingBehind() {
    says("1");
    MigrationState state = driver.migrationState(wish());
    assertThat(MigrationText.line(state)).isEqualTo("at 1, pending 2");
    assertThat(jobsInTheEnd()).isEmpty();
  }

  @Test
  void withoutAStrategyTheToolOfTheLastReleaseIsAsked() {
    assertThatThrownBy(driver::migrationState)
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("migrated by a tool that the program knows");
    says("1");
    migrating(() -> says("2"));
    scene.afterwards().released(driver.release(wish()), Scene.NEW);
    Standing standing = scene.operator().migrationState();
    assertThat(standing.tool()).isEqualTo(Preset.GOLANG_MIGRATE);
    assertThat(MigrationText.line(standing.state())).isEqualTo("at 2");
    assertThat(jobsInTheEnd()).containsExactly("rollout-shop-r1-migrate");
  }

  @Test
  void jobThatGotNoPodSaysWhy() {
    says("1");
    scene.noMorePods();
    scene.event("a-stranger", "FailedCreate", "of somebody else", Doc.of("uid", "else"));
    scene.when(
        () -> jobs().stream().anyMatch(name -> name.contains("-ask-")),
        () -> scene.event("a-word", "Suspended", "for a moment", job("-ask-")));
    MigrationState state = driver.migrationState(wish());
    assertThat(state.unreadable())
        .hasValueSatisfying(
            why -> assertThat(why).contains("got no pod").contains("exceeded quota"));
  }

  @Test
  void failedMigrationSaysWhatToDoByItsTool() {
    says("1");
    migrating(
        () ->
            scene
                .world()
                .behaviour(Scene.MIGRATION, Behaviour.good().exits(1, Duration.ofSeconds(1))));
    scene.afterwards().wentBack(driver.release(wish()));
    assertThat(driver.events(Event.MIGRATION))
        .extracting(Event::message)
        .anyMatch(line -> line.contains("What to do: Look whether the failed file's statements"));
    assertThat(jobsInTheEnd()).containsExactly("rollout-shop-r1-migrate");
  }

  @Test
  void toolThatCannotBeAskedIsNotAsked() {
    scene.watch().migrates();
    scene.afterwards().released(driver.release(new Wish().tool(Preset.EF)), Scene.NEW);
    assertThat(notes()).noneMatch(line -> line.startsWith("database: at"));
    assertThat(notes())
        .contains("database: state unknown: an Entity Framework bundle cannot say where it stands");
  }

  @Test
  void ctrlCWhileItAsksEndsItBeforeAnythingIsWritten() {
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().runsOn());
    scene.world().at(Duration.ofSeconds(5), driver::interrupt);
    String before = scene.deployment().doc().json();
    Ending ending = driver.release(wish());
    assertThat(ending.is(Result.INTERRUPTED)).isTrue();
    assertThat(ending.outcome().orElseThrow().says())
        .startsWith("interrupted before anything was written");
    assertThat(scene.deployment().doc().json()).isEqualTo(before);
    assertThat(jobsInTheEnd()).isEmpty();
  }

  @Test
  void driverThatDiesWhileItAsksLeavesAJobThatGoesByItself() {
    says("1");
    scene.when(() -> jobs().stream().anyMatch(name -> name.contains("-ask-")), driver::kill);
    assertThat(driver.release(wish()).crash()).isTrue();
    scene.watch().migrates();
    scene.world().pass(Duration.ofMinutes(10));
    scene.afterwards().released(scene.operator().release(wish()), Scene.NEW);
    assertThat(jobsInTheEnd()).containsExactly("rollout-shop-r1-migrate");
  }
}
