package rollout.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import rollout.plan.Access;
import rollout.plan.Feature;

/**
 * The program under exactly the published Roles, on a real API server; it needs no node. A request
 * that is forbidden is a right that is missing, a rule that no story needs is one too many.
 */
@Order(1) // waits most of its time, beside what does not
@Execution(ExecutionMode.CONCURRENT)
class RightsRealTests extends UnderTheRoles {
  private static final String SCALER =
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: shop}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
        minReplicas: 2
        maxReplicas: 4
      """;

  private static final String MIGRATING =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      migration: {job: {file: %s-job.yaml}, compatibility: {freshPod: false, watchStable: 1s}}
      """;

  private static final String GATEWAY =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: none}
      spec: {gatewayClassName: none, listeners: [{name: http, port: 80, protocol: HTTP}]}
      """;

  private static final String ACCEPTED =
      """
      {"status": {"parents": [{"controllerName": "example.com/none", "parentRef": {"name": "none"},
        "conditions": [
          {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "",
           "observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z"},
          {"type": "ResolvedRefs", "status": "True", "reason": "ResolvedRefs", "message": "",
           "observedGeneration": 1, "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]}}
      """;

  // A router may be up, whose entry point is one for all tests: no load asks for this host.
  /** A route to the Service of each name, for its router. */
  private static final Map<String, String> ROUTES =
      Map.of(
          "http",
          """
          apiVersion: gateway.networking.k8s.io/v1
          kind: HTTPRoute
          metadata: {name: %s}
          spec: {parentRefs: [{name: none}], rules: [{backendRefs: [{name: %s, port: 80}]}]}
          """,
          "grpc",
          """
          apiVersion: gateway.networking.k8s.io/v1
          kind: GRPCRoute
          metadata: {name: %s}
          spec: {parentRefs: [{name: none}], rules: [{backendRefs: [{name: %s, port: 80}]}]}
          """,
          "virtual",
          """
          apiVersion: networking.istio.io/v1
          kind: VirtualService
          metadata: {name: %1$s}
          spec: {hosts: [%1$s], http: [{route: [{destination: {host: %2$s}}]}]}
          """,
          "weighted",
          """
          apiVersion: traefik.io/v1alpha1
          kind: TraefikService
          metadata: {name: weighted-route}
          spec: {weighted: {services: [{name: %s, port: 80}]}}
          """,
          "matched",
          """
          apiVersion: traefik.io/v1alpha1
          kind: IngressRoute
          metadata: {name: %s}
          spec: {routes: [{kind: Rule, match: Host(`rights.example.com`), services: [{name: %s, port: 80}]}]}
          """,
          "nginx",
          """
          apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata: {name: %s}
          spec:
            ingressClassName: nginx
            rules:
            - host: rights.example.com
              http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: %s, port: {number: 80}}}}]}
          """);

  /** Those that their releases make themselves. */
  private static final Set<String> MADE = Set.of("virtual", "weighted", "matched");

  private static final String PRESET =
      """
      apiVersion: rollout/v1
      kind: BlueGreen
      target: {service: shop}
      migration: {preset: golang-migrate, image: "busybox:lab"}
      """;

  private String migration(String name, String command, String account) throws IOException {
    String never = "restartPolicy: Never";
    String own = never + "\n      serviceAccountName: " + account;
    file(name + "-job.yaml", job("migrate", command).replace(never, own));
    return file(name + ".yaml", MIGRATING.formatted(name));
  }

  @Test
  void releasesTakeWhatTheirRolesGrantAndNothingElse() throws IOException {
    try (Account person = Account.releasing(lab, Feature.RELEASE, Feature.AUTOSCALER)) {
      person.serve(shop(2));
      person.apply(SCALER);
      String smoke = file("smoke.yaml", job("smoke", "exit 0"));

      ends(
          release(
              person, "demo:v2", "-s", migration("good", "exit 0", "default"), "--smoke", smoke),
          0);
      // The account of this one comes late: only Events say so.
      Program failing = release(person, "demo:v3", "-s", migration("bad", "exit 1", "migrator"));
      person.await(new Access("list", "", "events"));
      person.kubectl("create", "serviceaccount", "migrator");
      ends(failing, 4);
      ends(person.rollout("rollback", "shop"), 0);

      ends(release(person, "demo:v3", "--hold", "--no-wait", "--preview", "shop-preview"), 8);
      Program watching = person.rollout("status", "shop", "--watch");
      Program resumed = person.rollout("resume", "shop");
      resumed.await("gate");
      resumed.signal("KILL");
      ends(resumed, 137);
      person.kubectl("delete", "configmap", "rollout-shop");
      ends(person.rollout("repair", "shop", "--force"), 0);
      ends(watching, 0, 4);
      ends(person.rollout("history", "shop"), 0);
      ends(person.rollout("migration", "status", "-s", file("preset.yaml", PRESET)), 0, 3, 9);

      // Repair looks for what was made for a router; whoever may not look has made none.
      assertThat(person.denied()).isSubsetOf(new Access("list", "networking.k8s.io", "ingresses"));
      assertThat(person.unused()).isEmpty();
    }
  }

  @Test
  void canariesTakeWhatTheRolesOfTheirRoutersGrantAndNothingElse() throws IOException {
    Feature[] roles = {
      Feature.RELEASE,
      Feature.GATEWAY_API,
      Feature.ISTIO,
      Feature.TRAEFIK,
      Feature.INGRESS_NGINX,
      Feature.ROUTE,
      Feature.GATEWAYS
    };
    String virtual = "virtualservices.networking.istio.io";
    assumeThat(lab.kubectl("get", "crd", virtual, "--ignore-not-found"))
        .withFailMessage(() -> Level4.skipped("no VirtualService on the server"))
        .isNotEmpty();
    try (Account person = Account.releasing(lab, roles)) {
      Map<String, Program> canaries = new HashMap<>();
      person.apply(GATEWAY);
      for (Map.Entry<String, String> route : ROUTES.entrySet()) {
        String name = route.getKey();
        person.apply(shop(1).replace("shop", name));
        if (!MADE.contains(name)) {
          person.apply(route.getValue().formatted(name, name));
        }
      }
      person.awaitServing();
      for (String name : List.of("http", "grpc")) {
        person.kubectl(
            "patch", name + "route", name, "--subresource=status", "--type=merge", "-p", ACCEPTED);
      }
      for (String name : ROUTES.keySet()) {
        List<String> words = new ArrayList<>(List.of("canary", name, "--image"));
        words.addAll(List.of(name + "=demo:v2", "--steps", "50@1s", "--bake", "0s"));
        words.addAll(List.of("--timeout", "30s"));
        if (MADE.contains(name)) {
          String file = file(name + ".yaml", ROUTES.get(name).formatted(name, name));
          words.addAll(List.of("--route", file));
        }
        canaries.put(name, person.rollout(words.toArray(String[]::new)));
      }
      // No controller reads these, so their releases would wait for one, forward and back.
      for (String name : List.of("http", "grpc")) {
        person.await(new Access("watch", "gateway.networking.k8s.io", name + "routes"));
        canaries.remove(name).signal("KILL");
        // Another one of theirs is only tried: nobody would accept it.
        String other = file(name + ".yaml", ROUTES.get(name).formatted("other", name + "-more"));
        person.serve(shop(1).replace("shop", name + "-more"));
        String[] plan = {
          "plan",
          "canary",
          name + "-more",
          "--image",
          name + "-more=demo:v2",
          "--steps",
          "50@1s",
          "--route",
          other
        };
        ends(person.rollout(plan), 0);
      }
      // These tell nothing, so a release believes its write when it has waited long enough.
      canaries.values().forEach(one -> ends(one, 0));

      assertThat(person.denied()).isEmpty();
      assertThat(person.unused()).isSubsetOf(Feature.RELEASE.accesses());
    }
  }

  @Test
  void callerTakesWhatItsRoleGrantsAndNothingElse() throws IOException {
    try (Account caller = Account.calling(lab)) {
      caller.serve(shop(1));
      Access reads = new Access("get", "", "pods/log");
      String smoke = file("smoke.yaml", job("smoke", "exit 0"));
      Program follows = inCluster(caller, "shop", "default", "--smoke", smoke);
      caller.await(reads);
      follows.signal("INT");
      ends(follows, 0, 130);
      ends(inCluster(caller, "other", "nobody"), 3);

      String[] held = {
        "bluegreen", "shop", "--image", "shop=demo:v2", "--bake", "0s", "--hold", "--no-wait"
      };
      ends(caller.administrator(held), 8);
      ends(caller.rollout("status", "shop"), 8);
      Program watching = caller.rollout("status", "shop", "--watch");
      caller.await(new Access("watch", "discovery.k8s.io", "endpointslices"));
      ends(caller.administrator("rollback", "shop"), 0);
      // The status between the write of whoever rolls back and its Lease is one of nobody driving.
      ends(watching, 4, 5);

      assertThat(caller.denied()).isEmpty();
      assertThat(caller.unused()).isEmpty();
    }
  }

  private static Program inCluster(Account caller, String service, String account, String... more) {
    List<String> words =
        new ArrayList<>(List.of("bluegreen", service, "--image", "shop=demo:v2", "--in-cluster"));
    words.addAll(List.of("--no-guard", "--job-image", "demo:v1", "--service-account", account));
    words.addAll(List.of(more));
    return caller.rollout(words.toArray(String[]::new));
  }

  @Test
  void missingRightsArePrintedAsARoleThatGrantsThem() throws IOException {
    try (Account person = Account.releasing(lab, Feature.RELEASE)) {
      person.serve(shop(1));
      ends(person.rollout("check", "--rbac", "shop"), 0);
      person.apply(SCALER);
      Program.Ended missing = person.inWords("check", "--rbac", "shop").end();
      assertThat(missing.exitCode()).isEqualTo(3);
      person.apply(String.join("\n", missing.out()));
      ends(person.rollout("check", "--rbac", "shop"), 0);
    }
  }
}
