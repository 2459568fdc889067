package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Event;
import rollout.model.HeldError;
import rollout.model.Kind;
import rollout.model.RefusedError;
import rollout.sim.Manifests;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** Everything in order again, with and without a journal. Every other moment is in CrashTests. */
@ExtendWith(Seeds.class)
class RepairTests {
  private final Scene scene = new Scene(Seeds.one());
  private final Operator driver = scene.operator();
  private final Operator person = scene.operator();

  private void killed(String phase) {
    scene.when(phase, driver::kill);
    driver.release(new Wish());
    scene.world().pass(Duration.ofMinutes(1));
  }

  @Test
  void nothingToRepairChangesNothing() {
    Ending ending = person.repair(false);
    assertEnded(ending, Result.UNCHANGED);
    assertThat(scene.world().journal()).noneMatch(call -> call.write());
  }

  @Test
  void noSuchServiceIsSaid() {
    scene.world().delete(Scene.SERVICE);
    assertThat(person.repair(false).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("there is no Service shop");
  }

  @Test
  void driverThatLivesKeepsItUnlessForced() {
    scene.when(
        "switched",
        () ->
            scene
                .world()
                .at(
                    Duration.ofSeconds(3),
                    () -> {
                      assertThat(person.repair(false).error()).containsInstanceOf(HeldError.class);
                      assertEnded(person.repair(true), Result.ROLLED_BACK);
                    }));
    driver.release(new Wish());
    assertEnded(driver.ending(), Result.LOST);
    scene.afterwards().asItWas();
  }

  @Test
  void historySaysRepairedAndTheNextReleaseHasTheNextNumber() {
    killed("switched");
    scene.withoutJournal();
    assertEnded(person.repair(false), Result.ROLLED_BACK);
    assertThat(person.events(Event.NOTE).getFirst().message())
        .contains("there is no journal (ConfigMap rollout-shop)", "by what the objects say")
        .endsWith(": traffic goes to shop");
    scene.afterwards().asItWas();
    Ending next = scene.operator().release(new Wish());
    assertThat(next.outcome().orElseThrow().revision()).isEqualTo(2);
    String history =
        scene.world().find(Scene.JOURNAL).orElseThrow().texts("data").get("history.json");
    assertThat(Doc.parse(history).docs("revisions"))
        .extracting(one -> one.number(0, "revision") + " " + one.textOrEmpty("outcome"))
        .contains("1 repaired", "2 done");
  }

  @Test
  void rollbackWithoutAJournalSaysThatItGoesByTheObjects() {
    killed("switched");
    scene.withoutJournal();
    Ending ending = person.rollback();
    scene.afterwards().wentBack(ending);
    assertThat(person.events(Event.NOTE).getFirst().message())
        .contains("there is no journal", "by what the objects say");
  }

  @Test
  void settlingIsFinishedByItsObjects() {
    killed("settle");
    scene.withoutJournal();
    Ending ending = person.repair(false);
    assertEnded(ending, Result.DONE);
    assertThat(person.events(Event.NOTE).getFirst().message())
        .startsWith("repairing revision 1, ")
        .endsWith(": its settling is finished");
    scene.afterwards().but(Scene.DEPLOYMENT).asBefore();
    scene.afterwards().onlyServes(Scene.NEW);
    assertThat(scene.image()).isEqualTo(Scene.NEW);
  }

  @Test
  void secondServiceIsRepairedWithTheFirst() {
    scene
        .world()
        .create(
            Kind.SERVICE,
            Manifests.service(World.NAMESPACE, "shop-internal", Map.of("app", "shop")));
    scene.when("switched", driver::kill);
    driver.release(new Wish().also("shop-internal"));
    scene.world().pass(Duration.ofMinutes(1));
    scene.withoutJournal();
    assertEnded(person.repair(false), Result.ROLLED_BACK);
    for (Doc service : scene.world().list(rollout.model.Query.all(Kind.SERVICE, World.NAMESPACE))) {
      assertThat(service.texts("metadata", "annotations")).isEmpty();
      assertThat(service.texts("spec", "selector")).hasSize(1);
    }
  }

  @Test
  void serviceThatWasReplacedWithoutItsStateIsUnpinnedByItsSelector() {
    killed("pinned");
    scene.withoutJournal();
    scene
        .world()
        .patch(Scene.SERVICE, Patch.none().remove("metadata", "annotations", "rollout/state"));
    assertEnded(person.repair(false), Result.ROLLED_BACK);
    scene.afterwards().asItWas();
  }

  @Test
  void damagedJournalIsKeptBesideTheNewOne() {
    killed("switched");
    scene.world().patch(Scene.JOURNAL, Patch.none().put("{\"format\":1,", "data", "state.json"));
    assertThat(scene.operator().resume().error().orElseThrow())
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("rollout repair shop");
    assertEnded(person.repair(false), Result.ROLLED_BACK);
    scene.afterwards().asItWas();
    assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().texts("data"))
        .containsEntry("damaged-state.json", "{\"format\":1,");
  }

