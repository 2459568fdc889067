package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static rollout.simulated.Afterwards.assertEnded;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Event;
import rollout.model.Marks;
import rollout.model.Ref;
import rollout.sim.RouterKind;

/**
 * A driver's epoch is above every one that stands anywhere: the journal may be behind, by a write
 * of the one before whose answer nobody waited for.
 */
@ExtendWith(Seeds.class)
class EpochTests {
  private static final long HIGH = 40;

  private static void raise(Scene scene, Ref object, String annotation) {
    scene
        .world()
        .edit(
            object,
            live -> {
              Doc stamp = Doc.parse(live.textOrEmpty("metadata", "annotations", annotation));
              assertThat(stamp.number(0, "epoch")).isBetween(1L, HIGH - 1);
              String higher = stamp.with(HIGH, "epoch").json();
              return live.with(higher, "metadata", "annotations", annotation);
            });
  }

  private static void killedAt(String phase, Scene scene) {
    Operator driver = scene.operator();
    scene.when(phase, driver::kill);
    driver.release(new Wish());
    scene.world().pass(Duration.ofMinutes(1));
  }

  private static void assertGoesOn(Scene scene, Ref object, String annotation) {
    raise(scene, object, annotation);
    Operator next = scene.operator();
    scene.afterwards().released(next.resume(), Scene.NEW);
    assertThat(next.events(Event.WRITE)).isNotEmpty();
  }

  @Test
  void aboveWhatTheServiceSays() {
    Scene scene = new Scene(Seeds.one());
    killedAt("switched", scene);
    assertGoesOn(scene, Scene.SERVICE, Marks.STATE);
  }

  @Test
  void aboveWhatTheDeploymentSays() {
    Scene scene = new Scene(Seeds.one());
    killedAt("pinned", scene);
    assertGoesOn(scene, Scene.DEPLOYMENT, Marks.CLAIM);
  }

  @Test
  void aboveWhatTheScalerSays() {
    Scene scene = new Scene(Seeds.one(), Scene::scaled);
    killedAt("switched", scene);
    assertGoesOn(scene, Scene.SCALER, Marks.STATE);
  }

  @Test
  void aboveWhatTheRouteSays() {
    RoutedShop shop = new RoutedShop(RouterKind.HTTP_ROUTE);
    shop.atShare(0.25, shop.driver::kill);
    shop.driver.release(new Wish().shares(Duration.ofSeconds(30), 25, 50).router("auto"));
    shop.scene.world().pass(Duration.ofMinutes(1));
    assertGoesOn(shop.scene, shop.route, Marks.STATE);
  }

  @Test
  void aboveWhatTheLeaseSays() {
    Scene scene = new Scene(Seeds.one());
    killedAt("switched", scene);
    scene
        .world()
        .edit(
            Scene.LEASE,
            live -> live.with(Long.toString(HIGH), "metadata", "annotations", Marks.EPOCH));
    assertEnded(scene.operator().resume(), Result.DONE);
    assertThat(scene.world().find(Scene.LEASE).orElseThrow())
        .extracting(lease -> lease.textOrEmpty("metadata", "annotations", Marks.EPOCH))
        .isEqualTo(Long.toString(HIGH + 1));
  }
}
