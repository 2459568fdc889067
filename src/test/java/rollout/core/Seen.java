package rollout.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import rollout.core.Observation.Interrupt;
import rollout.core.Observation.Request;
import rollout.core.RolloutState.Course;
import rollout.core.RolloutState.GoingBack;
import rollout.document.Doc;
import rollout.model.Check;
import rollout.model.Deployment;
import rollout.model.Endpoint;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.Marks;
import rollout.model.Match;
import rollout.model.MetricNames;
import rollout.model.MetricRound;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Form;
import rollout.plan.Materials;
import rollout.plan.Release;
import rollout.plan.Release.Contender;
import rollout.plan.Release.Database;
import rollout.plan.Release.JobName;
import rollout.plan.Release.Scaler;
import rollout.plan.Release.Stable;
import rollout.plan.Release.Steered;
import rollout.plan.Release.Terms;
import rollout.plan.Step;
import rollout.plan.Survey;
import rollout.router.Route;
import rollout.strategy.Canary;
import rollout.strategy.Strategy.Limits;
import rollout.strategy.Strategy.OnMissing;

/**
 * What a release of Service {@code shop} sees, for tests: as it must look in a given step, then
 * changed by the test. Endpoints follow from the selectors and the ready pods, unless a test says
 * otherwise.
 */
final class Seen {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  static final Selector ORIGINAL = new Selector(Map.of("app", "shop"));
  static final Selector STABLE = ORIGINAL.and(Selector.TEMPLATE_HASH, "aaa");
  static final Selector CANDIDATE = ORIGINAL.and(Marks.REVISION, "2");
  static final Steered SHOP = new Steered("shop", "s-uid", ORIGINAL, STABLE, CANDIDATE);
  static final JobName MIGRATION = new JobName("rollout-shop-r2-migrate", "spec-1");
  static final Doc OLD = template("demo:v1", Map.of("app", "shop"));
  static final Doc NEW = template("demo:v2", Map.of("app", "shop"));

  private final RolloutState state;
  private Instant now = NOW;
  private boolean fresh = true;
  private final Map<String, Doc> services = new LinkedHashMap<>();
  private Optional<Doc> stable = Optional.empty();
  private Optional<Doc> candidate = Optional.empty();
  private Optional<Doc> freshCopy = Optional.empty();
  private final List<Doc> sets = new ArrayList<>();
  private List<Doc> pods = new ArrayList<>();
  private final Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Map<String, String> jobEvents = new LinkedHashMap<>();
  private final Map<String, Doc> configs = new LinkedHashMap<>();
  private final Map<String, Optional<Doc>> secrets = new LinkedHashMap<>();
  private final Map<Ref, Doc> routes = new LinkedHashMap<>();
  private Optional<Doc> scaler = Optional.empty();
  private Optional<MetricRound> round = Optional.empty();
  private Optional<Request> request = Optional.empty();
  private Optional<Interrupt> interrupt = Optional.empty();
  private Materials materials = Materials.NONE;

  private Seen(RolloutState state) {
    this.state = state;
  }

  // ---- releases

  /** The images of stable. */
  static final List<String> WAS = List.of("app=demo:v1");

  static Release copy() {
    return new Release(
        "web",
        2,
        Form.COPY,
        Optional.empty(),
        new Stable("shop", "d-uid", 3, "aaa", "shop-aaa", "rs-1", hash(OLD), true, true, WAS),
        new Contender("shop-r2", "", 0, hash(NEW), List.of("app=demo:v2")),
        List.of(SHOP),
        Optional.empty(),
        Database.NONE,
        Optional.empty(),
        Release.Configs.NONE,
        Optional.empty(),
        Optional.empty(),
        terms());
  }

