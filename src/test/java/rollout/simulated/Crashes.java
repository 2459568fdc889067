package rollout.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Kind;
import rollout.model.Ref;
import rollout.sim.Behaviour;
import rollout.sim.Call;
import rollout.sim.Fault;
import rollout.sim.Faults;
import rollout.sim.Manifests;
import rollout.sim.RouteManifests;
import rollout.sim.RouterKind;
import rollout.sim.World;

/** One release that is killed at one call of a port, and whoever comes then. */
public record Crashes(Story story, long call, Kill kill, Then then) {
  private static final Ref GREEN = new Ref(Kind.DEPLOYMENT, World.NAMESPACE, "shop-green");
  private static final Ref GIVEN = new Ref(RouterKind.HTTP_ROUTE.kind(), World.NAMESPACE, "shop");
  private static final String JOB = "job-1";
  private static final long SEED = 1;
  private static final Set<Story> SCALED =
      Set.of(Story.SCALED, Story.SCALED_BAD, Story.SCALED_SWAP);

  /** What is going on. */
  public enum Story {
    /** A good version, nothing else. */
    GOOD,
    /** A good version with all that can be asked for. */
    WHOLE,
    /** The user's own Deployment. */
    SWAP,
    /** A version that answers 500. */
    BAD,
    /** Share by share. */
    CANARY,
    /** Share by share, and a person says back at one. */
    CANARY_PERSON,
    /** Share by share by a route of the Gateway API. */
    ROUTED,
    /** The same, and a person says back at a share. */
    ROUTED_PERSON,
    /** Share by share by an Ingress that the program makes. */
    ROUTED_MADE,
    /** Share by share by a route that the program makes of a file. */
    ROUTED_GIVEN,
    /** A version that answers 500, by a router that bears no empty Service. */
    ROUTED_BAD,
    /** The migration fails. */
    MIGRATION_FAILS,
    /** A person says back while it bakes. */
    PERSON,
    /** A person says back while it settles. */
    PERSON_IN_SETTLE,
    /** A person returns to the version before. */
    RETURN,
    /** A good version of what an autoscaler sizes. */
    SCALED,
    /** A version that answers 500, and an autoscaler. */
    SCALED_BAD,
    /** The user's own Deployment, and an autoscaler. */
    SCALED_SWAP
  }

  /** How it is killed. */
  public enum Kill {
    /** Before the call is sent. */
    BEFORE,
    /** After it was done. */
    AFTER,
    /** Not at all: its answer is lost. */
    ANSWER_LOST,
    /**
     * It stands still for a minute between its check and its send; meanwhile somebody rolls back.
     */
    FROZEN
  }

  /** Who goes on. */
  public enum Then {
    RESUME,
    ROLLBACK,
    REPAIR,
    /** The journal is gone, and nobody but the objects tells. */
    REPAIR_WITHOUT_JOURNAL,
    ROLLBACK_WITHOUT_JOURNAL,
    /** Half of the journal's text is there. */
    REPAIR_DAMAGED,
    /** Whoever goes on is killed too, and then resumed. */
    RESUME_TWICE,
    /** The next pod of the Job that the driver was a pod of. */
    NEXT_POD
  }

  /** All calls that the story makes by itself, in order. */
  public static List<Call> calls(Story story) {
    Scene scene = scene(story);
    long first = begin(scene, story, Faults.NONE);
    return scene.world().journal().stream().filter(call -> call.number() > first).toList();
  }

  private static Scene scene(Story story) {
    return new Scene(
        SEED,
        world -> {
          if (story == Story.SWAP || story == Story.SCALED_SWAP) {
            world.create(
                Kind.DEPLOYMENT,
                Manifests.deployment(
                    World.NAMESPACE, "shop-green", Map.of("app", "green"), Scene.NEW, 0));
          }
          if (story == Story.ROUTED_GIVEN) {
            world.routers().start(RouterKind.HTTP_ROUTE);
          }
          router(story)
              .ifPresent(kind -> world.routers().load(world.routers().route(kind, "shop"), 20));
          if (SCALED.contains(story)) {
            Scene.scaled(world);
          }
        });
  }

