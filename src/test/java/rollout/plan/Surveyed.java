package rollout.plan;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import rollout.document.Doc;
import rollout.model.Deployment;
import rollout.model.Job;
import rollout.model.Kind;
import rollout.model.ManifestDoc;
import rollout.model.MetricNames;
import rollout.model.Pod;
import rollout.model.RefusedError;
import rollout.model.ReplicaSet;
import rollout.model.Schema;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.router.Landscape;
import rollout.strategy.Canary;
import rollout.strategy.Candidate;
import rollout.strategy.JobFile;
import rollout.strategy.Migration;
import rollout.strategy.Strategy;

/** A namespace with a healthy Service {@code shop}, and a release of it; changed by each test. */
final class Surveyed {
  static final Map<String, String> SHOP = Map.of("app", "shop");

  static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes");

  private String version = "1.35";
  private final Map<String, Doc> services = new LinkedHashMap<>();
  private final Map<String, Doc> deployments = new LinkedHashMap<>();
  private final Map<String, Doc> sets = new LinkedHashMap<>();
  private final List<Doc> pods = new ArrayList<>();
  private final List<Doc> autoscalers = new ArrayList<>();
  private final List<Doc> scaledObjects = new ArrayList<>();
  private final List<Doc> budgets = new ArrayList<>();
  private final List<Doc> quotas = new ArrayList<>();
  private final List<Doc> jobs = new ArrayList<>();
  private final Map<String, Doc> live = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final Map<Integer, Survey.Past> revisions = new LinkedHashMap<>();
  private Schema schema = Schema.UNKNOWN;
  private Optional<Map<Kind, List<Doc>>> routes = Optional.empty();
  private Optional<Doc> given = Optional.empty();
  private Strategy strategy = image("demo:v2");

  private Surveyed() {}

  static Surveyed empty() {
    return new Surveyed();
  }

  static Surveyed shop() {
    return empty().service("shop", SHOP).deployment("shop", SHOP, 3);
  }

  // ---- the release

  private static Strategy image(String reference) {
    return candidate(new Candidate.Image(Map.of("", reference)));
  }

  private static Strategy candidate(Candidate candidate) {
    return with(Strategy.of("shop", "web"), Optional.of(candidate), List.of(), List.of());
  }

  private static Strategy with(
      Strategy from, Optional<Candidate> candidate, List<String> also, List<String> ignored) {
    return new Strategy(
        from.service(),
        from.namespace(),
        candidate,
        from.from(),
        also,
        ignored,
        from.migration(),
        from.prometheus(),
        from.metricNames(),
        from.checks(),
        from.preview(),
        from.smoke(),
        from.hold(),
        from.bake(),
        from.promotion(),
        from.limits(),
        from.onNoData(),
        from.onUndecided(),
        from.permissions(),
        from.canary(),
        from.subscribers());
  }

  private static Strategy with(
      Strategy from,
      Optional<String> stable,
      Optional<Migration> migration,
      Optional<JobFile> smoke,
      Strategy.Permissions permissions) {
    return new Strategy(
        from.service(),
        from.namespace(),
        from.candidate(),
        stable,
        from.also(),
        from.ignored(),
        migration,
        from.prometheus(),
        from.metricNames(),
        from.checks(),
        from.preview(),
        smoke,
        from.hold(),
        from.bake(),
        from.promotion(),
        from.limits(),
        from.onNoData(),
        from.onUndecided(),
        permissions,
        from.canary(),
        from.subscribers());
  }

  /** Whose metric names. */
  Surveyed metrics(String names) {
    strategy =
        new Strategy(
            strategy.service(),
            strategy.namespace(),
            strategy.candidate(),
            strategy.from(),
            strategy.also(),
            strategy.ignored(),
            strategy.migration(),
            strategy.prometheus(),
            names,
            strategy.checks(),
            strategy.preview(),
            strategy.smoke(),
            strategy.hold(),
            strategy.bake(),
            strategy.promotion(),
            strategy.limits(),
            strategy.onNoData(),
            strategy.onUndecided(),
            strategy.permissions(),
            strategy.canary(),
            strategy.subscribers());
    return this;
  }

  /** Share by share. */
  Surveyed canary(Canary canary) {
    strategy = strategy.by(canary);
    return this;
  }

  /** What may divide the requests; a kind without objects is served too. */
  /** The route of the strategy's file, as the server completes it. */
  Surveyed given(Doc completed) {
    given = Optional.of(completed);
    return this;
  }

  Surveyed routes(Kind kind, Doc... objects) {
    Map<Kind, List<Doc>> all = new LinkedHashMap<>(routes.orElse(Map.of()));
    all.put(kind, List.of(objects));
    routes = Optional.of(all);
    return this;
  }