  /** Both Deployments are the user's, and their pods' labels differ. */
  static Release swap() {
    Selector blue = new Selector(Map.of("app", "shop", "color", "blue"));
    Selector green = new Selector(Map.of("color", "green"));
    return new Release(
        "web",
        2,
        Form.SWAP,
        Optional.empty(),
        new Stable("shop", "d-uid", 3, "aaa", "shop-aaa", "rs-1", hash(OLD), true, false, WAS),
        new Contender("shop-green", "c-uid", 1, hash(NEW), List.of("app=demo:v2")),
        List.of(new Steered("shop", "s-uid", blue, blue, green)),
        Optional.empty(),
        Database.NONE,
        Optional.empty(),
        Release.Configs.NONE,
        Optional.empty(),
        Optional.empty(),
        terms());
  }

  static Release install() {
    return new Release(
        "web",
        1,
        Form.INSTALL,
        Optional.empty(),
        new Stable("shop", "", 3, "", "", "", "", false, false, List.of()),
        new Contender("shop", "", 0, hash(NEW), List.of("app=demo:v2")),
        List.of(new Steered("shop", "", ORIGINAL, ORIGINAL, ORIGINAL)),
        Optional.empty(),
        Database.NONE,
        Optional.empty(),
        Release.Configs.NONE,
        Optional.empty(),
        Optional.empty(),
        terms());
  }

  static Terms terms(Check... checks) {
    return new Terms(
        false,
        Duration.ofMinutes(5),
        List.of(checks),
        Optional.empty(),
        Limits.DEFAULT,
        OnMissing.HOLD,
        OnMissing.HOLD,
        false);
  }

  static Release with(Release release, Terms terms) {
    return like(release, release.stable(), release.services(), release.scaler(), terms);
  }

  static Release with(Release release, Stable stable) {
    return like(release, stable, release.services(), release.scaler(), release.terms());
  }

  static Release with(Release release, Steered... services) {
    return like(release, release.stable(), List.of(services), release.scaler(), release.terms());
  }

  static Release with(Release release, Scaler scaler) {
    return like(
        release, release.stable(), release.services(), Optional.of(scaler), release.terms());
  }

  private static Release like(
      Release release,
      Stable stable,
      List<Steered> services,
      Optional<Scaler> scaler,
      Terms terms) {
    return like(release, stable, services, release.preview(), release.database(), scaler, terms);
  }

  private static Release like(
      Release release,
      Stable stable,
      List<Steered> services,
      Optional<Release.PreviewService> preview,
      Database database,
      Optional<Scaler> scaler,
      Terms terms) {
    return new Release(
        release.namespace(),
        release.revision(),
        release.form(),
        release.returnsTo(),
        stable,
        release.candidate(),
        services,
        preview,
        database,
        release.smoke(),
        release.configs(),
        release.shifting(),
        scaler,
        terms);
  }

  static Release with(
      Release release, Optional<Release.PreviewService> preview, Optional<JobName> migration) {
    return like(
        release,
        release.stable(),
        release.services(),
        preview,
        new Database(
            migration,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            0,
            Schema.UNKNOWN,
            Schema.UNKNOWN),
        release.scaler(),
        release.terms());
  }

  /** An autoscaler with a floor of 2 sizes the shop. */
  static Release scaled() {
    return with(copy(), scaler(Scaler.Sizes.SERVING));
  }

  static Scaler scaler(Scaler.Sizes sizes) {
    return new Scaler(Kind.AUTOSCALER, "shop", "h-uid", Optional.of("2"), sizes);
  }

  /** An autoscaler as it is in the cluster. */
  static Doc autoscaler(int floor, String target) {
    return Doc.of(
        "metadata",
        Doc.of("name", "shop", "namespace", "web", "uid", "h-uid", "resourceVersion", "30"),
        "spec",
        Doc.of(
            "minReplicas",
            floor,
            "maxReplicas",
            9,
            "scaleTargetRef",
            Doc.of("kind", "Deployment", "name", target)));
  }

  /** The same with the state of this release. */
  static Doc autoscaler(int floor, String target, RolloutState state) {
    return autoscaler(floor, target)
        .with(Map.of(Marks.STATE, ScalerWrites.state(state).json()), "metadata", "annotations");
  }

