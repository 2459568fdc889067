package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import rollout.document.Doc;

/**
 * Canaries under load, forward and back, by each kind of object of a real router (Traefik, in the
 * lab) and by the pods alone, all at once, since most of their time is waiting. No request may fail
 * that would not have failed through weights that nobody touches, and each share is what was asked
 * for.
 */
@ExtendWith({CanaryRealTests.NeedsRouter.class, RealParts.class})
@Order(1) // one of the longest: the others fill the gaps
class CanaryRealTests {
  static final String ROUTER = "198.18.0.1:8000";
  private static final String BAD = "v500";

  /** Requests a second of each load: there are six of them. */
  private static final int RATE = 60;

  /** Traefik acts two seconds after a write at most, and later on a busy machine. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /** The lab's router is one part more. */
  static final class NeedsRouter implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        FullLab lab = FullLab.find();
        Command.Output up =
            Command.run(
                Command.USUAL,
                "",
                List.of(lab.script().resolveSibling("router/router").toString(), "status"));
        return up.exitCode() == 0
            ? ConditionEvaluationResult.enabled("the router is up")
            : ConditionEvaluationResult.disabled(Level4.skipped("the lab's router is not up"));
      } catch (FullLab.MissingException e) {
        return ConditionEvaluationResult.disabled(Level4.skipped(e.getMessage()));
      }
    }
  }

  /** What divides the requests; a route of each kind has a host of its own. */
  private enum Way {
    HTTP_ROUTE(
        "httproute",
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: shop, annotations: {example.com/owner: ada}}
        spec:
          parentRefs: [{name: lab, namespace: default}]
          hostnames: [HOST]
          rules: [{backendRefs: [{name: shop, port: 80}]}]
        """),
    TRAEFIK_SERVICE(
        "traefikservice",
        """
        apiVersion: traefik.io/v1alpha1
        kind: TraefikService
        metadata: {name: shop, annotations: {example.com/owner: ada}}
        spec: {weighted: {services: [{name: shop, port: 80}]}}
        ---
        """
            + ingressRoute("[{kind: TraefikService, name: shop}]")),
    INGRESS_ROUTE("ingressroute", ingressRoute("[{name: shop, port: 80}]")),
    INGRESS(
        "ingress",
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop, annotations: {example.com/owner: ada}}
        spec:
          ingressClassName: nginx
          rules:
          - host: HOST
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}
        """),
    REPLICAS("service", "");

    private final String kind;
    private final String manifest;

    Way(String kind, String manifest) {
      this.kind = kind;
      this.manifest = manifest;
    }

    /** Three pods and one more are a quarter, and no number of them is a twentieth. */
    String steps() {
      return this == REPLICAS ? "25@10s,50@10s" : "5@12s,25@12s,50@12s";
    }
  }

  private static String ingressRoute(String services) {
    return """
    apiVersion: traefik.io/v1alpha1
    kind: IngressRoute
    metadata: {name: shop, annotations: {example.com/owner: ada}}
    spec: {routes: [{kind: Rule, match: Host(`HOST`), services: %s}]}
    """
        .formatted(services);
  }

  private static String host(Shop shop) {
    return shop.namespace() + ".example.com";
  }

  private static Load.Entry entry(Shop shop) {
    return new Load.Entry(ROUTER, host(shop), RATE);
  }

  private static void route(Shop shop, String manifest) {
    shop.lab().apply(shop.namespace(), manifest.replace("HOST", host(shop)));
  }

  /** A good version that gets all, and then a bad one that goes back from its first share. */
  private static final class Canary extends OnTheShop {
    private final Way way;

    Canary(Way way) {
      this.way = way;
    }

    /** Many shops, one node: they ask for less than one alone does. */
    Canary in(Parts real) {
      open(real, way.name(), manifest -> manifest.replace("cpu: 50m", "cpu: 20m"));
      return this;
    }

    LoadReport run() {
      try {
        Load load = users();
        Doc before = object();
        good(load);
        assertAsBefore(before, "demo:v2");
        bad();
        assertAsBefore(before, "demo:v2");
        return end(load);
      } finally {
        close();
      }
    }

    private Load users() {
      if (way == Way.REPLICAS) {
        String address = shop.service().textOrEmpty("spec", "clusterIP") + ":80";
        return shop.load(new Load.Entry(address, host(shop), RATE));
      }
      route(shop, way.manifest);
      return shop.load(entry(shop));
    }

    private Doc object() {
      return shop.lab().get(shop.namespace(), way.kind, "shop");
    }

    private void good(Load load) {
      Program.Ended ended = canary("demo:v2", way.steps(), "--bake", "5s");
      assertEnded(ended, 0, "done");
      if (way == Way.REPLICAS) {
        assertThat(ended.events("traffic"))
            .extracting(event -> event.number(-1, "effective"))
            .startsWith(25L, 50L, 100L);
        return;
      }
      for (int percent : new int[] {5, 25, 50}) {
        Instant from = time(ended, "step-started", "watch-" + percent).plus(SETTLED);
        double share = share(load.report(), from, time(ended, "step-done", "watch-" + percent));
        System.out.printf("%s: %d %% asked for, %.1f %% answered by v2%n", way, percent, share);
        assertThat(share).as(way + " at " + percent + " %").isCloseTo(percent, within(2.0));
      }
    }

    private void bad() {
      Program.Ended ended = canary("shop:500", "25@60s,50@10s");
      assertEnded(ended, 4, "rolled-back");
      times(ended);
    }

    private Program.Ended canary(String image, String steps, String... more) {
      List<String> words = new ArrayList<>(List.of(more));
      words.addAll(List.of("--steps", steps, "--timeout", "90s", "--settle-timeout", "120s"));
      if (way == Way.REPLICAS) {
        words.addAll(List.of("--router", "replicas"));
      }
      return shop.canary(image, words.toArray(String[]::new)).end(PATIENCE);
    }

    private void assertAsBefore(Doc before, String image) {
      Doc now = object();
      assertThat(now.doc("spec")).isEqualTo(before.doc("spec"));
      assertThat(now.texts("metadata", "annotations"))
          .isEqualTo(before.texts("metadata", "annotations"));
      assertThat(shop.kubectl("get", "ingresses", "-o", "name").lines().count())
          .isEqualTo(way == Way.INGRESS ? 1 : 0);
      assertShopRuns(image);
    }
  }

  private static Instant time(Program.Ended ended, String type, String step) {
    return ended.events(type).stream()
        .filter(event -> event.textOrEmpty("step").equals(step))
        .map(event -> Instant.parse(event.textOrEmpty("time")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " " + step + ":\n" + ended.transcript()));
  }

  /** Of the answers in between, those of version 2, in percent. */
  private static double share(LoadReport report, Instant from, Instant to) {
    double candidate = 0;
    double all = 0;
    for (LoadReport.Answers tenth : report.answers()) {
      if (tenth.at().isAfter(from) && tenth.at().isBefore(to)) {
        candidate += tenth.count("v2");
        all += tenth.count("v1") + tenth.count("v2");
      }
    }
    return 100 * candidate / all;
  }

  /** Users of two versions at 95 and 5 that stay so. */
  private static Load fixedWeights(Shop shop) {
    String other =
        Resources.text("shop.yaml")
            .replace("name: shop, labels", "name: other, labels")
            .replace("app: shop", "app: other")
            .replace("demo:v1", "demo:v2");
    shop.lab().apply(shop.namespace(), other);
    shop.kubectl("rollout", "status", "deploy/other", "--timeout=60s");
    route(shop, ingressRoute("[{name: shop, port: 80}]"));
    Load load = shop.load(entry(shop));
    route(
        shop,
        ingressRoute("[{name: shop, port: 80, weight: 95}, {name: other, port: 80, weight: 5}]"));
    return load;
  }

  @Test
  void everyRouterGivesTheSharesThatWereAskedForAndLosesNothingForwardAndBack(Parts parts)
      throws InterruptedException {
    try (Shop untouched = Shop.unscraped(parts, "CanaryRealTests.untouched");
        ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor()) {
      Load load = fixedWeights(untouched);
      Instant from = Instant.now().plus(SETTLED);
      Map<Way, Future<LoadReport>> runs = new EnumMap<>(Way.class);
      for (Way way : Way.values()) {
        Canary canary = new Canary(way).in(parts);
        runs.put(way, atOnce.submit(canary::run));
      }
      SoftAssertions all = new SoftAssertions();
      Map<Way, LoadReport> reports = new EnumMap<>(Way.class);
      for (Map.Entry<Way, Future<LoadReport>> run : runs.entrySet()) {
        try {
          reports.put(run.getKey(), run.getValue().get());
        } catch (ExecutionException e) {
          all.fail(run.getKey() + ": " + e.getCause(), e.getCause());
        }
      }
      all.check(() -> assertNoMoreFailed(reports, load.end(), from));
      all.assertAll();
    }
  }

  /** A request may have failed when others did that nobody's release touched. */
  private static void assertNoMoreFailed(
      Map<Way, LoadReport> reports, LoadReport fixed, Instant from) {
    System.out.printf(
        "untouched: 5 %% asked for, %.1f %% answered by v2; %s%n",
        share(fixed, from, Instant.now()), fixed.line());
    assertThat(reports)
        .allSatisfy(
            (way, report) ->
                assertThat(fixed.unexplained(report.failuresBesides(BAD)))
                    .as(report.line())
                    .isEmpty());
  }
}
