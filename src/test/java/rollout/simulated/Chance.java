package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import rollout.core.Outcome;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.port.ClusterException;
import rollout.sim.Behaviour;
import rollout.sim.Call;
import rollout.sim.ControlPlane;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.Manifests;
import rollout.sim.MetricsState;
import rollout.sim.RouterKind;
import rollout.sim.World;
import rollout.simulated.Operator.Ending;
import rollout.simulated.Watch.Excuse;
import rollout.strategy.Canary;
import rollout.strategy.Migration.Compatibility;
import rollout.strategy.Migration.OnStableBroken;
import rollout.strategy.Strategy.OnMissing;

/** A release as one seed makes it: what is wished, what goes wrong, and who does what meanwhile. */
public final class Chance {
  private static final Ref GREEN = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-green");

  private final SplittableRandom random;
  private final Scene scene;
  private final Wish wish = new Wish();
  private final List<String> story = new ArrayList<>();
  private final Set<String> met = new TreeSet<>();
  private final List<Ref> mayDiffer = new ArrayList<>();
  private final int size;
  private final boolean swap;
  private final boolean scaled;
  private final boolean routed;
  private final boolean reading;
  private final RouterKind kind;
  private final Set<String> underWay = new TreeSet<>();
  private boolean scalerChanged;
  private boolean mayDrop;
  private boolean dies;

  /** The release of a seed. */
  public Chance(long seed) {
    random = new SplittableRandom(seed);
    swap = one(6);
    // No die is thrown for it, so that the other stories stay what they were.
    scaled = seed % 4 == 0;
    routed = !scaled && seed % 5 == 2;
    kind = RouterKind.values()[(int) (seed / 5 % RouterKind.values().length)];
    reading = seed % 13 == 6;
    size = scaled ? Scene.SIZE : (int) (1 + seed / 6 % 3);
    scene = new Scene(seed, size, this::furnish);
    wishes();
    candidate();
    faults();
    people();
    controlPlane(seed);
    if (reading) {
      secret(new SplittableRandom(~seed ^ seed << 7));
    }
  }

  /** Whatever becomes of it, and of the right to see it, the release must be none the wiser. */
  private void secret(SplittableRandom other) {
    story.add("reads a Secret");
    SharedSecret shared = new SharedSecret(scene.world());
    if (other.nextInt(4) == 0) {
      story.add("may not see it");
      shared.hide();
    }
    for (int i = 0; i < 4; i++) {
      switch (other.nextInt(4)) {
        case 0 -> after(other, "somebody deletes a Secret", shared::delete);
        case 1 -> after(other, "somebody takes the right on Secrets away", shared::hide);
        default -> after(other, "somebody writes a Secret", () -> shared.write("other"));
      }
    }
  }

  /** From dice of its own, so that the other stories stay what they were. */
  private void controlPlane(long seed) {
    SplittableRandom other = new SplittableRandom(~seed);
    ControlPlane plane = scene.world().controlPlane();
    if (seed % 7 == 3) {
      story.add("late controllers");
      met.add("late controllers");
      plane.late(Duration.ofMillis(other.nextLong(3_000)));
      // A rolling update that somebody else begins loses requests then, with or without a release;
      // so does a selector of theirs that takes pods in which are about to end.
      mayDrop |= !mayDiffer.isEmpty();
    }
    if (seed % 7 == 5) {
      story.add("new leader");
      Duration behind = Duration.ofMillis(other.nextLong(1_000));
      after(other, "new leader", () -> plane.newLeader(behind, behind));
    }
    if (seed % 11 == 4) {
      story.add("watches stall");
      Duration stall = Duration.ofMillis(other.nextLong(10_000));
      after(other, "watches stall", () -> scene.world().watchesStall(stall));
    }
  }

  private void after(SplittableRandom other, String what, Runnable event) {
    scene
        .world()
        .at(
            Duration.ofMillis(other.nextLong(90_000)),
            () -> {
              met.add(what);
              event.run();
            });
  }