  /** A canary of 25 % by a route, whose candidate's own Service has the candidate's name. */
  static Release routed(Route route, Match match) {
    Canary.Weight share = new Canary.Weight(25, Duration.ofSeconds(30), List.of());
    return with(
        copy(),
        new Release.Shifting(List.of(share), List.of(route), Optional.of(match), Optional.empty()));
  }

  /** The same, by a route that the release makes from a file. */
  static Release giving(Route route, Ref given) {
    Release plain = routed(route, new Match(Match.Part.HEADER, "x-canary", "yes"));
    Release.Shifting shifting = plain.shifting().orElseThrow();
    return with(
        plain,
        new Release.Shifting(
            shifting.stages(), shifting.routes(), shifting.match(), Optional.of(given)));
  }

  static Release with(Release release, Release.Shifting shifting) {
    return new Release(
        release.namespace(),
        release.revision(),
        release.form(),
        release.returnsTo(),
        release.stable(),
        release.candidate(),
        release.services(),
        release.preview(),
        release.database(),
        release.smoke(),
        release.configs(),
        Optional.of(shifting),
        release.scaler(),
        release.terms());
  }

  static Release migrating() {
    return with(copy(), Optional.empty(), Optional.of(MIGRATION));
  }

  static Release with(Release release, Database database) {
    return like(
        release,
        release.stable(),
        release.services(),
        release.preview(),
        database,
        release.scaler(),
        release.terms());
  }

  static Release with(Release release, Form form) {
    return new Release(
        release.namespace(),
        release.revision(),
        form,
        release.returnsTo(),
        release.stable(),
        release.candidate(),
        release.services(),
        release.preview(),
        release.database(),
        release.smoke(),
        release.configs(),
        release.shifting(),
        release.scaler(),
        release.terms());
  }

  /** Its requests are counted under these names. */
  static Release counted(Release release, MetricNames names) {
    Terms terms = release.terms();
    return with(
        release,
        new Terms(
            terms.hold(),
            terms.bake(),
            terms.checks(),
            Optional.of(names),
            terms.limits(),
            terms.onNoData(),
            terms.onUndecided(),
            terms.noWayBack()));
  }

  // ---- states

  /** In a step of the way forward, entered {@link #NOW}, by driver {@code me} of epoch 7. */
  static RolloutState in(Release release, Class<? extends Step> step) {
    RolloutState begun = RolloutState.begin(release, NOW.minusSeconds(60), 7, "me");
    int index = indexOf(begun.steps(), step);
    Map<String, String> uids =
        release.candidate().uid().isEmpty() && indexOf(begun.steps(), Step.Create.class) < index
            ? Map.of("Deployment/" + release.candidate().name(), "c-uid")
            : Map.of();
    return new RolloutState(
        release,
        Course.FORWARD,
        index,
        NOW,
        begun.started(),
        7,
        "me",
        uids,
        Map.of(),
        Optional.empty(),
        Tallies.NONE);
  }

  /**
   * Going back since {@link #NOW}, in a step of the way back; left at a step of the way forward.
   */
  static RolloutState back(
      Release release, Class<? extends Step> left, Class<? extends Step> step) {
    RolloutState forward = in(release, left);
    Course course = forward.reached(Step.BeginSettle.class) ? Course.BACK_FROM_SETTLE : Course.BACK;
    boolean shifted = forward.reached(Step.Switch.class);
    GoingBack why =
        new GoingBack(
            Cause.HEALTH,
            "it crashed",
            forward.step(),
            shifted,
            NOW,
            NOW,
            Optional.of(NOW),
            Optional.empty());
    RolloutState back = forward.back(course, why, NOW);
    for (int i = indexOf(back.steps(), step); i > 0; i--) {
      back = back.next(NOW);
    }
    return back;
  }

  private static int indexOf(List<Step> steps, Class<? extends Step> step) {
    for (int i = 0; i < steps.size(); i++) {
      if (step.isInstance(steps.get(i))) {
        return i;
      }
    }
    throw new IllegalArgumentException("no step " + step + " in " + steps);
  }

