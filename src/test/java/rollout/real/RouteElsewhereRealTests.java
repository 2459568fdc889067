package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import rollout.document.Doc;

/** A canary by a route that others keep in a namespace of theirs. */
@ExtendWith(CanaryRealTests.NeedsRouter.class)
class RouteElsewhereRealTests extends OnTheShop {
  private static final String ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: entry, annotations: {example.com/owner: ada}}
      spec:
        parentRefs: [{name: lab, namespace: default}]
        hostnames: [HOST]
        rules: [{backendRefs: [{name: shop, namespace: SHOP, port: 80}]}]
      """;

  private static final String GRANT =
      """
      apiVersion: gateway.networking.k8s.io/v1beta1
      kind: ReferenceGrant
      metadata: {name: edge}
      spec:
        from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: EDGE}]
        to: [{group: "", kind: Service}]
      """;

  private String edge() {
    return shop.namespace() + "-edge";
  }

  @AfterEach
  void deleteEdge() {
    if (shop != null) {
      shop.lab().tryKubectl("delete", "namespace", edge(), "--wait=false");
    }
  }

  @Test
  void routeOfAnotherNamespaceIsSteeredWhenItIsNamed() {
    String host = shop.namespace() + ".example.com";
    shop.lab().kubectl("create", "namespace", edge());
    shop.lab().apply(shop.namespace(), GRANT.replace("EDGE", edge()));
    shop.lab().apply(edge(), ROUTE.replace("HOST", host).replace("SHOP", shop.namespace()));
    Load load = shop.load(new Load.Entry(CanaryRealTests.ROUTER, host, Load.RATE));
    Doc before = shop.lab().get(edge(), "httproute", "entry");

    String[] steered = {"--steps", "50@3s", "--bake", "1s", "--route-name", edge() + "/entry"};
    Program.Ended ended = shop.canary("demo:v2", steered).end(Duration.ofMinutes(4));

    assertEnded(ended, 0, "done");
    assertThat(assertNoneFailed(load).versions()).containsExactly("v1", "v2");
    assertThat(ended.events("write"))
        .extracting(event -> event.textOrEmpty("object"))
        .contains("HTTPRoute " + edge() + "/entry");
    Doc after = shop.lab().get(edge(), "httproute", "entry");
    assertThat(after.doc("spec")).isEqualTo(before.doc("spec"));
    assertThat(after.texts("metadata", "annotations"))
        .isEqualTo(before.texts("metadata", "annotations"));
    assertShopRuns("demo:v2");
  }
}
