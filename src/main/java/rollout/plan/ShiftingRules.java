package rollout.plan;

import java.util.List;
import java.util.Optional;
import rollout.document.Doc;
import rollout.document.Patch;
import rollout.model.Deployment;
import rollout.model.Match;
import rollout.model.Pod;
import rollout.model.Ref;
import rollout.model.Selector;
import rollout.model.Service;
import rollout.plan.Release.Shifting;
import rollout.plan.Release.Steered;
import rollout.router.Choice;
import rollout.router.Found;
import rollout.router.Landscape;
import rollout.router.Route;
import rollout.router.Router;
import rollout.router.Routers;
import rollout.strategy.Canary;
import rollout.strategy.RouteFile;
import rollout.strategy.Strategy;

/**
 * Whether the share of the pods is the share of the requests, and near enough to what was asked
 * for.
 */
final class ShiftingRules {
  /** A step may send this much more or less than it says, in points. */
  private static final int NEAR = 10;

  private final Canary canary;
  private final Survey survey;
  private final Findings findings;

  ShiftingRules(Canary canary, Survey survey, Findings findings) {
    this.canary = canary;
    this.survey = survey;
    this.findings = findings;
  }

  /** How the traffic of a release moves; empty: all at once. */
  static Optional<Shifting> shifting(
      Strategy strategy,
      Survey survey,
      Findings findings,
      Deployment stable,
      List<Steered> services,
      Deployment candidate) {
    return strategy
        .canary()
        .map(
            canary -> {
              ShiftingRules rules = new ShiftingRules(canary, survey, findings);
              List<Route> routes = rules.routes();
              if (routes.isEmpty()) {
                rules.replicas(stable, services, candidate);
              }
              return new Shifting(canary.stages(), routes, canary.match(), rules.made());
            });
  }

  /** The routes to steer; none: by replicas, or there is a reason against it. */
  private List<Route> routes() {
    if (survey.landscape().isEmpty()) {
      return List.of();
    }
    Landscape landscape = survey.landscape().get();
    if (given().filter(ref -> !isTaken(ref, landscape)).isPresent()) {
      return List.of();
    }
    List<String> names = GivenRoute.names(canary, survey.namespace());
    return switch (Routers.choose(canary.router(), names, landscape)) {
      case Choice.None(List<String> warnings) -> {
        warnings.forEach(findings::warn);
        findings.warn(
            "no route sends to the Service, so the share is that of the pods (--router replicas)");
        yield List.of();
      }
      case Choice.Refused(var problems) -> {
        problems.forEach(one -> findings.refuse(one.wrong(), one.right()));
        yield List.of();
      }
      case Choice.Steered(Router router, List<Route> found, List<String> warnings) -> {
        warnings.forEach(findings::warn);
        String beside = Made.copyName(survey.landscape().get().service(), survey.nextRevision());
        List<Route> routes = found.stream().map(route -> route.to(beside)).toList();
        routes.forEach(this::numbers);
        canary.match().ifPresent(match -> routes.forEach(route -> matches(router, route, match)));
        yield routes;
      }
    };
  }

  /** The route of the user's file, there or not. */
  private Optional<Ref> given() {
    return canary.route().map(file -> GivenRoute.ref(file, survey.namespace()));
  }

  /** The same, where there is none of its name. */
  private Optional<Ref> made() {
    return given()
        .filter(
            ref ->
                survey
                    .landscape()
                    .flatMap(landscape -> GivenRoute.in(landscape, ref))
                    .filter(doc -> !GivenRoute.isThere(doc))
                    .isPresent());
  }

  /** Whether its router takes it; one that is there is used as it stands. */
  private boolean isTaken(Ref given, Landscape landscape) {
    Doc object = GivenRoute.in(landscape, given).orElseThrow();
    RouteFile file = canary.route().orElseThrow();
    Router router = Routers.of(given.kind()).orElseThrow();
    boolean there = GivenRoute.isThere(object);
    boolean taken =
        router.find(landscape).stream()
            .map(Found::route)
            .anyMatch(
                route ->
                    route.kind().equals(given.kind())
                        && router.original(route).equals(given.name()));
    if (taken && there && !isAsInFile(object)) {
      findings.warn(
          given
              + " is there already, and its spec is not that of "
              + file.place()
              + ": it is used as it stands, and not overwritten");
    } else if (!taken && there) {
      findings.refuse(
          given + " is there already, and sends nothing to Service " + landscape.service(),
          "Name the Service in it, or give the route of " + file.place() + " another name.");
    } else if (!taken) {
      findings.refuse(
          router.word() + " would not take " + given + " of " + file.place() + ": see its class",
          "Give it the class of a controller that is there.");
    }
    return taken;
  }

  private boolean isAsInFile(Doc live) {
    return survey
        .given()
        .filter(file -> file.doc("spec").canonical().equals(live.doc("spec").canonical()))
        .isPresent();
  }

  /** A place with a third Service keeps its sum, which may be too small for a step. */
  private void numbers(Route route) {
    List<Integer> percents = canary.weights().stream().map(Canary.Weight::percent).toList();
    List<Integer> cannot = route.cannotExpress(percents);
    if (!cannot.isEmpty()) {
      findings.refuse(
          route
              + ": beside its other Services, the weights of "
              + route.stable()
              + " are too small to tell "
              + String.join(", ", cannot.stream().map(one -> one + " %").toList()),
          "Multiply all of its weights by 100, which changes nothing.");
    }
  }