  Surveyed release(Candidate candidate) {
    strategy = with(strategy, Optional.of(candidate), strategy.also(), strategy.ignored());
    return this;
  }

  Surveyed image(String container, String reference) {
    return release(new Candidate.Image(Map.of(container, reference)));
  }

  Surveyed to(String deployment) {
    return release(new Candidate.Existing(deployment));
  }

  Surveyed manifests(Doc... documents) {
    List<ManifestDoc> all = new ArrayList<>();
    for (Doc document : documents) {
      all.add(new ManifestDoc("shop.yaml:" + (all.size() + 1), document));
    }
    return release(new Candidate.Manifests(all));
  }

  Surveyed of(String service) {
    Strategy other = Strategy.of(service, "web");
    strategy = with(other, strategy.candidate(), List.of(), List.of());
    return this;
  }

  Surveyed also(String service) {
    strategy = with(strategy, strategy.candidate(), List.of(service), strategy.ignored());
    return this;
  }

  Surveyed ignore(String service) {
    strategy = with(strategy, strategy.candidate(), strategy.also(), List.of(service));
    return this;
  }

  Surveyed from(String deployment) {
    strategy =
        with(
            strategy,
            Optional.of(deployment),
            strategy.migration(),
            strategy.smoke(),
            strategy.permissions());
    return this;
  }

  Surveyed migrate(Doc job) {
    strategy =
        with(
            strategy,
            strategy.from(),
            Optional.of(Migration.of(new JobFile("migrate.yaml", job))),
            strategy.smoke(),
            strategy.permissions());
    return this;
  }

  /** The migration says of itself: the newest in it, and the floor. */
  Surveyed migrates(long newest, long floor) {
    Migration plain = Migration.of(new JobFile("migrate.yaml", job(Map.of("job", "migrate"))));
    strategy =
        with(
            strategy,
            strategy.from(),
            Optional.of(plain.numbered(newest, floor)),
            strategy.smoke(),
            strategy.permissions());
    return this;
  }

  Surveyed smoke(Doc job) {
    strategy =
        with(
            strategy,
            strategy.from(),
            strategy.migration(),
            Optional.of(new JobFile("smoke.yaml", job)),
            strategy.permissions());
    return this;
  }

  /** Permissions in the order of the record: force, replace, noWayBack, gitopsSuspended. */
  Surveyed permit(boolean force, boolean noWayBack, boolean gitopsSuspended) {
    strategy =
        with(
            strategy,
            strategy.from(),
            strategy.migration(),
            strategy.smoke(),
            new Strategy.Permissions(force, false, noWayBack, gitopsSuspended));
    return this;
  }

  // ---- the namespace

  Surveyed version(String serverVersion) {
    version = serverVersion;
    return this;
  }

  Surveyed service(String name, Map<String, String> selector) {
    services.put(
        name,
        Doc.of(
            "kind", "Service",
            "metadata", Doc.of("name", name, "namespace", "web", "uid", name + "-s-uid"),
            "spec",
                Doc.of(
                    "selector",
                    selector,
                    "ports",
                    List.of(Doc.of("port", 80, "nodePort", 30080)))));
    return this;
  }

  Surveyed service(String name, UnaryOperator<Doc> change) {
    services.computeIfPresent(name, (key, doc) -> change.apply(doc));
    return this;
  }

  /** A Deployment, its ReplicaSet of hash {@code NAME-1}, and its ready pods. */
  Surveyed deployment(String name, Map<String, String> labels, int replicas) {
    Doc template = template("demo:v1", labels);
    deployments.put(
        name,
        Doc.of(
            "metadata",
            Doc.of("name", name, "namespace", "web", "uid", name + "-uid", "resourceVersion", "7"),
            "spec",
            Doc.of(
                "replicas",
                replicas,
                "selector",
                Doc.of("matchLabels", labels),
                "template",
                template)));
    return set(name, name + "-1", template, replicas);
  }

  Surveyed deployment(String name, UnaryOperator<Doc> change) {
    deployments.computeIfPresent(name, (key, doc) -> change.apply(doc));
    return this;
  }

  Surveyed noDeployment(String name) {
    deployments.remove(name);
    return this;
  }