  // ---- objects

  static Doc template(String image, Map<String, String> labels) {
    return Doc.of(
        "metadata",
        Doc.of("labels", labels),
        "spec",
        Doc.of("containers", List.of(Doc.of("name", "app", "image", image))));
  }

  static String hash(Doc template) {
    return new Deployment(Doc.of("spec", Doc.of("template", template))).templateHash();
  }

  static Doc deployment(String name, String uid, int replicas, Doc template) {
    return Doc.of(
        "metadata",
        Doc.of(
            "name",
            name,
            "namespace",
            "web",
            "uid",
            uid,
            "resourceVersion",
            "10",
            "generation",
            1,
            "annotations",
            Map.of("owner", "team")),
        "spec",
        Doc.of("replicas", replicas, "template", template),
        "status",
        Doc.of(
            "observedGeneration", 1,
            "replicas", replicas,
            "updatedReplicas", replicas,
            "availableReplicas", replicas));
  }

  static Doc replicaSet(String name, String uid, String owner, String hash, Doc template) {
    return Doc.of(
        "metadata",
        Doc.of(
            "name",
            name,
            "namespace",
            "web",
            "uid",
            uid,
            "labels",
            Map.of(Selector.TEMPLATE_HASH, hash),
            "ownerReferences",
            owner(owner)),
        "spec",
        Doc.of(
            "replicas",
            3,
            "template",
            template.with(hash, "metadata", "labels", Selector.TEMPLATE_HASH)));
  }

  static Doc pod(String name, String owner, Map<String, String> labels) {
    return Doc.of(
        "metadata",
        Doc.of(
            "name",
            name,
            "namespace",
            "web",
            "uid",
            name + "-uid",
            "labels",
            labels,
            "ownerReferences",
            owner(owner)),
        "status",
        Doc.of(
            "phase",
            "Running",
            "conditions",
            List.of(Doc.of("type", "Ready", "status", "True")),
            "containerStatuses",
            List.of(
                Doc.of("name", "app", "restartCount", 0, "state", Doc.of("running", Doc.EMPTY)))));
  }

  private static List<Doc> owner(String uid) {
    return List.of(Doc.of("uid", uid, "controller", true));
  }

  static Doc unready(Doc pod) {
    return pod.with(
        List.of(Doc.of("type", "Ready", "status", "False", "message", "probe failed")),
        "status",
        "conditions");
  }

  static Doc container(Doc pod, Doc status) {
    return pod.with(List.of(status), "status", "containerStatuses");
  }

  Doc service(Selector selector) {
    return Doc.of(
        "metadata",
        Doc.of("name", "shop", "namespace", "web", "uid", "s-uid", "resourceVersion", "20"),
        "spec",
        Doc.of("selector", selector.doc()));
  }

  Doc stamped(Selector selector, String phase) {
    Steered steered = state.release().target();
    return service(selector)
        .with(
            Map.of(Marks.STATE, Writes.state(state, steered, phase, selector).json()),
            "metadata",
            "annotations");
  }

  // ---- the look

  /** As everything must look when this state's step begins, if all went well. */
  static Seen at(RolloutState state) {
    Seen seen = new Seen(state);
    Release release = state.release();
    if (release.form() == Form.INSTALL) {
      return state.uids().isEmpty() ? seen : seen.candidateOf(3, Map.of("app", "shop"));
    }
    boolean swap = release.form() == Form.SWAP;
    Map<String, String> blue =
        swap ? Map.of("app", "shop", "color", "blue") : Map.of("app", "shop");
    Map<String, String> green = swap ? Map.of("app", "shop", "color", "green") : CANDIDATE.labels();
    seen.stableOf(blue);
    boolean started = state.passed(Step.StartCandidate.class);
    if (swap || !state.uids().isEmpty()) {
      seen.candidateOf(started ? 3 : release.candidate().formerReplicas(), green);
    }
    return seen.shop();
  }