  private void matches(Router router, Route route, Match match) {
    Optional<Doc> live =
        survey.landscape().orElseThrow().of(route.kind()).stream()
            .filter(doc -> doc.textOrEmpty("metadata", "name").equals(router.original(route)))
            .filter(doc -> namespace(doc).equals(route.namespace()))
            .findFirst();
    boolean can =
        live.map(
                doc ->
                    router
                        .made(doc, route)
                        .map(made -> router.match(made, route, match))
                        .orElseGet(() -> router.match(attached(router, doc, route), route, match))
                        .isPresent())
            .orElse(false);
    if (!can) {
      findings.refuse(
          route + " cannot tell requests by " + match, "Leave --match out, or use a header.");
    }
  }

  private String namespace(Doc object) {
    return object.text("metadata", "namespace").orElse(survey.namespace());
  }

  private static Doc attached(Router router, Doc live, Route route) {
    try {
      return router.attach(live, route).apply(live);
    } catch (Patch.Refused e) {
      return live;
    }
  }

  /** A canary without routes. */
  void replicas(Deployment stable, List<Steered> services, Deployment candidate) {
    if (canary.match().isPresent()) {
      findings.refuse(
          "--match "
              + canary.match().get()
              + ": without a router nobody can tell the requests of chosen users",
          "Leave it out, or put a route in front of the Service.");
    }
    for (Steered steered : services) {
      survey.service(steered.name()).ifPresent(this::shares);
      strangers(steered, stable, candidate);
      if (!steered.both().selects(candidate.podLabels())) {
        findings.refuse(
            "the pods of "
                + candidate.name()
                + " don't carry the labels that Service "
                + steered.name()
                + " selects ("
                + steered.both()
                + "), so they cannot serve beside those of "
                + stable.name(),
            "Give its template these labels, or use rollout bluegreen, or a router.");
      }
    }
    survey.scalers().stream()
        .filter(one -> one.scales(stable.name()) || one.scales(candidate.name()))
        .findFirst()
        .ifPresent(
            one ->
                findings.refuse(
                    one.kind()
                        + " "
                        + one.name()
                        + " changes the number of pods, and with it the share of the requests",
                    "Use rollout bluegreen, or a router."));
    sizes(stable);
  }

  /** What bends the share of the pods. */
  private void shares(Service service) {
    Doc spec = service.doc().doc("spec");
    String name = "Service " + service.name();
    String topology =
        service
            .doc()
            .texts("metadata", "annotations")
            .getOrDefault("service.kubernetes.io/topology-mode", "");
    String traffic = spec.textOrEmpty("trafficDistribution");
    if (!traffic.isEmpty() || !topology.isEmpty()) {
      bent(
          name
              + " prefers near pods ("
              + (traffic.isEmpty() ? "topology-mode " + topology : "trafficDistribution " + traffic)
              + ")");
    }
    for (String field : List.of("internalTrafficPolicy", "externalTrafficPolicy")) {
      if (spec.textOrEmpty(field).equals("Local")) {
        bent(name + " keeps requests on their node (" + field + ": Local)");
      }
    }
    if (spec.textOrEmpty("sessionAffinity").equals("ClientIP")) {
      bent(name + " keeps clients on their pods (sessionAffinity: ClientIP)");
    }
    if (spec.isTrue("publishNotReadyAddresses")) {
      bent(name + " sends to pods that are not ready (publishNotReadyAddresses)");
    }
    if (spec.textOrEmpty("clusterIP").equals("None")) {
      findings.warn(
          name
              + " is headless: which pods its clients take is their own choice, so the share may be"
              + " another");
    }
  }

  private void bent(String why) {
    findings.refuse(
        why + ", so the share of the pods is not that of the requests",
        "Use rollout bluegreen, or a router.");
  }

  /** Pods of others that only the track label keeps out. */
  private void strangers(Steered steered, Deployment stable, Deployment candidate) {
    Selector both = steered.both();
    List<String> own =
        java.util.stream.Stream.of(stable, candidate)
            .flatMap(one -> survey.podsOf(one).stream())
            .map(Pod::uid)
            .toList();
    survey.pods().stream()
        .filter(pod -> both.selects(pod.labels()) && !steered.original().selects(pod.labels()))
        .filter(pod -> !own.contains(pod.uid()))
        .findFirst()
        .ifPresent(
            pod ->
                findings.refuse(
                    "pod "
                        + pod.name()
                        + " would get requests of "
                        + steered.name()
                        + " while both versions serve: it carries "
                        + both,
                    "Give it other labels."));
  }

  private void sizes(Deployment stable) {
    int pods = Math.max(1, stable.replicas());
    for (Canary.Weight weight : canary.weights()) {
      int candidate = Shares.beside(pods, weight.percent());
      int effective = Shares.percent(pods, candidate);
      int most = Math.min(canary.maxEffective().orElse(100), weight.percent() + NEAR);
      boolean over = canary.maxEffective().filter(max -> effective > max).isPresent();
      if (over || Math.abs(effective - weight.percent()) > NEAR) {
        int enough = Shares.fewestFor(most);
        findings.refuse(
            "step "
                + weight.percent()
                + " %: beside "
                + pods
                + " pods of "
                + stable.name()
                + ", "
                + candidate
                + " of the candidate would get "
                + effective
                + " % of the requests"
                + (over ? ", over --max-effective-weight " + canary.maxEffective().get() : ""),
            "With "
                + enough
                + " pods of "
                + stable.name()
                + " one would be "
                + Shares.percent(enough, 1)
                + " %. Scale it up, ask for a larger step, or use a router.");
      }
    }
  }

  /** The most pods that the candidate has at any time. */
  static int most(Optional<Canary> canary, int stable) {
    return canary.stream()
        .filter(one -> one.router().equals(Canary.REPLICAS))
        .flatMap(one -> one.weights().stream())
        .mapToInt(weight -> Shares.beside(Math.max(1, stable), weight.percent()))
        .reduce(Math.max(1, stable), Math::max);
  }
}
