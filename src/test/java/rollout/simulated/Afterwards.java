package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rollout.core.Outcome.Result;
import rollout.document.Doc;
import rollout.model.Autoscaler;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;

/** What must hold when everybody has ended, by how the last of them ended. */
public final class Afterwards {
  /** Longer than any pod takes to end. */
  private static final Duration QUIET = Duration.ofSeconds(60);

  private final Scene scene;
  private final List<Ref> mayDiffer = new ArrayList<>();
  private final List<Ref> late = new ArrayList<>();
  private boolean mayDrop;
  private boolean sizedByLoad;

  Afterwards(Scene scene) {
    this.scene = scene;
  }

  /** Somebody else has changed this. */
  public Afterwards but(Ref... refs) {
    mayDiffer.addAll(List.of(refs));
    return this;
  }

  /**
   * Creates of these, as a call names them, were under way when another driver took over and ended
   * the release. What comes of them stays, and must be inert: no pods, no traffic.
   */
  public Afterwards arrivedLate(Set<String> targets) {
    for (Kind kind : Before.KINDS) {
      for (Doc object : scene.world().list(Query.all(kind, World.NAMESPACE))) {
        Ref ref = Ref.to(kind, object);
        if (targets.contains(ref.toString())) {
          assertThat(object.number(0, "spec", "replicas")).as(ref + " arrived late").isZero();
          assertThat(scene.serving(ref.name())).as(ref + " arrived late").isEmpty();
          late.add(ref);
        }
      }
    }
    mayDiffer.addAll(late);
    return this;
  }

  /** The scenario itself loses requests. */
  public Afterwards mayDrop() {
    mayDrop = true;
    return this;
  }

  /** All on the new image, in the shop's own Deployment, and nothing else has changed. */
  public void released(Ending ending, String image) {
    assertEnded(ending, Result.DONE);
    onlyServes(image);
    assertThat(scene.image()).isEqualTo(image);
    Doc expected = scene.before().of(Scene.DEPLOYMENT).with(template(image), "spec", "template");
    if (!mayDiffer.contains(Scene.DEPLOYMENT)) {
      assertThat(Before.essence(scene.deployment().doc()).canonical())
          .isEqualTo(expected.canonical());
    }
    mayDiffer.add(Scene.DEPLOYMENT);
    quiet();
    onlyServes(image);
    asBefore();
    closed();
  }

  private Doc template(String image) {
    Doc template = scene.before().of(Scene.DEPLOYMENT).doc("spec", "template");
    Doc container = template.docs("spec", "containers").getFirst().with(image, "image");
    return template.with(List.of(container.members()), "spec", "containers");
  }

  /** All on the old image, and everything is as it was. */
  public void wentBack(Ending ending) {
    assertEnded(ending, Result.ROLLED_BACK);
    asItWas();
  }

  /** Everything is as it was, and the old image serves. */
  public void asItWas() {
    onlyServes(Scene.OLD);
    quiet();
    onlyServes(Scene.OLD);
    asBefore();
    closed();
  }

  /** It ended so. */
  public static void assertEnded(Ending ending, Result result) {
    assertThat(ending.outcome().map(one -> one.result())).as(ending::toString).contains(result);
  }

  /** Only pods of this image are behind the Service, and enough of them. */
  public void onlyServes(String image) {
    assertThat(scene.serving("shop"))
        .as("images behind the Service")
        .isNotEmpty()
        .containsOnly(image);
  }

  /** How many pods the shop has is a scaler's word. */
  public Afterwards sizedByLoad() {
    sizedByLoad = true;
    return this;
  }

  /** Time passes; nothing was lost, and nothing that must always hold was broken. */
  public void quiet() {
    scene.world().pass(QUIET);
    assertThat(scene.watch().broken()).as("what must always hold").isEmpty();
    if (!mayDrop) {
      assertThat(scene.world().traffic().losses()).as("requests that nobody answered").isEmpty();
    }
    assertThat(migrationPods()).as("pods that a migration had").isLessThanOrEqualTo(1);
  }

  private long migrationPods() {
    return scene.podsOf(Scene.MIGRATION).stream()
        .filter(pod -> pod.labels().getOrDefault("job-name", "").contains("-migrate"))
        .count();
  }

  /** No object differs, none is left over, and nothing carries a mark of ours. */
  public void asBefore() {
    assertThat(scene.before().differences(scene.world(), mayDiffer, sizedByLoad))
        .as("what is not as it was")
        .isEmpty();
    for (Kind kind : Before.KINDS) {
      for (Doc object : scene.world().list(Query.all(kind, World.NAMESPACE))) {
        if (late.contains(Ref.to(kind, object))) {
          continue;
        }
        Map<String, String> annotations = object.texts("metadata", "annotations");
        assertThat(annotations.keySet())
            .as(Ref.to(kind, object).toString())
            .doesNotContain(Marks.STATE, Marks.CLAIM);
      }
    }
  }

  /** The scaler has the floor that it had, and sizes what is behind the Service. */
  public void scalesWhatServes() {
    Autoscaler live = scene.scaler();
    boolean green = scene.service().selector().labels().containsValue("green");
    assertThat(live.target()).as("what the scaler sizes").isEqualTo(green ? "shop-green" : "shop");
    assertThat(live.floor()).as("its floor").contains(String.valueOf(Scene.FLOOR));
  }

  /** The journal is closed and the Lease is free. */
  public void closed() {
    assertThat(scene.world().find(Scene.JOURNAL).orElse(Doc.EMPTY).texts("data"))
        .as("the journal")
        .doesNotContainKey("state.json");
    Doc lease = scene.world().find(Scene.LEASE).orElse(Doc.EMPTY);
    // A Lease whose release was refused runs out by itself.
    boolean free =
        lease.textOrEmpty("spec", "holderIdentity").isEmpty()
            || Instant.parse(lease.textOrEmpty("spec", "renewTime"))
                .isBefore(scene.world().now().minusSeconds(15));
    assertThat(free).as("the Lease is free: " + lease.json()).isTrue();
  }
}