  private void stableOf(Map<String, String> labels) {
    Doc live = deployment("shop", "d-uid", 3, OLD);
    if (state.passed(Step.Claim.class)) {
      live = claimed(live);
    }
    boolean pausing = state.passed(Step.PauseStable.class);
    stable = Optional.of(pausing ? live.with(true, "spec", "paused") : live);
    sets.add(replicaSet("shop-aaa", "rs-1", "d-uid", "aaa", OLD));
    for (int i = 1; i <= 3; i++) {
      pods.add(pod("s-" + i, "rs-1", hashed(labels, "aaa")));
    }
  }

  private Seen candidateOf(int size, Map<String, String> labels) {
    String name = state.release().candidate().name();
    Doc template = NEW.with(labels, "metadata", "labels");
    Doc live = deployment(name, "c-uid", size, template);
    boolean given = !state.release().candidate().uid().isEmpty();
    candidate = Optional.of(given && state.passed(Step.Claim.class) ? claimed(live) : live);
    sets.add(replicaSet(name + "-ccc", "rs-c", "c-uid", "ccc", template));
    for (int i = 1; i <= size; i++) {
      pods.add(pod("c-" + i, "rs-c", hashed(labels, "ccc")));
    }
    return this;
  }

  private Seen shop() {
    Steered steered = state.release().target();
    Doc live = service(steered.original());
    if (state.passed(Step.BeginSettle.class)) {
      live = stamped(steered.candidate(), "settle");
    } else if (state.passed(Step.Switch.class)) {
      live = stamped(steered.candidate(), "switched");
    } else if (state.passed(Step.Pin.class)) {
      live = stamped(steered.stable(), "pinned");
    }
    services.put("shop", live);
    return this;
  }

  Doc claimed(Doc deployment) {
    return deployment.with(Writes.claim(state).json(), "metadata", "annotations", Marks.CLAIM);
  }

