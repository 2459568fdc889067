package rollout.simulated;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import rollout.document.Doc;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.Query;
import rollout.model.Ref;
import rollout.model.Selector;
import rollout.model.Stamp;
import rollout.model.Way;
import rollout.sim.World;

/** Looks at every change of the shop for what must hold at every instant. */
public final class Watch {
  private static final Set<Kind> WATCHED =
      Set.of(Kind.POD, Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.DEPLOYMENT);
  private static final int TOLD = 5;

  /** What a scenario itself may take away. */
  public enum Excuse {
    /** The candidate's pods fail while they serve. */
    CANDIDATE_FAILS,
    /** Somebody or something takes stable's pods, or their readiness. */
    STABLE_FAILS,
    /** Somebody writes the selector. */
    SELECTOR_WRITTEN,
    /** No migration stands before the candidate. */
    NO_MIGRATION
  }

  private final Scene scene;
  private final World world;
  private final String stableSet;
  private final Set<Excuse> excuses = EnumSet.of(Excuse.NO_MIGRATION);
  private final List<String> broken = new ArrayList<>();
  private int floor;
  private boolean settling;
  private Stamp newest = new Stamp(0, "", Way.FORWARD);
  private long revision;

  Watch(Scene scene, Before before) {
    this.scene = scene;
    this.world = scene.world();
    this.floor = scene.deployment().replicas();
    this.stableSet =
        world.list(Query.labelled(Kind.REPLICA_SET, World.NAMESPACE, before.podLabels())).stream()
            .findFirst()
            .map(set -> set.textOrEmpty("metadata", "uid"))
            .orElse("");
    world.onChange(this::look);
  }

  /** From now on this may happen. */
  public void excuse(Excuse... more) {
    excuses.addAll(List.of(more));
  }

  /** From now on the candidate must wait for the migration. */
  public void migrates() {
    excuses.remove(Excuse.NO_MIGRATION);
  }

  /** From now on this many ready pods are enough. */
  public void floor(int pods) {
    floor = Math.min(floor, pods);
  }

  /** The shop's own pods have been replaced as they should: nothing to compare with any more. */
  public void begin() {
    settling = true;
  }

  /** What did not hold; the first few. */
  public List<String> broken() {
    return List.copyOf(broken);
  }

  private void look(Ref ref) {
    if (!WATCHED.contains(ref.kind()) || broken.size() >= TOLD) {
      return;
    }
    Doc state = scene.service().state();
    stamps(state);
    settling |= state.textOrEmpty("phase").startsWith("settle");
    List<Pod> pods = scene.pods();
    if (ref.equals(Scene.SERVICE)) {
      selector(pods);
    }
    capacity(pods);
    if (ref.kind().equals(Kind.POD) && !excuses.contains(Excuse.NO_MIGRATION)) {
      migrated(pods);
    }
  }

  /** I5: the epoch only rises; within one release back never turns. */
  private void stamps(Doc state) {
    if (state.isEmpty()) {
      return;
    }
    Stamp stamp = Stamp.in(state);
    if (stamp.epoch() < newest.epoch()) {
      breaks("the epoch fell from " + newest + " to " + stamp);
    }
    boolean same = state.number(0, "revision") == revision;
    if (same && newest.way() == Way.BACK && stamp.way() == Way.FORWARD) {
      breaks("it went forward again: " + newest + ", then " + stamp);
    }
    newest = stamp;
    revision = state.number(0, "revision");
  }

  /** I1: a selector is never written that matches no ready pod. */
  private void selector(List<Pod> pods) {
    Selector selector = scene.service().selector();
    boolean some = pods.stream().filter(Pod::ready).anyMatch(pod -> selector.selects(pod.labels()));
    boolean excused =
        excuses.contains(Excuse.CANDIDATE_FAILS) || excuses.contains(Excuse.STABLE_FAILS);
    if (!some && !excused) {
      breaks("the selector " + selector + " matches no ready pod");
    }
  }

  /** I4: stable stays whole until the bake has passed; behind the Service is always enough. */
  private void capacity(List<Pod> pods) {
    long stable =
        pods.stream().filter(Pod::ready).filter(pod -> pod.owner().equals(stableSet)).count();
    if (!settling && stable < floor && !excuses.contains(Excuse.STABLE_FAILS)) {
      breaks("stable has " + stable + " ready pods of " + floor);
    }
    boolean excused =
        excuses.contains(Excuse.CANDIDATE_FAILS) || excuses.contains(Excuse.STABLE_FAILS);
    long serving = scene.serving("shop").size();
    // With nothing of a release on the Service, what sizes it by load has its own word again.
    boolean free =
        scene.world().find(Scene.SCALER).isPresent() && scene.service().stateText().isEmpty();
    long least = free ? Math.min(floor, Scene.FLOOR) : floor;
    if (serving < least && !excused) {
      breaks("behind the Service are " + serving + " pods of " + least);
    }
  }

  /** I3: no pod of the candidate before the migration has succeeded. */
  private void migrated(List<Pod> pods) {
    boolean candidate =
        pods.stream()
            .filter(pod -> !pod.labels().containsKey(Marks.TARGET))
            .anyMatch(pod -> Scene.imageOf(pod.doc()).equals(Scene.NEW));
    boolean done =
        pods.stream()
            .filter(pod -> Scene.imageOf(pod.doc()).equals(Scene.MIGRATION))
            .flatMap(pod -> pod.containers().stream())
            .anyMatch(one -> one.number(-1, "state", "terminated", "exitCode") == 0);
    if (candidate && !done) {
      breaks("a pod of the candidate is there before the migration has succeeded");
    }
  }

  private void breaks(String what) {
    if (broken.size() < TOLD) {
      broken.add(world.now() + ": " + what);
    }
  }
}