  private static Optional<RouterKind> router(Story story) {
    return switch (story) {
      case ROUTED, ROUTED_PERSON -> Optional.of(RouterKind.HTTP_ROUTE);
      case ROUTED_MADE -> Optional.of(RouterKind.INGRESS_NGINX);
      case ROUTED_BAD -> Optional.of(RouterKind.TRAEFIK_SERVICE);
      default -> Optional.empty();
    };
  }

  private static Wish wish(Scene scene, Story story) {
    Wish wish = new Wish().bake(Duration.ofSeconds(10));
    scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(0, Duration.ofSeconds(3)));
    switch (story) {
      case WHOLE -> {
        wish.migration().smoke().errorRate();
        scene.watch().migrates();
      }
      case SWAP, SCALED_SWAP -> wish.to("shop-green");
      case CANARY, CANARY_PERSON -> wish.shares(Duration.ofSeconds(10), 25, 50);
      case ROUTED, ROUTED_PERSON, ROUTED_MADE ->
          wish.shares(Duration.ofSeconds(10), 5, 50).router("auto");
      case ROUTED_GIVEN ->
          wish.shares(Duration.ofSeconds(10), 5, 50)
              .route(RouteManifests.route(RouterKind.HTTP_ROUTE, World.NAMESPACE, "shop"));
      case ROUTED_BAD -> {
        scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3));
        wish.shares(Duration.ofSeconds(10), 25, 50).router("auto").errorRate();
      }
      case BAD, SCALED_BAD -> {
        scene.world().behaviour(Scene.NEW, Behaviour.good().errorRate(0.3));
        wish.errorRate();
      }
      case MIGRATION_FAILS -> {
        wish.migration();
        scene.watch().migrates();
        scene.world().behaviour(Scene.MIGRATION, Behaviour.good().exits(1, Duration.ofSeconds(3)));
      }
      default -> {}
    }
    return wish;
  }

  /** Plays the story to its end or to its crash; the number of the last call before it counts. */
  private static long begin(Scene scene, Story story, Faults faults) {
    Wish wish = wish(scene, story);
    Operator driver = scene.pod(JOB);
    if (story == Story.RETURN) {
      driver.release(wish);
      scene.watch().begin();
      long first = scene.world().journal().getLast().number();
      scene.world().faults(faults);
      scene.operator().rollback();
      return first;
    }
    scene.world().faults(faults);
    if (story == Story.PERSON) {
      Operator other = scene.operator();
      scene.when("switched", other::rollback);
    }
    if (story == Story.CANARY_PERSON) {
      Operator other = scene.operator();
      scene.when("both", other::rollback);
    }
    if (story == Story.ROUTED_PERSON) {
      Operator other = scene.operator();
      scene.when(() -> scene.serving("shop-r1").size() == 2, other::rollback);
    }
    if (story == Story.PERSON_IN_SETTLE) {
      Operator other = scene.operator();
      scene.when(
          () -> scene.phase().equals("settle") && !scene.deployment().paused(), other::rollback);
    }
    driver.release(wish);
    return 0;
  }

  /** Plays it. */
  public void run() {
    Scene scene = scene(story);
    begin(scene, story, made -> fault(scene, made));
    // Whoever else is at it (a person) comes to an end as well.
    scene.world().pass(Duration.ofMinutes(2));
    scene.world().faults(Faults.NONE);
    if (kill == Kill.FROZEN) {
      thawed(scene);
    } else if (kill != Kill.ANSWER_LOST) {
      goOn(scene);
    }
    check(scene);
  }

  /** The one that slept does nothing more; what it may have made is inert, and repaired away. */
  private void thawed(Scene scene) {
    Operator slept = scene.operators().get(story == Story.RETURN ? 1 : 0);
    String other = scene.operators().getLast().ending().word();
    // Before the release began, and after it ended, there was nothing to take from it.
    boolean taken = other.equals("ROLLED_BACK");
    if (taken && !story.name().contains("PERSON")) {
      // Frozen before its very last write it has done what it says.
      assertThat(slept.ending().word()).isIn("LOST", "ROLLED_BACK");
    }
    scene.operator().repair(false);
  }

  private static void freeze(Scene scene) {
    scene.world().pass(Duration.ofMinutes(1));
    scene.world().faults(Faults.NONE);
    scene.operator().rollback();
  }

  private Fault fault(Scene scene, Call made) {
    if (made.number() != call) {
      return new Fault.None();
    }
    return switch (kill) {
      case BEFORE -> new Fault.CrashBefore();
      case AFTER -> new Fault.CrashAfter();
      case ANSWER_LOST -> new Fault.LoseAnswer();
      case FROZEN -> new Fault.Meanwhile(() -> freeze(scene));
    };
  }

  private void goOn(Scene scene) {
    switch (then) {
      case RESUME -> scene.operator().resume();
      case ROLLBACK -> scene.operator().rollback();
      case REPAIR -> scene.operator().repair(false);
      case REPAIR_WITHOUT_JOURNAL -> {
        scene.withoutJournal();
        scene.operator().repair(false);
      }
      case ROLLBACK_WITHOUT_JOURNAL -> {
        scene.withoutJournal();
        scene.operator().rollback();
      }
      case REPAIR_DAMAGED -> {
        damage(scene);
        scene.operator().repair(false);
      }
      case RESUME_TWICE -> {
        long later = scene.world().journal().getLast().number() + 1 + call % 40;
        scene.world().faults(Faults.crashAfter(later));
        scene.operator().resume();
        scene.world().pass(Duration.ofMinutes(1));
        scene.world().faults(Faults.NONE);
        scene.operator().resume();
      }
      case NEXT_POD -> {
        Wish wish = wish(scene, story);
        scene.pod(JOB).release(wish);
        // A return is nobody's Job's; whatever its pod does, somebody has to end that.
        if (story == Story.RETURN) {
          scene.operator().resume();
        }
      }
    }
  }

  private static void damage(Scene scene) {
    Doc journal = scene.world().find(Scene.JOURNAL).orElse(Doc.EMPTY);
    String text = journal.texts("data").getOrDefault("state.json", "");
    if (!text.isEmpty()) {
      scene
          .world()
          .patch(
              Scene.JOURNAL,
              Patch.none().put(text.substring(0, text.length() / 2), "data", "state.json"));
    }
  }

  private void check(Scene scene) {
    Afterwards after = scene.afterwards();
    boolean green = scene.service().selector().labels().containsValue("green");
    boolean released = green || scene.image().equals(Scene.NEW);
    if (green && released) {
      after.but(Scene.SERVICE, Scene.DEPLOYMENT, GREEN, Scene.SCALER);
    } else if (released) {
      after.but(Scene.DEPLOYMENT);
    }
    if (story == Story.ROUTED_GIVEN) {
      after.but(GIVEN);
      scene.world().find(GIVEN).ifPresent(Crashes::isAsGiven);
    }
    after.quiet();
    after.asBefore();
    if (SCALED.contains(story)) {
      after.scalesWhatServes();
    }
    after.closed();
    after.onlyServes(released ? Scene.NEW : Scene.OLD);
    assertThat(scene.serving("shop")).hasSize(Scene.SIZE);
    allowed(scene, released);
  }

  /** It sends all to the Service, and nothing of ours is on it. */
  private static void isAsGiven(Doc route) {
    Doc rule = route.docs("spec", "rules").getFirst();
    assertThat(rule.docs("backendRefs"))
        .extracting(one -> one.textOrEmpty("name") + " " + one.number(-1, "weight"))
        .containsExactly("shop 1");
    assertThat(route.texts("metadata", "annotations")).isEmpty();
  }

  /** Who goes on may not turn a good release, nor promote what was refused. */
  private void allowed(Scene scene, boolean released) {
    List<String> told = new ArrayList<>();
    scene.operators().stream()
        .filter(Operator::hasEnded)
        .forEach(one -> told.add(one.ending().word()));
    boolean refused =
        story == Story.BAD
            || story == Story.SCALED_BAD
            || story == Story.ROUTED_BAD
            || story == Story.MIGRATION_FAILS
            || then == Then.ROLLBACK;
    if (refused && (kill == Kill.BEFORE || kill == Kill.AFTER) && story != Story.RETURN) {
      assertThat(released).as("the new version serves: " + told).isFalse();
    }
  }

  @Override
  public String toString() {
    return story + "/" + call + "/" + kill + "/" + then;
  }

  /** Reads what {@link #toString} wrote. */
  public static Crashes of(String text) {
    String[] parts = text.split("/", 4);
    return new Crashes(
        Story.valueOf(parts[0]),
        Long.parseLong(parts[1]),
        Kill.valueOf(parts[2]),
        Then.valueOf(parts[3]));
  }
}