  private static Map<String, String> hashed(Map<String, String> labels, String hash) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(Selector.TEMPLATE_HASH, hash);
    return more;
  }

  Seen after(Duration duration) {
    now = NOW.plus(duration);
    return this;
  }

  Seen watched() {
    fresh = false;
    return this;
  }

  Seen shop(Doc live) {
    services.put(live.textOrEmpty("metadata", "name"), live);
    return this;
  }

  Seen noService() {
    services.clear();
    return this;
  }

  Seen stable(UnaryOperator<Doc> change) {
    stable = stable.map(change);
    return this;
  }

  Seen noStable() {
    stable = Optional.empty();
    return this;
  }

  Seen candidate(UnaryOperator<Doc> change) {
    candidate = candidate.map(change);
    return this;
  }

  Seen candidate(Doc live) {
    candidate = Optional.of(live);
    return this;
  }

  Seen noCandidate() {
    candidate = Optional.empty();
    return this;
  }

  Seen freshCopy(Doc live) {
    freshCopy = Optional.of(live);
    return this;
  }

  Seen set(Doc set) {
    sets.add(set);
    return this;
  }

  /** The ReplicaSet that served shall have only so many pods. */
  Seen fewer(int replicas) {
    sets.replaceAll(
        set ->
            set.textOrEmpty("metadata", "uid").equals("rs-1")
                ? set.with(replicas, "spec", "replicas")
                : set);
    return this;
  }

  Seen noSet(String uid) {
    sets.removeIf(set -> set.textOrEmpty("metadata", "uid").equals(uid));
    return this;
  }

  Seen pod(Doc pod) {
    pods.add(pod);
    return this;
  }

  /** The pods whose names begin like this. */
  Seen pods(String start, UnaryOperator<Doc> change) {
    pods =
        new ArrayList<>(
            pods.stream()
                .map(
                    pod ->
                        pod.textOrEmpty("metadata", "name").startsWith(start)
                            ? change.apply(pod)
                            : pod)
                .toList());
    return this;
  }

  Seen noPods(String start) {
    pods.removeIf(pod -> pod.textOrEmpty("metadata", "name").startsWith(start));
    return this;
  }

  /** The endpoints of a Service are the pods of these names, whatever its selector says. */
  Seen endpoints(String service, String... names) {
    endpoints.put(
        service,
        List.of(names).stream()
            .map(name -> new Endpoint(name + "-uid", name, true, false))
            .toList());
    return this;
  }

  Seen job(Doc job) {
    jobs.put(job.textOrEmpty("metadata", "name"), new Job(job));
    return this;
  }

  Seen jobEvent(String message) {
    jobEvents.put(MIGRATION.name(), message);
    return this;
  }

  Seen round(MetricRound newest) {
    round = Optional.of(newest);
    return this;
  }

  Seen request(String verb, boolean full) {
    request = Optional.of(new Request(verb, full, "ada"));
    return this;
  }

  Seen interrupt(Interrupt now) {
    interrupt = Optional.of(now);
    return this;
  }

  Seen scaler(Doc live) {
    scaler = Optional.of(live);
    return this;
  }

  Seen config(Doc live) {
    configs.put(live.textOrEmpty("metadata", "name"), live);
    return this;
  }

  Seen secret(String name, Optional<Doc> live) {
    secrets.put(name, live);
    return this;
  }

  Seen route(Route route, Doc live) {
    routes.put(route.ref(), live);
    return this;
  }

  Seen materials(Materials these) {
    materials = these;
    return this;
  }

  Service shop(String name) {
    return new Service(services.getOrDefault(name, Doc.EMPTY));
  }

  Deployment stable() {
    return new Deployment(stable.orElseThrow());
  }

  Deployment candidate() {
    return new Deployment(candidate.orElseThrow());
  }

  Observation look() {
    Map<String, Service> live = new LinkedHashMap<>();
    services.forEach((name, doc) -> live.put(name, new Service(doc)));
    Map<String, List<Endpoint>> behind = new LinkedHashMap<>();
    live.forEach((name, service) -> behind.put(name, selected(service)));
    behind.putAll(endpoints);
    return new Observation(
        now,
        fresh,
        live,
        stable.map(Deployment::new),
        candidate.map(Deployment::new),
        freshCopy.map(Deployment::new),
        sets.stream().map(ReplicaSet::new).toList(),
        pods.stream().map(Pod::new).toList(),
        behind,
        jobs,
        jobEvents,
        configs,
        secrets,
        routes,
        scaler,
        round,
        request,
        interrupt,
        materials);
  }

  private List<Endpoint> selected(Service service) {
    return pods.stream()
        .map(Pod::new)
        .filter(Pod::ready)
        .filter(pod -> service.selector().selects(pod.labels()))
        .map(pod -> new Endpoint(pod.uid(), pod.name(), true, false))
        .toList();
  }

  /** The same objects, as somebody finds them who knows nothing of the release. */
  Survey survey() {
    List<Deployment> deployments = new ArrayList<>();
    stable.map(Deployment::new).ifPresent(deployments::add);
    candidate.map(Deployment::new).ifPresent(deployments::add);
    return new Survey(
        "web",
        "1.35",
        services.values().stream().map(Service::new).toList(),
        deployments,
        sets.stream().map(ReplicaSet::new).toList(),
        pods.stream().map(Pod::new).toList(),
        scaler.stream().toList(),
        List.of(),
        List.of(),
        List.of(),
        List.copyOf(jobs.values()),
        Map.of(),
        Optional.empty(),
        3,
        Map.of(),
        Map.of(),
        Schema.UNKNOWN,
        Optional.empty(),
        Optional.empty());
  }

  Sight sight() {
    return new Sight(state, look());
  }

  /** What the core does. */
  Decision decide() {
    return Decider.decide(state, look());
  }

  /** What the core does in the end when nothing else changes: two looks are taken for granted. */
  Decision decideAfterTwoLooks() {
    RolloutState seenOnce = state.counting(state.tallies().seen(now.minusSeconds(1)));
    return Decider.decide(seenOnce, look());
  }

  RolloutState state() {
    return state;
  }
}