  private void furnish(World world) {
    if (reading) {
      SharedSecret.mount(world);
    }
    if (swap) {
      world.create(
          Kind.DEPLOYMENT,
          Manifests.deployment(
              World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 0));
    }
    if (routed) {
      world.routers().load(world.routers().route(kind, "shop"), 20);
      story.add("router " + kind);
      met.add("router " + kind);
    }
    if (scaled) {
      Scene.scaled(world);
      story.add("autoscaler");
      met.add("autoscaler");
    }
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private Duration seconds(int least, int most) {
    return Duration.ofMillis(random.nextLong(least * 1000L, most * 1000L));
  }

  private void wishes() {
    wish.bake(seconds(0, 45));
    if (swap) {
      wish.to("shop-green");
      story.add("swap");
    }
    if (!swap && !scaled && (one(3) || routed)) {
      shares();
    }
    if (one(2)) {
      wish.errorRate();
    }
    if (one(4)) {
      wish.latency();
    }
    if (one(3)) {
      migration();
    }
    if (one(5)) {
      wish.smoke();
      if (one(4)) {
        scene.world().behaviour(Scene.SMOKE, Behaviour.good().exits(1, Duration.ofSeconds(2)));
        story.add("smoke test fails");
      }
    }
    if (one(6)) {
      wish.onNoData(OnMissing.ROLLBACK).onUndecided(OnMissing.PASS);
    }
    if (one(8)) {
      wish.hold();
      story.add("hold");
      Operator other = scene.operator();
      if (!one(4)) {
        scene.world().at(seconds(10, 90), () -> other.promote(one(2)));
      }
    }
    if (one(12)) {
      wish.deadline(seconds(10, 120));
      story.add("deadline");
    }
    if (one(12)) {
      wish.keepFailed(seconds(5, 30));
    }
  }

  private void shares() {
    List<Canary.Stage> stages = new ArrayList<>();
    for (int percent : List.of(25, 40, 50)) {
      if (one(5)) {
        stages.add(new Canary.Gate());
      }
      if (!one(3) || percent == 50) {
        stages.add(new Canary.Weight(percent, seconds(1, 30), List.of()));
      }
    }
    wish.stages(stages);
    if (routed) {
      wish.router("auto");
    }
    story.add("canary " + stages);
    for (int i = 0; i < 2; i++) {
      if (one(2)) {
        Operator other = scene.operator();
        scene.world().at(seconds(30, 120), () -> other.promote(one(4)));
      }
    }
  }

  private void migration() {
    wish.migration();
    scene.watch().migrates();
    Behaviour good = Behaviour.good().exits(0, seconds(1, 20));
    Behaviour behaviour =
        switch (random.nextInt(8)) {
          case 0 -> good.exits(1, seconds(1, 10));
          case 1 -> good.cannotPull();
          case 2 -> good.unschedulable();
          default -> good;
        };
    scene.world().behaviour(Scene.MIGRATION, behaviour);
    compatibility();
    story.add("migration " + behaviour.exitCode() + behaviour.waiting());
  }

  private void compatibility() {
    OnStableBroken[] all = OnStableBroken.values();
    OnStableBroken onBroken = all[random.nextInt(all.length)];
    List<String> test = one(3) ? List.of("/app/selftest") : List.of();
    wish.compatibility(
        new Compatibility(!one(4), test, seconds(0, 60), onBroken),
        onBroken == OnStableBroken.UNDO ? new String[] {"migrate", "down"} : new String[0]);
    if (one(3)) {
      story.add("stable cannot start on the new schema");
      met.add("stable broken");
      scene.when(
          () -> has("migrate", "Complete"),
          () ->
              scene
                  .world()
                  .behaviour(Scene.OLD, Behaviour.good().crashesAfter(Duration.ofSeconds(2))));
      scene.when(
          () -> has("undo", "Complete"),
          () -> scene.world().behaviour(Scene.OLD, Behaviour.good()));
    }
  }

  private boolean has(String job, String condition) {
    return scene.world().list(Query.all(Kind.JOB, World.NAMESPACE)).stream()
        .filter(doc -> doc.textOrEmpty("metadata", "name").endsWith("-" + job))
        .flatMap(doc -> doc.docs("status", "conditions").stream())
        .anyMatch(one -> one.textOrEmpty("type").equals(condition));
  }

  private void candidate() {
    Behaviour good = Behaviour.good().startUp(seconds(1, 6));
    int kind = random.nextInt(12);
    Behaviour behaviour =
        switch (kind) {
          case 0 -> good.errorRate(0.3);
          case 1 -> good.latency(Duration.ofSeconds(2));
          case 2 -> good.crashesAfter(seconds(1, 50));
          case 3 -> good.cannotPull();
          case 4 -> good.neverReady();
          default -> good;
        };
    if (kind == 2) {
      mayDrop = true;
      scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    }
    if (kind == 5) {
      candidateLosesReadiness();
    }
    scene.world().behaviour(Scene.NEW, behaviour);
    story.add("candidate " + kind);
  }

  private void candidateLosesReadiness() {
    scene.watch().excuse(Excuse.CANDIDATE_FAILS);
    mayDrop = true;
    scene.world().at(seconds(10, 60), () -> unready(Scene.NEW));
  }

  private void unready(String image) {
    scene.podsOf(image).stream()
        .filter(Pod::ready)
        .forEach(pod -> scene.world().mishaps().unready(pod.name()));
  }

  private void faults() {
    double share = one(2) ? 0 : random.nextDouble(0.08);
    long crash = one(4) ? random.nextLong(60, 400) : Long.MAX_VALUE;
    dies = crash < Long.MAX_VALUE;
    boolean before = one(2);
    Faults faults =
        call -> {
          Fault fault = new Fault.None();
          if (call.number() == crash) {
            fault = before ? new Fault.CrashBefore() : new Fault.CrashAfter();
          } else if (random.nextDouble() < share) {
            fault = fault(call);
          }
          if (fault instanceof Fault.Delay && call.write() && call.verb().equals("create")) {
            underWay.add(call.target());
          }
          met.add(word(fault));
          return fault;
        };
    scene.world().faults(faults);
    if (one(4)) {
      scene.world().watchDelay(seconds(0, 2));
      met.add("late watches");
    }
    if (one(8)) {
      met.add("watches end");
      scene.world().at(seconds(1, 60), () -> scene.world().watches(false));
      scene.world().at(seconds(60, 90), () -> scene.world().watches(true));
    }
    story.add("faults %.2f, crash at %d".formatted(share, crash));
  }

  private Fault fault(Call call) {
    return switch (random.nextInt(6)) {
      case 0 -> new Fault.Refuse(new ClusterException.Busy("too many", seconds(0, 3)));
      case 1 -> new Fault.Refuse(new ClusterException.Unknown("reset", null));
      case 2 ->
          call.write()
              ? new Fault.Refuse(new ClusterException.Conflict("has been modified"))
              : new Fault.None();
      case 3 -> call.write() ? new Fault.LoseAnswer() : new Fault.None();
      default -> new Fault.Delay(seconds(0, 2));
    };
  }

  private static String word(Fault fault) {
    return switch (fault) {
      case Fault.Refuse(var why) -> why.getClass().getSimpleName();
      default -> fault.getClass().getSimpleName();
    };
  }

  private void people() {
    if (one(4)) {
      Operator other = scene.operator();
      scene.world().at(seconds(1, 90), other::rollback);
      story.add("rollback by a person");
    }
    if (one(8)) {
      MetricsState state = MetricsState.values()[random.nextInt(MetricsState.values().length)];
      scene.world().at(seconds(1, 60), () -> scene.world().prometheus(state));
      story.add("Prometheus " + state);
      met.add("Prometheus " + state);
    }
    switch (random.nextInt(16)) {
      case 0 -> at("applies D", () -> scene.apply(Scene.OTHER), Scene.DEPLOYMENT);
      case 1 -> at("selects", () -> scene.select(Map.of("app", "shop")), Scene.SERVICE);
      case 2 -> at("scales D", () -> scene.scale("shop", size + 2), Scene.DEPLOYMENT);
      case 3, 4, 5 -> scaler();
      default -> {}
    }
  }

  private void scaler() {
    if (!scaled) {
      return;
    }
    int kind = random.nextInt(3);
    String what =
        List.of("writes the scaler back", "lowers the floor", "deletes the scaler").get(kind);
    Runnable event =
        switch (kind) {
          case 0 -> () -> scene.floor(Scene.FLOOR);
          case 1 -> () -> scene.floor(1);
          default -> () -> scene.world().delete(Scene.SCALER);
        };
    scalerChanged = kind > 0;
    story.add(what);
    met.add("somebody " + what);
    scene.world().at(seconds(1, 90), event);
  }

  private void at(String what, Runnable event, Ref differs) {
    story.add(what);
    met.add("somebody " + what);
    mayDiffer.add(differs);
    if (differs.equals(Scene.DEPLOYMENT)) {
      // A rolling update of what nobody has paused yet is that person's own.
      scene.watch().excuse(Excuse.STABLE_FAILS);
    }
    if (differs.equals(Scene.DEPLOYMENT) ? dies : swap) {
      // Nobody is there to answer an apply after a kill in the short time in which the Services
      // keep to one template; and a selector on what a swap has emptied is that person's own.
      mayDrop = true;
      scene.watch().excuse(Excuse.CANDIDATE_FAILS, Excuse.STABLE_FAILS);
    }
    scene.world().at(seconds(1, 60), event);
  }

  /** Runs it, with whatever it takes to bring it to an end; then looks whether all is well. */
  public Result run() {
    Operator driver = scene.operator();
    Ending ending = driver.release(wish);
    story.add("release " + ending.word());
    boolean lost = ending.is(Outcome.Result.LOST);
    scene.world().pass(Duration.ofMinutes(2));
    scene.world().faults(Faults.NONE);
    scene.world().watches(true);
    scene.world().pass(Duration.ofSeconds(5));
    for (int i = 0; i < 2 && open(); i++) {
      ending = scene.operator().rollback();
      story.add("rollback " + ending.word());
    }
    check(lost);
    return new Result(scene, story, met);
  }

  /**
   * What there is to count afterwards.
   *
   * @param met faults and people that it had to do with
   */
  public record Result(Scene scene, List<String> story, Set<String> met) {}

  /** What the seed made. */
  public List<String> story() {
    return List.copyOf(story);
  }

  /** Everything that was told, by whom. */
  public void tell(java.util.function.Consumer<String> line) {
    int number = 0;
    for (Operator operator : scene.operators()) {
      number++;
      for (rollout.model.Event event : operator.events()) {
        line.accept(number + " " + event.type() + " " + event.message());
      }
    }
    scene.world().journal().stream()
        .filter(call -> call.write())
        .forEach(call -> line.accept(call.program() + " " + call));
  }

  private boolean open() {
    return scene
        .world()
        .find(Scene.JOURNAL)
        .map(doc -> doc.texts("data"))
        .orElse(Map.of())
        .containsKey("state.json");
  }

  private void check(boolean lost) {
    Afterwards after = scene.afterwards().but(mayDiffer.toArray(Ref[]::new));
    if (mayDrop) {
      after.mayDrop();
    }
    if (open() || !mayDiffer.isEmpty()) {
      // Left to a person, or one has a hand in it: requests must be answered all the same.
      after.quiet();
      return;
    }
    boolean released = newServes();
    if (lost) {
      after.arrivedLate(underWay);
    }
    if (swap && released) {
      after.but(Scene.SERVICE, Scene.DEPLOYMENT, GREEN, Scene.SCALER);
    } else if (swap) {
      // A return scales the old one up, and leaves the other without pods.
      after.but(Scene.SERVICE, GREEN);
    } else if (released) {
      after.but(Scene.DEPLOYMENT);
    }
    if (scalerChanged) {
      after.but(Scene.SCALER);
    }
    if (scaled) {
      // It counts by label: while two versions are there it may want a pod more, and keep it.
      after.sizedByLoad();
    }
    after.quiet();
    after.asBefore();
    if (scaled && !scalerChanged) {
      after.scalesWhatServes();
    }
    after.closed();
    assertServes(released);
  }

  private void assertServes(boolean released) {
    String image = released ? Scene.NEW : Scene.OLD;
    if (!swap) {
      assertThat(scene.image()).as("what the shop's Deployment runs").isEqualTo(image);
    }
    if (!released || !mayDrop) {
      scene.afterwards().onlyServes(image);
      int most = scaled ? size + 1 : size;
      assertThat(scene.serving("shop")).hasSizeBetween(size, most);
    }
  }

  /** Which version the history says that serves. */
  private boolean newServes() {
    boolean serves = false;
    Doc journal = scene.world().find(Scene.JOURNAL).orElse(Doc.EMPTY);
    String history = journal.texts("data").getOrDefault("history.json", "{}");
    for (Doc revision : Doc.parse(history).docs("revisions")) {
      String outcome = revision.textOrEmpty("outcome");
      if (outcome.equals("done")) {
        serves = true;
      } else if (outcome.equals("returned")) {
        serves = !serves;
      }
    }
    return serves;
  }
}
