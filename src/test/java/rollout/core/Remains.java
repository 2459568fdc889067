package rollout.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Pod;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release;
import rollout.plan.Survey;
import rollout.router.Landscape;

/**
 * What is left of a release of Service {@code shop} in a namespace, for tests of its recovery:
 * object by object, in the order in which the cluster lists them.
 */
final class Remains {
  private final List<Service> services = new ArrayList<>();
  private final List<Deployment> deployments = new ArrayList<>();
  private final List<ReplicaSet> sets = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<Doc> scalers = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final Map<Kind, List<Doc>> routes = new LinkedHashMap<>();
  private int nextRevision = 9;

  // ---- objects

  static Doc service(String name, Selector selector) {
    return Doc.of(
        "metadata",
        Doc.of("name", name, "namespace", "web", "uid", name + "-uid"),
        "spec",
        Doc.of("selector", selector.doc()));
  }

  /** One with the state of a release on it. */
  static Doc stamped(String name, Selector selector, Doc state) {
    return service(name, selector)
        .with(Map.of(Marks.STATE, state.json()), "metadata", "annotations");
  }

  static Doc claimed(Doc deployment, Doc claim) {
    return deployment.with(claim.json(), "metadata", "annotations", Marks.CLAIM);
  }

  /** With the labels of what the program has made for a target. */
  static Doc made(Doc object, String target) {
    Map<String, String> labels = Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.TARGET, target);
    return object.with(labels, "metadata", "labels");
  }

  /** A copy that the program has made for the shop, of a revision. */
  static Doc copy(String name, String revision) {
    Map<String, String> labels = Map.of("app", "shop", Marks.REVISION, revision);
    Doc template = Seen.template("demo:v2", labels);
    return made(Seen.deployment(name, name + "-uid", 3, template), "shop")
        .with(revision, "metadata", "labels", Marks.REVISION)
        .with(labels, "spec", "selector", "matchLabels");
  }

  // ---- what is there

  Remains service(Doc live) {
    services.add(new Service(live));
    return this;
  }

  Remains deployment(Doc live) {
    deployments.add(new Deployment(live));
    return this;
  }

  /** A ReplicaSet {@code shop-HASH} of the Deployment with this uid, with ready pods. */
  Remains set(String owner, String hash, Doc template, int ready) {
    String name = "shop-" + hash;
    sets.add(new ReplicaSet(Seen.replicaSet(name, name + "-uid", owner, hash, template)));
    for (int i = 1; i <= ready; i++) {
      pods.add(new Pod(Seen.pod(name + "-" + i, name + "-uid", Map.of("app", "shop"))));
    }
    return this;
  }

  Remains scaler(Doc live) {
    scalers.add(live);
    return this;
  }

  Remains job(Doc live) {
    jobs.add(new Job(live));
    return this;
  }

  Remains routes(Kind kind, Doc... live) {
    routes.put(kind, List.of(live));
    return this;
  }

  Remains nextRevision(int next) {
    nextRevision = next;
    return this;
  }

  // ---- what they tell

  Survey survey() {
    return new Survey(
        "web",
        "1.35",
        services,
        deployments,
        sets,
        pods,
        scalers,
        List.of(),
        List.of(),
        List.of(),
        jobs,
        Map.of(),
        Optional.empty(),
        nextRevision,
        Map.of(),
        Map.of(),
        Schema.UNKNOWN,
        Optional.of(new Landscape("web", "shop", routes)),
        Optional.empty());
  }

  Optional<RolloutState> found() {
    return Recovery.of(survey(), "shop", Seen.NOW);
  }

  RolloutState state() {
    return found().orElseThrow();
  }

  Release release() {
    return state().release();
  }
}