  Surveyed set(String deployment, String hash, Doc template, int readyPods) {
    sets.put(
        hash,
        Doc.of(
            "metadata",
            Doc.of(
                "name",
                deployment + "-" + hash,
                "uid",
                hash + "-rs",
                "labels",
                Map.of(Selector.TEMPLATE_HASH, hash),
                "ownerReferences",
                owner("Deployment", deployment, deployment + "-uid")),
            "spec",
            Doc.of("template", template)));
    Map<String, String> labels = new LinkedHashMap<>(template.texts("metadata", "labels"));
    labels.put(Selector.TEMPLATE_HASH, hash);
    for (int i = 0; i < readyPods; i++) {
      pod(hash + "-" + i, labels, owner("ReplicaSet", deployment + "-" + hash, hash + "-rs"));
    }
    return this;
  }

  Surveyed pod(String name, Map<String, String> labels, List<Doc> owner) {
    pods.add(
        Doc.of(
            "metadata",
            Doc.of("name", name, "uid", name, "labels", labels, "ownerReferences", owner),
            "status",
            Doc.of(
                "phase",
                "Running",
                "conditions",
                List.of(Doc.of("type", "Ready", "status", "True")))));
    return this;
  }

  static List<Doc> owner(String kind, String name, String uid) {
    return List.of(Doc.of("kind", kind, "name", name, "uid", uid, "controller", true));
  }

  Surveyed unready() {
    pods.replaceAll(pod -> pod.with(List.of(), "status", "conditions"));
    return this;
  }

  Surveyed noPods() {
    pods.clear();
    return this;
  }

  Surveyed autoscaler(Doc autoscaler) {
    autoscalers.add(autoscaler);
    return this;
  }

  Surveyed scaledObject(Doc scaled) {
    scaledObjects.add(scaled);
    return this;
  }

  Surveyed budget(Doc budget) {
    budgets.add(budget);
    return this;
  }

  Surveyed quota(String resource, String used, String hard) {
    quotas.add(
        Doc.of(
            "metadata",
            Doc.of("name", "small"),
            "status",
            Doc.of("used", Map.of(resource, used), "hard", Map.of(resource, hard))));
    return this;
  }

  Surveyed job(Doc job) {
    jobs.add(job);
    return this;
  }

  Surveyed live(String key, Doc object) {
    live.put(key, object);
    return this;
  }

  Surveyed refused(Doc template, String why) {
    refused.put(hash(template), why);
    return this;
  }

  Surveyed past(int revision, String replicaSet) {
    return past(revision, replicaSet, 0);
  }

  Surveyed past(int revision, String replicaSet, long built) {
    revisions.put(revision, new Survey.Past(replicaSet, false, "done", built));
    return this;
  }

  Surveyed schema(long head, long floor) {
    schema = new Schema(head, floor);
    return this;
  }

  /** A route of the Gateway API to these backends. */
  static Doc route(String name, Doc... backends) {
    return Doc.of(
        "metadata",
        Doc.of("name", name, "namespace", "web", "uid", "u-" + name, "generation", 1),
        "spec",
        Doc.of(
            "parentRefs",
            List.of(Doc.of("name", "gateway")),
            "rules",
            List.of(Doc.of("backendRefs", List.of((Object[]) backends)))));
  }

  static Doc backend(String service, int weight) {
    return Doc.of("name", service, "port", 80, "weight", weight);
  }

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

  static Doc manifest(String name, String image) {
    return Doc.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        Doc.of("name", name),
        "spec",
        Doc.of(
            "replicas", 3,
            "selector", Doc.of("matchLabels", SHOP),
            "template", template(image, SHOP)));
  }

  static Doc job(Map<String, String> labels) {
    return Doc.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Doc.of("name", "migrate"),
        "spec",
        Doc.of("template", template("flyway:11", labels)));
  }

  Survey survey() {
    return new Survey(
        "web",
        version,
        services.values().stream().map(Service::new).toList(),
        deployments.values().stream().map(Deployment::new).toList(),
        sets.values().stream().map(ReplicaSet::new).toList(),
        pods.stream().map(Pod::new).toList(),
        autoscalers,
        scaledObjects,
        budgets,
        quotas,
        jobs.stream().map(Job::new).toList(),
        live,
        Optional.empty(),
        2,
        refused,
        revisions,
        schema,
        routes.map(one -> new Landscape("web", strategy.service(), one)),
        given);
  }

  /** Those of the known ones that could tell the versions apart. */
  List<MetricNames> usable(List<MetricNames> known) {
    return MetricRules.usable(strategy, survey(), known);
  }

  Prepared prepare() {
    return Preflight.prepare(strategy, survey(), Optional.empty());
  }

  /** Why it may not begin. */
  String refusal() {
    return String.valueOf(catchThrowableOfType(RefusedError.class, this::prepare).getMessage());
  }

  Deployment deployment(String name) {
    return survey().deployment(name).orElseThrow();
  }
}