  @Test
  void damagedJournalOfAShopAtRestIsTidied() {
    assertEnded(driver.release(new Wish()), Result.DONE);
    scene.world().patch(Scene.JOURNAL, Patch.none().put("{\"format\":1,", "data", "state.json"));
    assertEnded(person.repair(false), Result.UNCHANGED);
    assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().texts("data"))
        .doesNotContainKey("state.json")
        .containsEntry("damaged-state.json", "{\"format\":1,");
    assertEnded(scene.operator().release(new Wish().image(Scene.OTHER)), Result.DONE);
  }

  @Test
  void historyThatCannotBeReadIsSaidAndKeptBesideANewOne() {
    assertEnded(driver.release(new Wish()), Result.DONE);
    scene.world().patch(Scene.JOURNAL, Patch.none().put("{\"revisions\":", "data", "history.json"));
    assertThat(person.status().orElseThrow().details())
        .singleElement()
        .asString()
        .startsWith("the journal cannot be read: its history: ");
    assertThat(scene.operator().release(new Wish().image(Scene.OTHER)).error()).isPresent();
    assertEnded(person.repair(false), Result.UNCHANGED);
    assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().texts("data"))
        .containsEntry("damaged-history.json", "{\"revisions\":");
    assertEnded(scene.operator().release(new Wish().image(Scene.OTHER)), Result.DONE);
  }

  @Test
  void journalOfANewerProgramIsLeftAlone() {
    killed("switched");
    String newer = "{\"format\":2,\"epoch\":7}";
    scene.world().patch(Scene.JOURNAL, Patch.none().put(newer, "data", "state.json"));
    for (Ending ending :
        java.util.List.of(
            scene.operator().repair(true),
            scene.operator().resume(),
            scene.operator().rollback(),
            scene.operator().pause(),
            scene.operator().release(new Wish()))) {
      assertThat(ending.error().orElseThrow())
          .isInstanceOf(RefusedError.class)
          .hasMessageContaining("newer version")
          .hasMessageContaining("format 2");
    }
    assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().texts("data"))
        .containsEntry("state.json", newer);
  }

  @Test
  void configMapOfSomebodyElseIsLeftAlone() {
    Doc foreign =
        Doc.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Doc.of("name", "rollout-shop", "namespace", World.NAMESPACE),
            "data",
            Map.of("colour", "blue"));
    scene.world().create(Kind.CONFIG_MAP, foreign);
    assertThat(driver.release(new Wish()).error().orElseThrow())
        .isInstanceOf(RefusedError.class)
        .hasMessageContaining("ConfigMap rollout-shop is not a journal of this program");
    assertThat(person.rollback().error()).containsInstanceOf(RefusedError.class);
    assertThat(scene.world().find(Scene.JOURNAL).orElseThrow().texts("data"))
        .isEqualTo(Map.of("colour", "blue"));
  }
}
