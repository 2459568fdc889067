package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;

/** A canary that makes the route of its user, with users of it as soon as it is there. */
@ExtendWith(CanaryRealTests.NeedsRouter.class)
class RouteOfAFileRealTests extends OnTheShop {
  private static final String HTTP_ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: shop, annotations: {example.com/owner: ada}}
      spec:
        parentRefs: [{name: lab, namespace: default}]
        hostnames: [HOST]
        rules: [{backendRefs: [{name: shop, port: 80}]}]
      """;

  @Test
  void routeOfAFileIsMadeAndStays() {
    String host = shop.namespace() + ".example.com";
    String route = HTTP_ROUTE.replace("HOST", host);
    String unknown = route.replace("rules: [{", "rules: [{retires: 3, ");
    Program.Ended refused = canary(shop.file("unknown.yaml", unknown).toString()).end();
    assertThat(refused.exitCode()).as(refused.transcript()).isEqualTo(3);
    assertThat(refused.transcript())
        .contains("the cluster would refuse HTTPRoute shop")
        .contains("unknown field")
        .contains("retires");

    Program releasing = canary(shop.file("route.yaml", route).toString());
    // Traefik has acted on the route when the candidate's pods are ready.
    releasing.await(
        "ready pods",
        event ->
            event.textOrEmpty("type").equals("step-done")
                && event.textOrEmpty("step").equals("start"));
    Load load = shop.load(new Load.Entry(CanaryRealTests.ROUTER, host, Load.RATE));
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

  private Program canary(String route) {
    List<String> words = new ArrayList<>(List.of("--steps", "50@3s", "--bake", "1s"));
    words.addAll(List.of("--route", route));
    return shop.canary("demo:v2", words.toArray(String[]::new));
  }
}
