package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import rollout.document.Doc;

/**
 * Canaries under load, by a real router (Traefik, in the lab) and by the pods alone: no request may
 * fail, and each share is what was asked for.
 */
@ExtendWith(CanaryRealTests.NeedsRouter.class)
class CanaryRealTests extends OnTheShop {
  private static final String ROUTER = "198.18.0.1:8000";

  /** Traefik acts at most this long after a write, and a tenth of a second may hold both. */
  private static final Duration SETTLED = Duration.ofSeconds(3);

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

  private Optional<String> route = Optional.empty();

  private void route(String kind, String manifest) {
    shop.lab().apply(shop.namespace(), manifest);
    route = Optional.of(kind);
  }

  /** The router's entry point is one for all tests. */
  @AfterEach
  void noRouteIsLeft() {
    route.ifPresent(kind -> shop.kubectl("delete", kind, "shop"));
  }

  private Doc spec(String kind) {
    return shop.lab().get(shop.namespace(), kind, "shop").doc("spec");
  }

  private static final String HTTP_ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: shop, annotations: {example.com/owner: ada}}
      spec:
        parentRefs: [{name: lab, namespace: default}]
        rules: [{backendRefs: [{name: shop, port: 80}]}]
      """;

  private static final String INGRESS_ROUTE =
      """
      apiVersion: traefik.io/v1alpha1
      kind: IngressRoute
      metadata: {name: shop, annotations: {example.com/owner: ada}}
      spec:
        routes: [{kind: Rule, match: PathPrefix(`/`), services: [{name: shop, port: 80}]}]
      """;

  @Test
  void sharesByAnHttpRouteAreWhatWasAskedFor() {
    route("httproute", HTTP_ROUTE);
    Doc before = spec("httproute");
    Load load = shop.loadThrough(ROUTER);
    Program.Ended ended =
        shop.canary("demo:v2", "--steps", "5@8s,25@8s,50@8s", "--bake", "5s")
            .end(Duration.ofMinutes(4));
    assertEnded(ended, 0, "done");
    LoadReport report = assertNoneFailed(load);
    for (int percent : new int[] {5, 25, 50}) {
      double share = share(report, ended, percent);
      System.out.printf("HTTPRoute: %d %% asked for, %.1f %% answered by v2%n", percent, share);
      assertThat(share).isCloseTo(percent, within(2.0));
    }
    assertThat(spec("httproute")).isEqualTo(before);
    assertShopRuns("demo:v2");
  }

  /** Of the answers while the share was watched. */
  private static double share(LoadReport report, Program.Ended ended, int percent) {
    Instant from = time(ended, "step-started", "watch-" + percent).plus(SETTLED);
    Instant to = time(ended, "step-done", "watch-" + percent);
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

  private static Instant time(Program.Ended ended, String type, String step) {
    return ended.events(type).stream()
        .filter(event -> event.textOrEmpty("step").equals(step))
        .map(event -> Instant.parse(event.textOrEmpty("time")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(type + " " + step + ":\n" + ended.transcript()));
  }

  @Test
  void badVersionGoesBackFromItsShareOfAnIngressRoute() {
    route("ingressroute", INGRESS_ROUTE);
    Doc before = spec("ingressroute");
    Load load = shop.loadThrough(ROUTER);
    Program.Ended ended =
        shop.canary("shop:500", "--steps", "25@60s,50@10s", "--router", "traefik").end();
    assertEnded(ended, 4, "rolled-back");
    times(ended);
    assertNoneFailedBesides(load, "v500");
    assertThat(spec("ingressroute")).isEqualTo(before);
    assertShopRuns("demo:v1");
  }

  @Test
  void routeOfAFileIsMadeAndStays() {
    String[] steps = {"--steps", "50@3s", "--bake", "1s", "--route"};
    String unknown = HTTP_ROUTE.replace("rules: [{", "rules: [{retires: 3, ");
    Program.Ended refused =
        canary("demo:v2", shop.file("unknown.yaml", unknown).toString(), steps).end();
    assertThat(refused.exitCode()).as(refused.transcript()).isEqualTo(3);
    assertThat(refused.transcript())
        .contains("the cluster would refuse HTTPRoute shop")
        .contains("unknown field")
        .contains("retires");

    route = Optional.of("httproute");
    String file = shop.file("route.yaml", HTTP_ROUTE).toString();
    Program releasing = canary("demo:v2", file, steps);
    // Traefik has acted on the route when the candidate's pods are ready.
    releasing.await(
        "ready pods",
        event ->
            event.textOrEmpty("type").equals("step-done")
                && event.textOrEmpty("step").equals("start"));
    Load load = shop.loadThrough(ROUTER);
    assertEnded(releasing.end(Duration.ofMinutes(4)), 0, "done");
    assertNoneFailed(load);
    Doc there = shop.lab().get(shop.namespace(), "httproute", "shop");
    assertThat(there.texts("metadata", "annotations"))
        .containsOnly(entry("example.com/owner", "ada"));
    assertThat(there.docs("spec", "rules").getFirst().docs("backendRefs"))
        .extracting(one -> one.textOrEmpty("name") + " " + one.number(-1, "weight"))
        .containsExactly("shop 1");
    assertShopRuns("demo:v2");
  }

  private Program canary(String image, String route, String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    words.add(route);
    return shop.canary(image, words.toArray(String[]::new));
  }

  @Test
  void sharesByThePodsAlone() {
    Load load = shop.load();
    Program.Ended ended =
        shop.canary("demo:v2", "--router", "replicas", "--steps", "25@10s,50@10s", "--bake", "5s")
            .end();
    assertEnded(ended, 0, "done");
    assertNoneFailed(load);
    assertThat(ended.events("traffic"))
        .extracting(event -> event.number(-1, "effective"))
        .startsWith(25L, 50L, 100L);
    assertShopRuns("demo:v2");
  }
}
